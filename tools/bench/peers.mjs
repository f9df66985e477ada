// Who is compared. Each has an adapter for the page, peers/<adapter>.js, and a platform, see platforms.mjs.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ref } from "./before.mjs";
import { root } from "../lib/run.mjs";

export const folder = join(root, "tools/bench");

const ours = {
  id: "ours",
  name: "storefront-session",
  adapter: "ours",
  package: "storefront-session",
  imports: ["SessionManager"],
  asked: "`session.accessToken()`",
  keeps: "all, in localStorage",
};

/** The same package as it was. */
const before = { ...ours, id: "before", name: "storefront-session, before" };

/**
 * `imports` is what a page needs of the package; all of it is weighed, and nothing else. `asked` and `keeps` are told in
 * the report. `renewsByExpiry`: it cannot be told to renew. `handsOnRequest`: its API calls reach fetch as a `Request`.
 */
export const others = [
  {
    id: "auth0",
    name: "auth0-spa-js",
    adapter: "auth0",
    package: "@auth0/auth0-spa-js",
    imports: ["Auth0Client"],
    handsOnRequest: true,
    asked: "`getTokenSilently()`, with `useRefreshTokens`",
    keeps: 'all, in localStorage (`cacheLocation: "localstorage"`)',
  },
  {
    id: "oidc",
    name: "oidc-client-ts",
    adapter: "oidc",
    package: "oidc-client-ts",
    imports: ["UserManager", "WebStorageStateStore"],
    asked: "`getUser()`, and `signinSilent()` where that has expired",
    keeps: "all, in localStorage (`userStore`)",
  },
  {
    id: "supabase",
    name: "supabase auth-js",
    adapter: "supabase",
    package: "@supabase/auth-js",
    imports: ["AuthClient"],
    asked: "`getSession()`, with `autoRefreshToken`",
    keeps: "all, in localStorage",
  },
  {
    id: "commercetools",
    name: "commercetools ts-client",
    adapter: "commercetools",
    package: "@commercetools/ts-client",
    imports: ["createClient", "createAuthMiddlewareForAnonymousSessionFlow", "createHttpMiddleware"],
    renewsByExpiry: true,
    asked: "`client.execute(…)`, anonymous session flow",
    keeps: "both tokens, in the page's memory",
  },
  {
    id: "saleor",
    name: "saleor auth-sdk",
    adapter: "saleor",
    package: "@saleor/auth-sdk",
    imports: ["createSaleorAuthClient"],
    // It is made for Next.js, which supplies Node's Buffer in a browser.
    needsBuffer: true,
    renewsByExpiry: true,
    asked: "`fetchWithAuth(…)`",
    keeps: "the refresh token in localStorage, the access token in the page's memory",
  },
];

export const peers = [ours, before, ...others];

/** The version that is compared: for a peer the one that is installed. */
export function version(peer) {
  if (peer.id === "before") return ref;
  const manifest = peer.id === "ours" ? "package.json" : join("tools/bench/node_modules", peer.package, "package.json");
  return JSON.parse(readFileSync(join(root, manifest))).version;
}
