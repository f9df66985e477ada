#!/usr/bin/env bash
# @axa-fr/oidc-client 7.29.1 in Chromium 156.0.8078.108 (Debian 12; it must be on the path): two tabs, one
# of which renews.
# Expected: a tab that finds the lock of another's renewal taken waits for it; the browser's lock manager
# has a queue for that.
# Seen: it asks with `ifAvailable` and, where the answer is no, at once again, without a pause: thousands of
# requests for a lock while one renewal takes a second, in each tab that is open, each of them told to the
# shop's listeners as an event. Where the other tab stands still with the lock in hand (frozen, or in the
# back-forward cache) a processor core is busy in each other tab until it is closed.
# Why it matters: 20 tabs that wake together are the moment at which a phone is slow already. Wait in the
# queue, with a bound.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @axa-fr/oidc-client@7.29.1 >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error esbuild@0.28.2 >/dev/null

cat >page.js <<'JS'
import { OidcClient } from "@axa-fr/oidc-client";

const say = (text) => fetch("/say", { method: "POST", body: text });
const configuration = {
  client_id: "storefront",
  redirect_uri: `${location.origin}/back`,
  scope: "openid offline_access",
  authority: location.origin,
  authority_configuration: { issuer: location.origin, authorization_endpoint: `${location.origin}/authorize`, token_endpoint: `${location.origin}/token` },
  storage: localStorage,
  token_renew_mode: "access_token_invalid",
  token_automatic_renew_mode: "TokenAutomaticRenewOnlyWhenFetchExecuted",
};
const now = Math.floor(Date.now() / 1000);
localStorage["oidc.default"] = JSON.stringify({
  tokens: { accessToken: "access-1", refreshToken: "refresh-1", idToken: null, expiresIn: 3600, issuedAt: now - 10, expiresAt: now + 3600, scope: "openid" },
});
localStorage["oidc.login.default"] = JSON.stringify({ callbackPath: "/", extras: null, scope: null });
const client = OidcClient.getOrCreate(() => (...call) => fetch(...call))(configuration);
let told = 0;
client.subscribeEvents((name) => (told += name === "syncTokensAsync_lock_not_available"));
const kept = await client.tryKeepExistingSessionAsync();

let asked = 0;
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = (...call) => {
  asked += 1;
  return request(...call);
};
// The other tab's renewal: it has the lock until this page says so.
let finish;
const name = `storefront_default_${location.origin}`;
await new Promise((held) => void request(name, () => (held(), new Promise((done) => (finish = done)))));
const renewed = client.renewTokensAsync().then(() => "settled", (error) => `${error.name}: ${error.message}`);
await new Promise((done) => setTimeout(done, 1000));
const many = asked > 200 ? "more than 200" : String(asked);
finish();
await say(`kept: ${kept}; lock requests while another tab holds it for a second: ${many}; events: ${told > 200 ? "more than 200" : told}; then: ${await renewed}`);
JS
npx esbuild page.js --bundle --format=esm --outfile=bundle.js --log-level=error

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { text } from "node:stream/consumers";

let said;
const heard = new Promise((done) => (said = done));
const server = http.createServer(async (request, answer) => {
  const body = await text(request);
  const path = new URL(request.url, "http://x").pathname;
  if (path === "/say") said(body);
  if (path === "/token") return answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ access_token: "access-2", refresh_token: "refresh-2", expires_in: 3600, token_type: "Bearer" }));
  if (path === "/bundle.js") return answer.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync("bundle.js"));
  answer.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><script>addEventListener("unhandledrejection", (event) => fetch("/say", { method: "POST", body: String(event.reason?.stack) })); onerror = (message) => void fetch("/say", { method: "POST", body: message });</script><script type="module" src="/bundle.js"></script>');
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const chromium = spawn(process.argv[2], ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${process.cwd()}/profile`, `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
console.log(await heard);
chromium.kill("SIGKILL");
server.closeAllConnections();
server.close();
JS

cat >expected <<'TEXT'
kept: true; lock requests while another tab holds it for a second: more than 200; events: more than 200; then: settled
TEXT

timeout 60 node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axa-oidc-client-spins-for-the-lock no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
