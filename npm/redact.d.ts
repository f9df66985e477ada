/**
 * For error trackers and monitoring in the page (RUM): the platform takes refresh tokens in addresses, and whoever records the
 * addresses of requests records those.
 * @module
 */

/**
 * The address without secrets: values whose name or form is that of a token, a code, a password or an e-mail address are
 * replaced by `REDACTED`, in query, fragment and path; a user's part is removed. Never throws, and leaves other addresses as they are. A
 * `Request` or a `URL` serves as well.
 */
export function redactUrl(url: string | { readonly href: string } | { readonly url: string }): string;
