/// <reference lib="esnext.disposable" />
/**
 * Storefront session for the Emporix commerce engine: who the visitor is, and a token that works.
 *
 * ```ts
 * import { SessionManager } from "storefront-session";
 * const session = await SessionManager.open({ tenant: "acme", clientId: "storefront" });
 * const products = await session.fetch("/product/acme/products");
 * ```
 *
 * One `sessionId` goes through anonymous token, login, refresh and company switch, so that the guest's cart is still
 * there after login. Every method rejects with a {@link SessionError}; every promise settles.
 * @module
 */

/**
 * Where the session continues after a reload. An adapter's functions may be synchronous or return promises; `getItem` gives the very
 * text that was set (with unstorage: `getItemRaw` and `setItemRaw`, as `getItem` parses it). One that does not answer for two seconds
 * is not asked again until it has: meanwhile the session lives in memory.
 */
export interface StorageAdapter {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

/** Written to the platform's session context when the guest's first token is asked for; prices depend on it. */
export interface SessionContext {
  /** Three-letter currency code, such as `"EUR"`. */
  currency?: string;
  /** The site, such as `"main"`. */
  siteCode?: string;
  /** Language code, such as `"en"`. */
  language?: string;
  /** Two-letter country code the goods go to, such as `"DE"`. */
  targetLocation?: string;
}

/** What {@link SessionManager.open} takes. */
export interface SessionOptions {
  /** The Emporix tenant: 3 to 16 characters, lower-case letters and digits, beginning with a letter. */
  tenant: string;
  /** The client id of the tenant's Storefront API credentials. It is no secret. */
  clientId: string;
  /**
   * The platform's address: http or https, without credentials, query and fragment. Default: `"https://api.emporix.io"`. A session
   * of one address is never used for another; `https://API.emporix.io:443/` is the same address in another spelling.
   */
  apiUrl?: string | URL;
  /** Sent with the first anonymous login. */
  context?: SessionContext;
  /**
   * Default: `"local"`, which all tabs share. `"session"` is one tab's, `"memory"` one page's. On a server the first two are
   * `"memory"`, whatever globals are there: what a process stores is not one visitor's.
   * In a worker, which has neither, they are `"memory"` as well, and told as not durable.
   */
  storage?: "local" | "session" | "memory" | StorageAdapter;
  /** When a call is rejected with `timeout`, in milliseconds. Default: 15000. The token request itself goes on, and its answer is kept. */
  timeoutMs?: number;
  /** The wall clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /**
   * What sends the requests, called as `fetch` is: for the token's own requests with one `Request`, for those of
   * {@link SessionManager.fetch} with an address or `Request` and an `init`. Default: the global `fetch`, looked up at each request.
   */
  fetch?: typeof globalThis.fetch;
  /**
   * Merges the guest's cart into the customer's at login, with the carts service's own calls: `GET carts` as the guest, which costs
   * one request before the login, then `GET carts` and `POST carts/{id}/merge` as the customer. Default: false. What fails blocks
   * no login: the guest's cart stays in {@link SessionSnapshot.cartId}, and is merged at the next company switch. A company and a
   * site have carts of their own, so each switch finds the cart anew; the site is `context.siteCode`, or what a `PATCH` of the
   * session's context through {@link SessionManager.fetch} has made it since in this page, which is asked for (one request) when
   * the cart is looked for next; `storefront-session/server` asks for it each time.
   */
  mergeCart?: boolean;
  /**
   * Which company a customer begins with, chosen at login from those assigned to him (one request, and one for the switch).
   * Default: `"none"`: B2C, and no request more.
   * - `"restore"`: the one chosen last on this computer, where it is still assigned; it outlives a logout as a keyed hash, under a
   *   key of its own, so that no id stays behind. Otherwise as `"only"`. On a server it is the one that this visitor has chosen
   *   last, where he has an adapter or goes on with one instance; from `storefront-session/server` it is as `"only"`
   * - `"only"`: the only one, where there is one
   *
   * Where there are several and none is chosen, or they could not be had, {@link SessionSnapshot.needsLegalEntity} is true and an
   * event `company`, `needed` tells so. None of it blocks the login.
   */
  company?: "restore" | "only" | "none";
  /**
   * For development: tells each decision of the session (why a renewal was made, who held the lock, what was adopted, what was
   * refused), and what is commonly done wrong, in one line each. True: on the console; a function: to that. Each operation becomes
   * a `performance.measure` named `storefront-session:…`. No line holds a token, an e-mail address, or a `sessionId` or company id
   * in full. Loads a file of its own; where the same options are open already, theirs stays in force. Default: false.
   */
  debug?: boolean | ((line: DebugLine) => void);
  /**
   * The WebAssembly, where the default does not suit: its address, its answer, its bytes, or the compiled module (an object of
   * no type that every host knows). By default a page takes the file beside this module, and the bytes from a script where that
   * is not to be had; `storefront-session/inline`, Node.js, and what is loaded by `require` have the bytes in a script, Workers
   * and edge functions the module from their bundler.
   */
  wasm?: string | URL | Request | Response | ArrayBuffer | ArrayBufferView | object;
}

/**
 * What {@link SessionOptions.debug} tells. `String(line)` is the whole in one line. The words are for people and change with any version.
 */
export interface DebugLine {
  /** The device's time, in milliseconds since 1970. */
  readonly at: number;
  /**
   * - `call`: a method of the session has ended, and how
   * - `request`, `answer`: what the session asks of the platform, why, and what came; and a 401 to the application's own request
   * - `lock`: how it was had, and from whom
   * - `record`: what was stored, what another tab or host has stored and is adopted, what was discarded
   * - `event`: as the listeners of {@link SessionManager.subscribe} are told
   * - `timer`: when the session looks again by itself
   * - `visit`: on a server, whose session a request has, and what is read with the shared guest's token
   * - `warning`: what is commonly done wrong
   */
  readonly kind: "call" | "request" | "answer" | "lock" | "record" | "event" | "timer" | "visit" | "warning";
  readonly text: string;
  /** On a server, whose line it is: the first digits of the hash that the session is stored under, or `"shared"`. */
  readonly visitor?: string;
  /** How long it has taken, in milliseconds. */
  readonly ms?: number;
  toString(): string;
}

/** Who the visitor is, without any secret. The same frozen object until something changes. */
export interface SessionSnapshot {
  /** `"anonymous"`: a guest, with or without a token yet. `"customer"`: signed in. */
  readonly kind: "anonymous" | "customer";
  /** An opaque cache key: it changes exactly when {@link SessionManager.signal} fires. */
  readonly identity: string;
  /** The platform's session, to which the cart is tied; undefined until the first token. */
  readonly sessionId?: string;
  /** The chosen company; undefined for B2C. */
  readonly legalEntityId?: string;
  /**
   * With `mergeCart`: the visitor's cart, where it is known. After a login whose merge has failed it is the guest's, until that is
   * merged; undefined where there is none, and after a company or site switch until it is found.
   */
  readonly cartId?: string;
  /** Whether the customer is still to choose a company, see {@link SessionOptions.company}. */
  readonly needsLegalEntity: boolean;
  /** Whether somebody else has set the customer's password, who is to change it. It stays true until a login says otherwise. */
  readonly needsPasswordChange: boolean;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt?: number;
  /** When the saas token ends, in milliseconds since 1970; undefined without one or when it does not say. */
  readonly saasExpiresAt?: number;
  /** Whether the tokens can be renewed. False: the session lasts until {@link SessionSnapshot.expiresAt} and no longer. */
  readonly renewable: boolean;
  /** Whether the session is stored. False: it lives in this page's memory, because storage is full, blocked or not ours. */
  readonly durable: boolean;
  /**
   * What is under way that a person waits for, from the turn in which the method is called until its promise settles: `"login"`
   * (`login`, `adopt`), `"switching"` (`switchLegalEntity`) or `"logout"`. Of several it is the one that was called last. Absent
   * otherwise. It is this instance's alone: never stored, and no other tab is told.
   */
  readonly busy?: "login" | "switching" | "logout";
}

/**
 * What happened.
 * - `started`: a guest got a token, and with it a `sessionId`
 * - `renewed`: new tokens, the same identity; also when the platform returned another `sessionId` (compare `previous`), or
 *   refused a refresh token while the access token goes on (`renewable` is false then)
 * - `login`, `switched`, `logout`, `expired`: the identity or the company changed; `signal` has fired
 *   (several that a tab has missed are told as one: `login` where a customer is there who was not, `logout` where he is not any more)
 * - `revocation`: the platform's part of a logout has ended, see {@link SessionEvent.remote}
 * - `cart`: with `mergeCart`, the visitor's cart is another, or not known any more
 * - `company`: `needsLegalEntity` has changed, while the identity has not
 * - `storage`: the session began or ceased to be stored, or a stored record was given up; `reason` says why
 * - `saas`: the customer's saas token has ended, in each tab; the session goes on. Only a login brings another
 * - `busy`: {@link SessionSnapshot.busy} has changed, or another call that it names has begun or ended
 * - `initial`: nothing; it is what a listener is told at first who asks for that, with `snapshot` as it is by then, which is `previous` too
 */
export type SessionEventType =
  | "started" | "renewed" | "login" | "switched" | "logout" | "expired" | "revocation" | "cart" | "company" | "storage" | "saas"
  | "busy" | "initial";

/**
 * Why it happened.
 * - `requested`: a method of this object asked for it, as for `busy` and `initial`
 * - `needed`: somebody needed a token and there was none, or it had expired
 * - `due`: renewed ahead of its end
 * - `refused`: the platform refused the token
 * - `merged`, `merge_failed`: on `cart`: what was in the guest's cart is in the customer's; it could not be merged, and stays
 * - `found`: on `cart`: the platform knows this one
 * - `corrupt`, `newer_schema`, `foreign_api`: the stored record could not be read, is of a later version of this module, or of another apiUrl
 * - `unavailable`, `full`, `cleared`, `restored`: storage cannot be used, has no room, was cleared by somebody, works again
 * - `expired`: its time is over (`saas`)
 */
export type SessionEventReason =
  | "requested" | "needed" | "due" | "refused" | "merged" | "merge_failed" | "found"
  | "corrupt" | "newer_schema" | "foreign_api" | "unavailable" | "full" | "cleared" | "restored" | "expired";

/** Given to the listeners of {@link SessionManager.subscribe} and {@link SessionManager.on}, after the snapshot has been replaced. */
export interface SessionEvent<Type extends SessionEventType = SessionEventType> {
  readonly type: Type;
  readonly reason: SessionEventReason;
  /** Whether it was done here or in another tab. */
  readonly origin: "local" | "remote";
  readonly snapshot: SessionSnapshot;
  readonly previous: SessionSnapshot;
  /** On `revocation` only: whether the platform confirmed the logout. The session is gone from here either way. */
  readonly remote?: "done" | "unknown";
}

/** What {@link SessionManager.fetch} takes beside fetch's own members. */
export interface SessionRequestInit extends RequestInit {
  /**
   * True: the header `saas-token` goes along with the token, as in {@link SessionManager.checkoutHeaders}: for checkout and
   * orders. A guest has none; for a customer whose saas token has ended the call is rejected with `login_required`. A redirect is an
   * error then, as with `redirect: "error"`, because `fetch` would take the saas token along to any origin.
   */
  saas?: boolean;
}

/**
 * What {@link SessionManager.adopt} takes. Lives are in seconds, from now. An answer of the platform's may be given as it is, in any
 * of its spellings (`access_token`, `refresh_token_expires_in`).
 */
export interface AdoptedTokens {
  /** The customer's access token. */
  accessToken: string;
  /** Without it the session lasts until the access token ends. */
  refreshToken?: string;
  /** Without it a checkout asks for a login. */
  saasToken?: string;
  expiresIn?: number;
  refreshExpiresIn?: number;
  /**
   * The company the tokens are for; where the platform is asked, its word counts. Where it names none and the option `company` is
   * used, this one is chosen, and no other.
   */
  legalEntityId?: string;
  /**
   * The platform's session they belong to; where the platform is asked, its word counts. Whoever is signed in and names
   * his own (`getSnapshot().sessionId`) keeps it: for tokens that were got with the bearer of another guest.
   */
  sessionId?: string;
  /**
   * False: the platform is not asked what they are. The platform's tokens are opaque, so that nothing of them is checked then: not
   * that they are good, nor whose they are, nor for which session and company. Only what says by itself that it is another
   * tenant's is refused (an answer's `scope`, a JWT's claims `scope` and `tenant`), as it is in any case. Default: true.
   */
  validate?: boolean;
}

/** The headers that {@link SessionManager.checkoutHeaders} gives: `Authorization`, and for a customer `saas-token`. */
export type CheckoutHeaders = { readonly Authorization: string } & Readonly<Record<string, string>>;

/** A company the customer may act for. */
export interface LegalEntity {
  readonly id: string;
  readonly name?: string;
  /** `"COMPANY"` or `"SUBSIDIARY"`, where the platform says it. */
  readonly type?: string;
  /** The roles of the groups that the platform names for the company (`customerGroups[].role`); often none. */
  readonly roles: readonly string[];
}

/** What the platform says of the customer's token (`validateauthtoken`). */
export interface TokenInfo {
  readonly scopes: readonly string[];
  readonly sessionId?: string;
  readonly email?: string;
  readonly legalEntityId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/**
 * - `invalid_argument`: bad input; `field` names it. No request was made, unless there is a `status`: the platform refused it then
 * - `invalid_state`: not possible now, such as a login while another customer is signed in
 * - `login_required`: for customers only, or a login is due for the checkout; `reason` says which. No request was made
 * - `invalid_credentials`: e-mail or password is wrong
 * - `network`, `timeout`, `rate_limited`, `server`: a passing fault; nothing is lost, try again. With `network` the `cause` says
 *   why, where it is known; where that is a bug in the option `fetch`, `retryable` is false
 * - `session_expired`: the customer's session has ended; what follows is a guest
 * - `legal_entity_refused`: the platform refused the company; the former one is in force
 * - `forbidden`: the platform refuses the call itself (403)
 * - `not_renewable`: the session can be renewed no more: it lasts until its token ends ({@link SessionSnapshot.expiresAt})
 * - `configuration`: the platform refuses the storefront itself: its tenant, its client id or its origin. `retryable` where it
 *   has served this visitor before
 * - `conflict`: what is to be made is there already, or has been changed by somebody else meanwhile
 * - `storage`: the store of a `SessionServer` failed or is silent; nothing is lost. In a page, or with an adapter, storage that fails is
 *   an event `storage`, and the session lives on in memory
 * - `protocol`: the platform's answer makes no sense
 * - `aborted`: the caller's signal, or the identity changed meanwhile
 * - `closed`: {@link SessionManager.close} was called
 * - `internal`: the module failed; the next call starts it again from storage. From `open`, with `retryable` false: the
 *   WebAssembly cannot be had here (missing, too old a browser, refused by a policy, or another file in its place), see `message`
 */
export type SessionErrorCode =
  | "invalid_argument" | "invalid_state" | "login_required" | "invalid_credentials" | "network" | "timeout"
  | "rate_limited" | "server" | "session_expired" | "legal_entity_refused" | "forbidden" | "not_renewable" | "configuration"
  | "conflict" | "storage" | "protocol" | "aborted" | "closed" | "internal";

/** The one error of this module. It never holds a token, a password or an e-mail address. */
export class SessionError extends Error {
  private constructor();
  readonly name: "SessionError";
  readonly code: SessionErrorCode;
  /** The argument that was wrong, such as `"tenant"` or `"context.currency"`. */
  readonly field?: string;
  /** The HTTP status, where the platform answered. */
  readonly status?: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds, where it is known. */
  readonly retryAfterMs?: number;
  /**
   * With `login_required`: `"guest"`, the visitor is not signed in; `"saas_expired"`, the customer is, and his saas token has
   * ended (or he never had one): the login of the same customer brings another, and all else stays.
   */
  readonly reason?: "guest" | "saas_expired";
  /**
   * With `network`: what the request failed with, a copy with `name`, `message`, `code` and `cause`, from which queries, quoted
   * texts, e-mail addresses and what looks like a token are removed. With `aborted`: the reason of the caller's signal.
   */
  readonly cause?: unknown;
}

/**
 * The session of one storefront. Every method is bound: `const { fetch } = session` works. So does every member through a
 * framework's proxy (Vue's `reactive`, an Immer draft).
 */
export class SessionManager {
  private constructor();

