/**
 * The package, by the address it is served under: an inline import map would need an exception in the page's
 * Content-Security-Policy. Loaded on demand, so that a missing build is a message and not a blank page.
 */
export const load = () => import("/storefront-session/index.js");

/** One of its entries: "account", "company", "context", "inspector" or "sso". */
export const entry = (name) => import(`/storefront-session/${name}.js`);
