/**
 * Sessions of a shop that is rendered on servers: a cookie names them, a store that all hosts share holds them, and no token
 * leaves the server.
 *
 * ```ts
 * import { SessionServer } from "storefront-session/server";
 * const sessions = new SessionServer({ tenant: "acme", clientId: "storefront" });
 *
 * const visitor = await sessions.visit(request.headers.get("cookie"));
 * const products = await visitor.session.fetch("/product/acme/products");
 * if (visitor.setCookie) response.headers.append("set-cookie", visitor.setCookie);
 * ```
 * @module
 */
import type { DebugLine, SessionManager, SessionOptions, SessionSnapshot } from "./index.js";

export { SessionError } from "./index.js";
export type * from "./index.js";

/** A lease on a key, as {@link SharedStore.lock} gives it. */
export interface Lease {
  /** Begins the lease anew, for as long as it was asked for. False: it has run out, or somebody else has it. */
  extend(): Promise<boolean>;
  /** Gives it back. One that is not given back runs out. */
  release(): Promise<void>;
}

/**
 * Where sessions are kept, for all hosts of a shop. It must be linearizable for each key: what was written is what everybody
 * reads from then on. A method that rejects, or does not answer in time, makes calls fail with the code `storage`, and nobody
 * is logged out by it.
 */
export interface SharedStore {
  /** The value; undefined where there is none, or its time is over. */
  get(key: string): Promise<string | undefined>;
  /**
   * Stores the value for that many milliseconds, and says whether it did. It does not, and changes nothing, where
   * - the stored revision is not `expect`: a value begins with its revision, a decimal number, and a colon. `expect` is undefined
   *   where no value must be stored;
   * - `lease` is not in force any more; without one, where somebody has one. A store may know of itself which lease its
   *   caller was given last for that key.
   *
   * `isVital`: the value holds new tokens, and what it replaces is spent. A store that knows different degrees of safety gives
   * it the highest.
   */
  set(key: string, value: string, options: { ttlMs: number; expect: number | undefined; lease?: Lease; isVital?: boolean }): Promise<boolean>;
  /** A lease on the key for that many milliseconds; undefined while somebody has one. */
  lock(key: string, options: { leaseMs: number }): Promise<Lease | undefined>;
  /** Removes the value, whatever its revision. */
  delete(key: string): Promise<unknown>;
}

/** A {@link SharedStore} in this process' memory: the default, for one process. `now` is the clock by which values end. */
export function memoryStore(options?: { now?: () => number }): SharedStore;

/** How the cookie is set. */
export interface CookieOptions {
  /** Default: `"__Host-storefront-session"`, and without the prefix where `secure` is false. */
  name?: string;
  /** Default: true. False is for development without https. */
  secure?: boolean;
  /** Default: `"Lax"`. */
  sameSite?: "Lax" | "Strict" | "None";
  /** In seconds. Default: 400 days, the longest that browsers keep one; the session itself ends with its tokens. */
  maxAge?: number;
}

/** What {@link SessionServer} takes: the options of `SessionManager.open` but for `storage`, and these. */
export interface SessionServerOptions extends Omit<SessionOptions, "storage" | "debug"> {
  /**
   * Tells each decision of this host (whose session a request has, why a renewal was made, who held the lease, what was adopted,
   * what was read with the shared guest's token, which name was replaced) in one line: true on the console, a function is given
   * each. No line holds a token, a cookie's value, an e-mail address, or a `sessionId` or company id in full. Default: false.
   */
  debug?: boolean | ((line: DebugLine) => void);
  /** Default: {@link memoryStore}, for one process. */
  store?: SharedStore;
  cookie?: CookieOptions;
  /**
   * Encrypts what is stored, with AES-256-GCM: 32 bytes, or their Base64 text. Of a list the first encrypts and all decrypt, so
   * that a key can be replaced.
   */
  encryptionKey?: string | Uint8Array | readonly (string | Uint8Array)[];
  /**
   * Which paths of `apiUrl` every guest sees alike: GET and HEAD of these cost a visitor without a session none. Default: product,
   * category, brand, label, media, availability, site, country, currency.
   */
  sharedPaths?: readonly string[];
}

/** The guest who reads for all who have no session yet. Everything else of a session is `invalid_state` here. */
export interface SharedGuest {
  /** GET and HEAD of {@link SessionServerOptions.sharedPaths}. */
  readonly fetch: typeof globalThis.fetch;
  readonly getSnapshot: () => SessionSnapshot;
}

/** Who sent a request. For this request only. */
export interface Visitor {
  /**
   * His session. It begins with the first call that is his own: what every guest sees alike is read with the shared guest's token
   * until then. Calls of a request that came with a name from before the last login are rejected with `aborted`. A sign-in whose
   * call was rejected with `timeout` or `closed` is not stored, though the platform may have granted it: the visitor would not
   * learn his new name.
   */
  readonly session: SessionManager;
  /** The answer's `Set-Cookie`, where it must have one. Ask when the headers are written: it says what is so by then. */
  readonly setCookie: string | undefined;
  /**
   * Resolves when all that this request began has ended and is stored; at the latest `timeoutMs` after a minute, which is what the
   * platform is given for an answer. Never rejects.
   */
  readonly settled: () => Promise<void>;
}

/** The sessions of one shop, in one process. */
export class SessionServer {
  constructor(options: SessionServerOptions);
  /**
   * Who sent this `Cookie` header. Makes no request of the platform, creates nothing, and does not reject where the store fails:
   * the calls do that need it.
   */
  readonly visit: (cookie: string | null | undefined) => Promise<Visitor>;
  readonly shared: SharedGuest;
  /** Rejects all calls with `closed`. Resolves when what is under way has ended and is stored, as `settled` does. */
  readonly close: () => Promise<void>;
}
