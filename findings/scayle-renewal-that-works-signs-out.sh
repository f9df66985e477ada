#!/usr/bin/env bash
# @scayle/storefront-core 8.62.6, the server calls `refreshUser` and `fetchUser` of a signed-in customer.
# Expected: an access token that has ended is renewed with the refresh token and the call is made again
# with the new one; a refused refresh token ends the session; a platform that is away for a moment
# ends nothing.
# Seen: all three the other way round. `refreshUser` hands its own copy of the access token down, so that
# the repeat after a renewal that worked is made with the old token; that second refusal counts as "invalid
# token" and the session is destroyed, new tokens and all. One 503 of the profile destroys it too. And a
# refresh token that is refused with the OAuth body (RFC 6749, 5.2) destroys nothing in other calls, because
# an answer with a body becomes another class of error than the one that is looked for.
# Why it matters: the customer is signed out, and the basket with him, at the first ordinary expiry.
# Make the repeat read the token anew, and tell refusals by what they say.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Its driver for a key-value store is not used here; the version that it asks for is not published everywhere.
cat >package.json <<'JSON'
{ "private": true, "overrides": { "@scayle/unstorage-scayle-kv-driver": "1.0.3" } }
JSON
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @scayle/storefront-core@8.62.6 fishery@2.2.3 >/dev/null

cat >probe.mjs <<'JS'
import { rpcMethods } from "@scayle/storefront-core";

const api = "https://shop.example";
const log = { debug() {}, error() {}, warn() {}, info() {}, space: () => log };
const scenario = async (name, { method, platform }) => {
  const sent = [];
  let ended = "";
  globalThis.fetch = async (url, init) => {
    const path = new URL(url).pathname.split("/").pop();
    const bearer = new Headers(init.headers).get("authorization")?.replace("Bearer ", "");
    sent.push(path === "me" ? `profile with ${bearer}` : "renewal");
    return platform(path, bearer);
  };
  const context = {
    sessionId: "session", shopId: 1, checkout: { url: api }, oauth: { clientId: "id", clientSecret: "secret", apiHost: api },
    headers: new Headers(), log,
    accessToken: "access-1", refreshToken: "refresh-1",
    updateTokens: async (tokens) => void Object.assign(context, tokens),
    updateUser() {},
    destroySession: async () => void (ended = ", session destroyed"),
    callRpc: (call, parameters) => rpcMethods[call](parameters, context),
  };
  const call = method === "refreshUser" ? rpcMethods.refreshUser(context) : rpcMethods[method]({}, context);
  await Promise.resolve(call).catch(() => {});
  console.log(`${name}: ${sent.join(", ")}; kept ${context.accessToken}${ended}`);
};
const unauthorized = () => new Response("{}", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
const profile = (bearer, good) => (bearer === good ? Response.json({ id: 1, email: "bea@example.com", orderSummary: [] }) : unauthorized());
const renews = (path, bearer) => (path === "me" ? profile(bearer, "access-2") : Response.json({ access_token: "access-2", refresh_token: "refresh-2", token_type: "Bearer", expires_in: 3600 }));
await scenario("refreshUser, good token", { method: "refreshUser", platform: (path, bearer) => profile(bearer, "access-1") });
await scenario("fetchUser, the token has ended", { method: "fetchUser", platform: renews });
await scenario("refreshUser, the token has ended", { method: "refreshUser", platform: renews });
await scenario("refreshUser, one 503", { method: "refreshUser", platform: () => new Response("busy", { status: 503 }) });
await scenario("fetchUser, the refresh token is refused", { method: "fetchUser", platform: (path) => (path === "me" ? unauthorized() : Response.json({ error: "invalid_request", message: "The refresh token is invalid." }, { status: 401 })) });
JS

cat >expected <<'TEXT'
refreshUser, good token: profile with access-1; kept access-1
fetchUser, the token has ended: profile with access-1, renewal, profile with access-2; kept access-2
refreshUser, the token has ended: profile with access-1, renewal, profile with access-1; kept access-2, session destroyed
refreshUser, one 503: profile with access-1; kept access-1, session destroyed
fetchUser, the refresh token is refused: profile with access-1, renewal; kept access-1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: scayle-renewal-that-works-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
