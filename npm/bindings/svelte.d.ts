/**
 * Svelte 5. One object that is a store (`$store`) and, for runes, has a reactive `current`.
 * @module
 */
import type { SessionError, SessionManager, SessionOptions, SessionSnapshot } from "./index.js";

/** A session as a component sees it: the same frozen object until something changes. */
export interface SessionState {
  /** Undefined on a server, while the page hydrates, and until it is open. */
  readonly session: SessionManager | undefined;
  /** Who the visitor is, and what is `busy`; until the session is open, and after it was closed, what was given as `serverSnapshot`. */
  readonly snapshot: SessionSnapshot | undefined;
  /** Why the session could not be opened. */
  readonly error: SessionError | undefined;
}

export interface SessionStore {
  /** Svelte's store contract: `run` is called at once, and after each change; returns the function that ends it. */
  subscribe(run: (state: SessionState) => void): () => void;
  /** The same for runes: read in a template, `$derived` or `$effect` it is reactive. */
  readonly current: SessionState;
}

/**
 * Opens a session for as long as somebody in a page subscribes or reads `current` reactively, and closes it after the last. With a
 * session, or the promise of one, the same, except that whoever has opened it closes it. Nothing is opened on a server: there
 * `snapshot` is `serverSnapshot`.
 */
export function sessionStore(
  source: SessionOptions | SessionManager | PromiseLike<SessionManager>,
  serverSnapshot?: SessionSnapshot,
): SessionStore;
