/// <reference lib="esnext.disposable" />
/**
 * The local stand-in for the Emporix platform, for tests of a storefront. For Node.js only. Its data (tenants, customers,
 * products) and its rules are described in the repository's sandbox/README.md.
 *
 * ```ts
 * const sandbox = await startSandbox();
 * const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: sandbox.url, fetch: sandbox.fetch });
 * ```
 */

export interface SandboxOptions {
  /** The port on 127.0.0.1, from 0 to 65535. A free one when it is left out, or 0. */
  port?: number;
}

/**
 * Starts a sandbox of its own: several in one process share nothing. It keeps the process alive until it is stopped.
 *
 * Rejects with a `TypeError` that names an option that is none or has no such value, and with an `Error` that names the port, with
 * the `code` of Node's own (`EADDRINUSE`), where it cannot be had.
 */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

/**
 * One sandbox. Every function is bound. Calls that the sandbox refuses reject with a `TypeError` whose message names the call
 * and what is wrong; all but `stop` reject once it is stopped.
 */
export interface Sandbox {
  /** Where it answers over HTTP, without a slash at the end: `http://127.0.0.1:8787`. Any origin may call it (CORS). */
  readonly url: string;

  /**
   * The same answers without a connection. Takes what the global `fetch` takes; an address may be relative to `url`, and no other
   * origin is answered for (`TypeError`). A redirection is followed as `fetch` follows it. It rejects as `fetch` does: with the
   * signal's reason, or with `TypeError: fetch failed` where an answer is lost by a fault or by `stop`.
   */
  readonly fetch: typeof globalThis.fetch;

  /** Everything as at start: data, profile, clock, no faults, an empty log. Held answers are let go; tokens from before are unknown. */
  reset(): Promise<void>;

  /** Which reading of the documentation is in force. */
  profile(): Promise<SandboxProfile>;
  /** Replaces some of the readings, all or none, and resolves to all. */
  profile(patch: Partial<SandboxProfile>): Promise<SandboxProfile>;

  /** Moves the platform's clock on, by a number of seconds that is not negative; `now` is its time, in ms since 1970. */
  clock(seconds: number): Promise<{ now: number }>;

  /** The orders that are left. */
  faults(): Promise<SandboxFault[]>;
  /** Adds orders behind those that are left, all or none; an empty list forgets them all. Resolves to what is left. */
  faults(orders: readonly SandboxFault[]): Promise<SandboxFault[]>;

  /** Lets all held answers go, and tells how many. */
  release(): Promise<{ released: number }>;

  /** Ends tokens before their time, and tells how many. A session that there is not is an error. */
  revoke(order: SandboxRevocation): Promise<{ revoked: number }>;

  /** The API calls in order, the last 100,000; control calls are not among them. */
  requests(): Promise<SandboxRequest[]>;
  /** Forgets the calls so far; the numbers go on. */
  forgetRequests(): Promise<void>;

  /** The platform's truth at this moment. */
  state(): Promise<SandboxState>;

