#!/usr/bin/env bash
# react-oauth2-code-pkce 1.24.0 (React 19.3.1, happy-dom 21.0.4), a page that is loaded with an
# expired access token and a refresh token that is good for another day.
# Expected: a renewal that fails in transit, or is answered with 429 or 503, is tried again later; by
# its README a session ends when the refresh token "is no longer valid". With autoLogin: false nobody
# is sent away without being asked, and for the end of a session there is onRefreshTokenExpire.
# Seen: on the first render every failure but a 400 deletes access and refresh token from storage and
# sends the page to the authorization endpoint. onRefreshTokenExpire is not called, autoLogin is not
# looked at. The one refusal there is, a 400, is what keeps the refresh token and asks.
# Why it matters: who reopens the shop in a lift or during a deployment is signed out for good.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error react@19.3.1 react-dom@19.3.1 happy-dom@21.0.4 react-oauth2-code-pkce@1.24.0 >/dev/null

cat >probe.mjs <<'JS'
import { Window } from "happy-dom";

const page = new Window({ url: "https://shop.example/" });
const { document, location, localStorage, sessionStorage } = page;
const globals = { window: page, document, location, localStorage, sessionStorage, navigator: page.navigator, CustomEvent: page.CustomEvent, Event: page.Event };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
const { createElement } = await import("react");
const { createRoot } = await import("react-dom/client");
const { AuthProvider } = (await import("react-oauth2-code-pkce")).default;
console.error = () => {};

const scenario = async (name, answer) => {
  localStorage.clear();
  const now = Math.floor(Date.now() / 1000);
  for (const [key, value] of Object.entries({ token: "access-1", tokenExpire: now - 10, refreshToken: "refresh-1", refreshTokenExpire: now + 86400 })) localStorage.setItem(`ROCP_${key}`, JSON.stringify(value));
  let sent = 0;
  const went = [];
  globalThis.fetch = async () => {
    sent += 1;
    return answer();
  };
  location.assign = location.replace = (address) => went.push(String(address).split("?")[0]);
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  root.render(createElement(AuthProvider, {
    authConfig: {
      clientId: "shop", authorizationEndpoint: "https://auth.example/authorize", tokenEndpoint: "https://auth.example/token", redirectUri: "https://shop.example/",
      autoLogin: false, decodeToken: false, storage: "local", onRefreshTokenExpire: () => went.push("onRefreshTokenExpire"),
    },
  }));
  const isDone = () => went.length || JSON.parse(localStorage.getItem("ROCP_token")) === "access-2";
  for (let turn = 0; turn < 200 && !isDone(); turn += 1) await new Promise((done) => setTimeout(done, 10));
  root.unmount();
  console.log(`${name}: requests ${sent}; refresh token ${JSON.parse(localStorage.getItem("ROCP_refreshToken") ?? '"gone"')}; went to ${went.join(", ") || "nowhere"}`);
};
await scenario("answered", () => Response.json({ access_token: "access-2", refresh_token: "refresh-2", expires_in: 3600, token_type: "Bearer" }));
await scenario("network fails", () => { throw new TypeError("Failed to fetch"); });
await scenario("503", () => new Response("", { status: 503 }));
await scenario("429", () => new Response("", { status: 429, headers: { "retry-after": "1" } }));
await scenario("400", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
process.exit();
JS

cat >expected <<'TEXT'
answered: requests 1; refresh token refresh-2; went to nowhere
network fails: requests 1; refresh token gone; went to https://auth.example/authorize
503: requests 1; refresh token gone; went to https://auth.example/authorize
429: requests 1; refresh token gone; went to https://auth.example/authorize
400: requests 1; refresh token refresh-1; went to onRefreshTokenExpire
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-oauth2-offline-start-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
