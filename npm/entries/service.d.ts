/**
 * The token of a shop's backend, for Node.js only: what it is had by is a secret. In a bundle for browsers or workers this module
 * is a file that only throws, and the constructor refuses where there is a `window` or a worker's global scope.
 *
 * ```ts
 * const service = new ServiceToken({ tenant: "acme", clientId: process.env.KEY, clientSecret: process.env.SECRET });
 * const sites = await service.fetch("/site/acme/sites");
 * ```
 *
 * Source: the OAuth service's specification, `POST /oauth/token` with `client_credentials`.
 * @module
 */

/** What {@link ServiceToken} takes. */
export interface ServiceTokenOptions {
  /** The Emporix tenant: 3 to 16 characters, lower-case letters and digits, beginning with a letter. */
  tenant: string;
  clientId: string;
  clientSecret: string;
  /** Default: all that the key has. The platform drops without a word what the key does not have. */
  scopes?: string[];
  /** The platform's address. Default: `"https://api.emporix.io"`. */
  apiUrl?: string | URL;
  /** When the request for a token is given up, in milliseconds. Default: 15000. */
  timeoutMs?: number;
  /** What sends the requests, called with one `Request`. Default: the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** The wall clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/**
 * Keeps one service token in memory. A bad option is `invalid_argument` (`field` names it), a browser page or a worker
 * `invalid_state`. Nothing goes on in the background and no timer is set.
 */
export class ServiceToken {
  constructor(options: ServiceTokenOptions);

  /**
   * A valid token, shared by all who ask at once. There is no refresh: near its end (60 s, or a tenth of a short life) another is
   * asked for, and while that fails the old one serves to its end. Rejected with a `SessionError`: `configuration` (a wrong id or
   * secret, or a key of another tenant), `forbidden`, and with `retryable` `network`, `timeout`, `rate_limited`, `server`, `protocol`.
   */
  readonly accessToken: () => Promise<string>;

  /**
   * Like `fetch`, with the token. A relative address goes to `apiUrl`, and the token goes there only. A 401 is answered by one
   * new token, and the request is sent once more; a token that was made within the last ten seconds is not replaced. An
   * `Authorization` header of your own switches all this off. The request's own failures are fetch's errors.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}
