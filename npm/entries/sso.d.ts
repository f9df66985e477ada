/**
 * Single sign-on: functions over a session.
 *
 * They are rejected with a `SessionError`: `invalid_argument` before any request (`field` names what is wrong), else by the
 * platform's answer: 400 `invalid_argument`, 401 and 404 `invalid_credentials`, 403 `forbidden`, 429 `rate_limited`, all else `server`;
 * `protocol` where it answers no tokens.
 * While a customer is signed in, the same one renews his login by them (see `session.adopt`); another is `invalid_state`.
 * @module
 */
import type { SessionManager, SessionSnapshot } from "./index.js";

/**
 * Begins a login at an identity provider (OAuth 2.0 with PKCE); resolves to the address to go to. Makes no request but for the
 * session's first token. Verifier and state are kept over the redirect in the tab's sessionStorage (in Node.js in the process), for
 * one {@link completeLogin} of this `sessionId`.
 */
export function beginLogin(
  session: SessionManager,
  options: {
    /** The provider's, http or https. */
    authorizationEndpoint: string | URL;
    /** The shop's at the provider. */
    clientId: string;
    /** Where the provider leads back to, as it is registered there. */
    redirectUri: string;
    /** Default: `"openid"`. */
    scope?: string;
    /**
     * The name of the provider's configuration at the platform, where it has several; the state is `{config}--{random}` then.
     * Source: the guide "SSO authentication".
     */
    config?: string;
  },
): Promise<string>;

/**
 * Ends it on the page that the provider has led back to: `POST /customer/{tenant}/socialLogin`, then `session.adopt`. `url` is that
 * page's whole address. `invalid_state`, and no request, where this session has begun no such login, it has been completed, or
 * the address is not the `redirectUri`; `invalid_credentials` where the provider gives no code (its `error` stands in the address), or
 * the platform refuses it. Take the code out of the address bar afterwards. Source: customer service's specification.
 */
export function completeLogin(session: SessionManager, url: string | URL): Promise<SessionSnapshot>;

/**
 * Signs in with an access token that the identity provider has given the storefront: `POST /customer/{tenant}/exchangeauthtoken`, then
 * `session.adopt`. `config` as above; one that the platform does not know is `invalid_argument`. Source: customer service's
 * specification and the guide "Token exchange".
 */
export function exchangeToken(session: SessionManager, options: { subjectToken: string; config?: string }): Promise<SessionSnapshot>;
