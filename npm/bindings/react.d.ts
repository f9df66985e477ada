/**
 * React 18 and 19. A provider opens the session in the browser, and the hooks show it.
 * @module
 */
import type { ReactElement, ReactNode } from "react";
import type { LegalEntity, SessionError, SessionManager, SessionOptions, SessionSnapshot } from "./index.js";

/** A session as a component sees it: the same frozen object until something changes. */
export interface SessionState {
  /** Undefined on a server, while the page hydrates, and until it is open. */
  readonly session: SessionManager | undefined;
  /** Who the visitor is, and what is `busy`; until the session is open, the provider's `serverSnapshot`. */
  readonly snapshot: SessionSnapshot | undefined;
  /** Why the session could not be opened. */
  readonly error: SessionError | undefined;
}

/**
 * Options, a promise and `serverSnapshot` are read once, when the provider is mounted; give it another `key` to begin with something else.
 * Another `session` is shown in the place of the former, as is one that comes later; without any nothing is opened.
 */
export interface SessionProviderProps {
  /** Opens a session of the provider's own once it is mounted in a page, and closes it when it is unmounted or hidden (`<Activity>`). */
  options?: SessionOptions;
  /** A session, or the promise of one, instead: whoever has opened it closes it. */
  session?: SessionManager | PromiseLike<SessionManager>;
  /** What the server knows of the visitor: what is rendered there and while the page hydrates. */
  serverSnapshot?: SessionSnapshot;
  children?: ReactNode;
}

export function SessionProvider(props: SessionProviderProps): ReactElement;

/** The session of the provider above; throws where there is none. */
export function useSession(): SessionState;

/**
 * The customer's companies, asked for once however many components use this; undefined for a guest and until they are there.
 * After an error they are asked for again when the session changes or another component begins to use this.
 */
export function useLegalEntities(): { readonly legalEntities?: LegalEntity[]; readonly error?: SessionError };

/**
 * A key for TanStack Query: `["storefront-session", identity, ...key]`. What was fetched for one visitor or company is never shown
 * to another. `identity` is undefined until the session is open; let the query wait for `session` then (`enabled`).
 */
export function useSessionQueryKey<Key extends readonly unknown[]>(...key: Key): ["storefront-session", string | undefined, ...Key];
