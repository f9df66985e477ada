/**
 * Vue 3. A composable that opens the session where it is mounted, and gives it to the components below.
 * @module
 */
import type { ComputedRef } from "vue";
import type { LegalEntity, SessionError, SessionManager, SessionOptions, SessionSnapshot } from "./index.js";

export interface UseSession {
  /** Undefined on a server, while the page hydrates, and until it is open. */
  readonly session: ComputedRef<SessionManager | undefined>;
  /** Who the visitor is, and what is `busy`; until the session is open, and after it was closed, what was given as `serverSnapshot`. */
  readonly snapshot: ComputedRef<SessionSnapshot | undefined>;
  /** Why the session could not be opened. */
  readonly error: ComputedRef<SessionError | undefined>;
  /** The customer's companies, asked for when this is first read while a customer is signed in. */
  readonly legalEntities: ComputedRef<LegalEntity[] | undefined>;
}

/**
 * With options: opens a session when the component is mounted, provides it to the components below, and closes it with the
 * component (or effect scope). With a session, or the promise of one, the same, except that whoever has opened it closes it.
 * Nothing is opened on a server: there `snapshot` is `serverSnapshot`.
 */
export function useSession(
  source: SessionOptions | SessionManager | PromiseLike<SessionManager>,
  serverSnapshot?: SessionSnapshot,
): UseSession;

/** The session of the nearest component above that has called this with options; throws where there is none. */
export function useSession(): UseSession;