  /**
   * Restores what is stored. Makes no request to the platform. In a page whose localStorage holds a good token it resolves at
   * once, and `getSnapshot`, `accessToken`, `fetch`, `signal`, `subscribe`, `on` and `saasToken` work; the core (a chunk, and the
   * WebAssembly) is loaded when something must be decided, when another tab changes the identity, or when the page is at
   * rest. Should that fail, the call that needs it is rejected with `network`, retryable, or with `internal`, not retryable, where
   * something else came than the script; the next one loads it again. A `logout()` ends the session all the same.
   * Without a good token `open` waits for the core, and is rejected where it cannot be had. In one page
   * the same options give the same instance, counted: as many `close()` as `open()` end it. On a server and in a worker
   * each call gives an instance of its own. A bad option is `invalid_argument` before anything is loaded.
   *
   * Needs Chrome 100, Firefox 102, Safari 16 or Node.js 20; in an older one it is rejected with `internal`, or where a good token
   * is at hand the first call that needs the core.
   */
  static open(options: SessionOptions): Promise<SessionManager>;

  /** What the session was opened with; the package's other entries go by it. */
  readonly tenant: string;
  readonly clientId: string;
  /** In milliseconds. */
  readonly timeoutMs: number;

  /** Who the visitor is. Cheap; the second argument of React's `useSyncExternalStore`, which on a server wants a third. */
  readonly getSnapshot: () => SessionSnapshot;

