#!/usr/bin/env bash
# @auth0/auth0-spa-js 2.27.0, getTokenSilently() with a stored refresh token (rotation).
# Expected: a token request that failed without a readable answer is reported; the refresh
# token in it may have been spent, so it is not sent again within the same call.
# Seen: the request is sent up to three times in a row, at once and with the same refresh token,
# when the network fails and also when an HTML page comes as 200 or 401 (a gateway's page);
# a JSON error is sent once, whatever its status (400, 429, 500).
# Why it matters: after a lost answer the second request is the reuse that rotation with reuse
# detection punishes; and a gateway's page under any status triples the requests.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @auth0/auth0-spa-js@2.27.0 happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import { Window } from "happy-dom";

const page = new Window({ url: "https://shop.example/" });
Object.assign(globalThis, { window: globalThis, document: page.document, location: page.location, localStorage: page.localStorage, sessionStorage: page.sessionStorage, addEventListener() {}, removeEventListener() {} });
const { Auth0Client } = await import("@auth0/auth0-spa-js");

const scope = "openid profile email offline_access";
const scenario = async (name, answer) => {
  localStorage.clear();
  const body = { access_token: "access-0", refresh_token: "refresh-0", expires_in: 3600, scope, oauthTokenScope: scope, client_id: "shop", audience: "default", token_type: "Bearer" };
  localStorage.setItem(`@@auth0spajs@@::shop::default::${scope}`, JSON.stringify({ body, expiresAt: 1 }));
  localStorage.setItem("@@auth0spajs@@::shop::@@user@@", JSON.stringify({ id_token: "a.b.c", decodedToken: { user: { sub: "u" }, claims: { sub: "u" }, encoded: {}, header: {} } }));
  const sent = [];
  globalThis.fetch = async (_url, init) => {
    sent.push(new URLSearchParams(String(init.body)).get("refresh_token"));
    return answer();
  };
  const client = new Auth0Client({ domain: "auth.example", clientId: "shop", cacheLocation: "localstorage", useRefreshTokens: true, useRefreshTokensFallback: false, authorizationParams: { scope: "openid profile email" } });
  const error = await client.getTokenSilently().then(() => "none", (reason) => reason.name);
  console.log(`${name}: sent ${sent.join(", ")} (${error})`);
};
const html = (status) => () => new Response("<h1>Sign in</h1>", { status, headers: { "content-type": "text/html" } });
await scenario("network fails", () => { throw new TypeError("Failed to fetch"); });
await scenario("200 HTML", html(200));
await scenario("401 HTML", html(401));
await scenario("429 JSON", () => Response.json({ error: "too_many_requests" }, { status: 429 }));
await scenario("500 JSON", () => Response.json({}, { status: 500 }));
process.exit();
JS

cat >expected <<'TEXT'
network fails: sent refresh-0, refresh-0, refresh-0 (TypeError)
200 HTML: sent refresh-0, refresh-0, refresh-0 (SyntaxError)
401 HTML: sent refresh-0, refresh-0, refresh-0 (SyntaxError)
429 JSON: sent refresh-0 (Error)
500 JSON: sent refresh-0 (Error)
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: auth0-sends-a-refresh-token-thrice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