  /** Ends it: connections are closed, answers that wait are lost. May be called again. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Seconds. A positive number is true. `0`, a negative number, `null` (no field) and a text are said literally, while the token
 * lives as by default.
 */
export type SandboxLifetime = number | string | null;

/** The readings, with their defaults in brackets. */
export interface SandboxProfile {
  /** The guest's access token [3600]. */
  anonymousExpiresIn: SandboxLifetime;
  /** The guest's refresh token [86400]. */
  anonymousRefreshExpiresIn: SandboxLifetime;
  /** The customer's access token [2592000]. */
  customerExpiresIn: SandboxLifetime;
  /** The customer's refresh token [86400]. */
  customerRefreshExpiresIn: SandboxLifetime;
  /** The saas token, by its `exp` alone [14400]. */
  saasExpiresIn: SandboxLifetime;
  /** The times in a saas token: its issue and its end, or its end alone [iat-exp]. */
  saasClaims: "iat-exp" | "exp";
  /** A refresh token works once; old ones keep working; the same one comes back [strict]. */
  rotation: "strict" | "lenient" | "same";
  /** What the use of a spent refresh token does: it is refused, or also ends all tokens of the same login [reject]. */
  reuse: "reject" | "revoke-session";
  /** Whether a refresh starts the refresh token's life again [reset]. */
  refreshLifetime: "reset" | "countdown";
  /** What becomes of the access tokens before a refresh [lives]. */
  oldAccessAfterRefresh: "lives" | "dies";
  /** Whose bearer `refreshauthtoken` takes [anonymous]. */
  refreshBearer: "anonymous" | "customer" | "either";
  /** What a refresh does whose bearer belongs to another session [keeps]. */
  foreignBearerSession: "keeps" | "adopts" | "refused";
  /** What a refresh without `legalEntityId` does to the company [clears]. */
  omittedLegalEntity: "clears" | "keeps";
  /** The status for a company that is not assigned [400]. */
  legalEntityRefusal: 400 | 401 | 403;
  /** Whether a refused company uses the refresh token up [spares]. */
  refusedSwitch: "spares" | "spends";
  /** What becomes of the guest's tokens at a login [lives]. */
  guestAfterLogin: "lives" | "dies";
  /** The named access token, or all tokens of that login and the guest's [access]. */
  logoutKills: "access" | "session";
  /** How token answers write their fields [both]. */
  fieldStyle: "both" | "snake" | "camel";
  /** How token answers write seconds [number]. */
  expiresInType: "number" | "string";
  /** When a session's context document comes into being [at-login]. */
  contextDocument: "at-login" | "at-cart";
  /** Whether a foreign origin may read `Retry-After` [true]. */
  exposeRetryAfter: boolean;
  /** Whether answers from 400 on carry CORS headers [true]. */
  corsOnErrors: boolean;
}

/** Whose token a request carries. */
export type SandboxBearer = "none" | "anonymous" | "customer" | "service" | "unknown";

/** The next `times` requests that match go wrong in this way. */
export interface SandboxFault {
  /** The path without the query, or the beginning of one, ending in `*`. */
  path: string;
  /** The method; any when it is left out. */
  method?: string;
  /** The kind of bearer; any when it is left out. */
  bearer?: SandboxBearer;
  /** For how many requests; 1 when it is left out. */
  times?: number;
  /**
   * `status`: the gateway answers so, no work is done. `drop`: the connection breaks before the work; `lost-answer`: after it.
   * `delay`: the work is done at once, the answer comes `delayMs` later, by the machine's clock. `hold`: it waits for `release`.
   * `garbage`: something in between answers, a captive portal's HTML unless `body` says otherwise; no work is done.
   */
  kind: "status" | "drop" | "lost-answer" | "delay" | "hold" | "garbage";
  /** For `status` 400 to 599, needed; for `garbage` 200 to 599, 200 when it is left out. */
  status?: number;
  /** For `status`: the `Retry-After` header, in seconds or as any text, such as a date. */
  retryAfter?: number | string;
  /** For `garbage`. */
  body?: string;
  /** For `delay`, needed: milliseconds. */
  delayMs?: number;
}

/** Whose tokens end: access tokens, refresh tokens, or both; of the guest, of the customer, or of both. */
export interface SandboxRevocation {
  kind: "access" | "refresh" | "session";
  identity?: "guest" | "customer";
  sessionId: string;
}

/** One API call. Tokens are told by fingerprints: equal ones can be told, and none can be read. */
export interface SandboxRequest {
  /** Counts the calls since the start or the last reset, from 1. */
  seq: number;
  /** The platform's time, in ms since 1970. */
  at: number;
  /** `OPTIONS` marks a preflight. */
  method: string;
  /** Without the query. */
  path: string;
  /** `null` when the request was dropped. */
  status: number | null;
  bearer: SandboxBearer;
  bearerStatus: "live" | "expired" | "spent" | "revoked" | null;
  /** The fingerprint of the bearer. */
  token: string | null;
  /** The fingerprint of the refresh token in the query. */
  refreshToken: string | null;
  /** Of the token that was issued, else of the bearer. */
  sessionId: string | null;
  /** Of the token that was issued, else of the bearer. */
  legalEntityId: string | null;
  origin: string | null;
  /** Whether the answer went out: not for `drop`, `lost-answer` and what is still held. */
  delivered: boolean;
}

/** One live token, by its fingerprint; times in ms since 1970. */
export interface SandboxToken {
  token: string;
  legalEntityId: string | null;
  expiresAt: number;
}

/** One guest or one login of a customer. */
export interface SandboxIdentity {
  customerNumber: string | null;
  email: string | null;
  /** Of the newest access token. */
  legalEntityId: string | null;
  /** The live access tokens, oldest first. */
  access: SandboxToken[];
  /** The live refresh tokens, oldest first. */
  refresh: SandboxToken[];
}

/** What the platform knows. */
export interface SandboxState {
  /** The platform's time, in ms since 1970. */
  now: number;
  sessions: { sessionId: string; guest: SandboxIdentity | null; customers: SandboxIdentity[] }[];
  carts: {
    id: string;
    siteCode: string;
    legalEntityId: string | null;
    customerNumber: string | null;
    sessionId: string | null;
    status: "OPEN" | "CLOSED";
    orderId: string | null;
    items: { productId: string; quantity: number }[];
  }[];
  /** The session context documents that are there. */
  contexts: {
    sessionId: string;
    customerNumber: string | null;
    legalEntityId: string | null;
    siteCode: string;
    currency: string | null;
    targetLocation: string | null;
    language: string | null;
    cartId: string | null;
    attributes: Record<string, unknown>;
    version: number;
  }[];
  /** Oldest first. */
  orders: {
    id: string;
    cartId: string;
    customerNumber: string | null;
    sessionId: string | null;
    legalEntityId: string | null;
    siteCode: string;
    totalPrice: number;
  }[];
  /** In order, with their tokens in plain text: nobody else would read them. */
  mails: { to: string; kind: "opt-in" | "password-reset" | "email-change"; token: string; spent: boolean }[];
}