  /**
   * Calls `listener` after each change, in a microtask; returns the function that ends it at once. All listeners hear in the same
   * order, also where one of them changes something. One that throws, or whose promise is rejected, harms nobody and is reported
   * (`reportError` in a page, else `console.error`). The first listener is told what happened while the session was opened,
   * with the snapshot of that moment in which it subscribes. With `initial` it is also told the present state, once, by an event
   * of that type.
   */
  readonly subscribe: (listener: (event: SessionEvent) => void, options?: { initial?: boolean }) => () => void;

  /**
   * The same for events of one type. `on("initial", listener)` tells the present state once, as `subscribe` does. An unknown type
   * is `invalid_argument` (`field` is `"type"`).
   */
  readonly on: <Type extends SessionEventType>(type: Type, listener: (event: SessionEvent<Type>) => void) => () => void;

  /** Fires when the identity or the company changes (login, logout, switch, expiry), never at a renewal. Read it anew afterwards. */
  readonly signal: AbortSignal;

  /** A valid access token for the current identity. Starts or renews the session when needed; otherwise no request. */
  readonly accessToken: (options?: { signal?: AbortSignal }) => Promise<string>;

  /**
   * Like `window.fetch`, with the token. A relative URL goes to `apiUrl`; the token goes to that origin only, and where
   * `apiUrl` has a path, to that path only. A 401 renews the token, whatever the body, and the request is made once more
   * where its body can be sent again; the 401 of a stream's comes back, and the next call has the new token. A token that was
   * renewed within the last ten seconds and is refused elsewhere too is not renewed again. An `Authorization` header of
   * your own switches all this off. What `init` holds beside fetch's own members is handed on. A read that another
   * identity overtakes is rejected with `aborted`; no answer to a customer comes from the browser's cache or goes there. The
   * request's own failures are fetch's errors, the token's are {@link SessionError}.
   */
  readonly fetch: (input: string | URL | Request, init?: SessionRequestInit) => Promise<Response>;

