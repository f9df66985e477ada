/**
 * The session context, upon which prices depend: functions over a session.
 *
 * They are rejected with a `SessionError`: `invalid_argument` before any request (`field` names what is wrong), else by the
 * platform's answer: 400 `invalid_argument`, or `conflict` where it says "version outdated", 401 `invalid_credentials`, 403 `forbidden`,
 * 404 `invalid_state`, 409 and 412 `conflict`, 429 `rate_limited`, all else `server`; `protocol` where the document that it answers has
 * no version.
 *
 * Source: the session context service's specification.
 * @module
 */
import type { SessionContext, SessionManager } from "./index.js";

/** The session's document. */
export interface ContextDocument extends SessionContext {
  readonly sessionId: string;
  /** Of a customer only. */
  readonly customerId?: string;
  readonly cartId?: string;
  /** Attributes, and the company of the token as `legalEntityId`. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly version: number; readonly [field: string]: unknown };
}

/** `GET /session-context/{tenant}/me/context`; undefined where the platform makes the document with the first cart and there was none. */
export function context(session: SessionManager): Promise<ContextDocument | undefined>;

/** What {@link updateContext} has changed. */
export interface ContextChange {
  readonly sessionId: string;
  /** The document's, after the change. */
  readonly version: number;
  /** Whether prices must be read anew: another currency, site or country. */
  readonly pricesChanged: boolean;
  /** Whether the cart must be looked for anew: another currency or site. A cart belongs to both. */
  readonly cartChanged: boolean;
}

/**
 * Changes what is named: reads the document for its version, then `PATCH /session-context/{tenant}/me/context`. A version that somebody
 * else has overtaken is read again and tried once more; overtaken twice is `conflict`, and nothing was changed. `attributes` are
 * added to those that are there. Without a document (before the first cart, see {@link context}) it is `invalid_state`:
 * give `context` to `SessionManager.open`, or open a cart first.
 */
export function updateContext(
  session: SessionManager,
  changes: SessionContext & { attributes?: Record<string, string | object> },
): Promise<ContextChange>;
