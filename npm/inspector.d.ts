/**
 * `<session-inspector>`: what a session does, for those who develop a storefront. Importing this defines the element; on a server it
 * does nothing. Nothing else of the package loads it: leave it out of what visitors get.
 *
 * ```ts
 * import "storefront-session/inspector";
 *
 * const inspector = document.createElement("session-inspector");
 * inspector.session = session;
 * document.body.append(inspector);
 * ```
 *
 * It makes no request and shows no token, but the `sessionId` and the company's id. The attribute `view` shows one half alone
 * (`"panel"` or `"timeline"`), `theme` chooses `"light"` or `"dark"` (by default as the system has it). Styled from outside by
 * `::part(requests)` and `::part(events)`, and like any element. Its colours need Chrome 123, Firefox 120 or Safari 17.5.
 * @module
 */

import type { SessionManager, SessionSnapshot } from "./index.js";

/** Who a snapshot speaks of. */
export interface Described {
  /** Such as `"Guest"`, or a company's name. */
  readonly label: string;
  readonly detail: string;
  /** Of the colour, in degrees and 0 to 0.4, as `oklch()` has them. */
  readonly hue: number;
  readonly chroma: number;
}

/** Names and colours of those who a session may be. */
export class Who {
  /** The person's name; the session does not know it. */
  person?: string;
  /** What companies are called; without it their ids are shown. */
  learn(companies: Iterable<{ readonly id: string; readonly name?: string }>): void;
  /** The company's name, or its id. */
  company(id: string): string;
  of(snapshot: SessionSnapshot): Described;
}

/** A request, as {@link RequestLog} knows it. */
export interface LoggedRequest {
  /** What tells it from the others. */
  readonly key: string;
  /** When it was answered, on the clock of `performance.now()`. */
  readonly at: number;
  /** Of the address, without a query. */
  readonly path: string;
  readonly method?: string;
  /** The HTTP status, where it is known. */
  readonly status?: number;
  /** Whether an answer came. */
  readonly delivered?: boolean;
  /** Such as `"anonymous"`, `"customer"` or `"none"`. */
  readonly bearer?: string;
  readonly legalEntityId?: string;
  /** Whether this tab sent it. */
  readonly mine: boolean;
  /** Whether it is of a time before the timeline begins. */
  readonly earlier: boolean;
}

/** Knows the requests, and fires `change` when there are others. */
export interface RequestLog extends EventTarget {
  readonly entries: readonly LoggedRequest[];
}

/** How long tokens live, in seconds. */
export interface Lifetimes {
  readonly anonymousExpiresIn?: number;
  readonly anonymousRefreshExpiresIn?: number;
  readonly customerExpiresIn?: number;
  readonly customerRefreshExpiresIn?: number;
}

/** The element `<session-inspector>`. */
export class SessionInspector extends HTMLElement {
  /** What is shown. It listens as long as it is in the document. */
  session: SessionManager | undefined;
  /** Default: one of its own, which knows no names. */
  who: Who;
  /** The wall clock that the session was opened with. Default: `Date.now`. */
  now: () => number;
  /** Where these are known, so is when tokens are renewed. */
  lifetimes: Lifetimes;
  /** Default: the browser's own account of what this tab has asked the platform. */
  requests: RequestLog | undefined;
  /** Draws anew, where `who` has learned something. */
  draw(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "session-inspector": SessionInspector;
  }
}