  /**
   * The headers of a checkout, both of one moment: `Authorization`, and for a customer `saas-token`. Renews when needed.
   * Rejected with `login_required` for a customer whose saas token has ended (`reason` is `"saas_expired"`), and with
   * `customer` for a guest (`"guest"`), without any request.
   */
  readonly checkoutHeaders: (options?: { customer?: boolean }) => Promise<CheckoutHeaders>;

  /**
   * Signs a customer in. The guest's session goes on as the customer's. A wrong password costs one request.
   *
   * While a customer is signed in, the same one signs in again: for the saas token, which a renewal does not bring. `sessionId`,
   * `identity` and company stay; the new tokens count once the company is restored in them, and until then, and when that
   * fails, the former stay in force. The login of another customer is `invalid_state`; so is every login where neither the stored session
   * nor the platform tells the e-mail address of who is signed in: log out first then.
   */
  readonly login: (credentials: { email: string; password: string }) => Promise<SessionSnapshot>;

  /**
   * Signs a customer in with tokens that were got somewhere else: by single sign-on, an opt-in, an assisted sale, a punch-out.
   * The platform is asked once what they are, unless `validate` is false; what it says of session, company and life counts.
   * Refused (`invalid_credentials`), or when the platform cannot be asked, the former identity stays in force. A `sessionId`
   * that is told wins, and the event `login` has both; else ours stays. While a customer is signed in, the same one signs in
   * again with them, as with {@link SessionManager.login}; whose they are is asked for in any case, and another's are
   * `invalid_state`, as are those of which the platform tells no e-mail address. The options `mergeCart` and `company` hold as at a
   * login; a guest's cart of another session than that of the tokens cannot be merged.
   */
  readonly adopt: (tokens: AdoptedTokens | { access_token: string; [field: string]: unknown }) => Promise<SessionSnapshot>;

  /**
   * Takes over the session that the official dashboard hands over in an address (`customerToken`, `customerTokenExpiresIn`,
   * `refreshToken`, `refreshTokenExpiresIn`, `saasToken`), always validated, and gives the address without these five. Without
   * `customerToken` nothing happens. Call it on the route of the hand-over only, and show whose session it is: whoever makes
   * somebody open such an address signs him in as somebody else.
   */
  readonly adoptFromUrl: (url: string | URL) => Promise<string>;

  /** Renews the tokens now: same identity, same company. */
  readonly refresh: () => Promise<SessionSnapshot>;

  /**
   * Chooses the company the customer acts for; `null` returns to B2C. Refused, the former one stays in force. With `verify` the
   * platform is asked (`validateauthtoken`, one request more) whom the new token speaks for before anybody has it: where that is
   * not the chosen company, or is not told, `legal_entity_refused`. Where the check is not answered the former company stays.
   */
  readonly switchLegalEntity: (id: string | null, options?: { verify?: boolean }) => Promise<SessionSnapshot>;

  /**
   * The customer's companies (`GET customer-management/{tenant}/legal-entities`): all of them; or a page, where `page` (1 is the
   * first, and the default) or `pageSize` (the platform's default is 16) is given. What was read is kept for as long as the identity
   * is the same. Where the token lacks the scope for that the profile is read, which names companies without type and roles.
   */
  readonly legalEntities: (paging?: { page?: number; pageSize?: number }) => Promise<LegalEntity[]>;

  /** Asks the platform about the customer's token; {@link SessionManager.hasScope} knows the scopes afterwards. */
  readonly validate: () => Promise<TokenInfo>;

  /** Whether the token has the scope; undefined until `validate()` under this identity. `…_read` and `…_view` are one. */
  readonly hasScope: (scope: string) => boolean | undefined;

  /** The customer's saas token, which checkout wants; undefined for a guest and once it has expired. */
  readonly saasToken: () => string | undefined;

  /** Ends the session in all tabs, the guest's too, whatever the platform says. */
  readonly logout: () => Promise<void>;

  /**
   * Lets go of this instance; what is stored stays. Calls under way are rejected with `closed`. An instance that is not closed
   * is held as long as the page or process lives, though nobody has it any more.
   */
  readonly close: () => void;

  /** The same as {@link SessionManager.close}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Loads the core before it is needed: for pages that know that they will sign somebody in. Never throws; a failure shows when
 * the core is needed.
 */
export function preload(): void;
