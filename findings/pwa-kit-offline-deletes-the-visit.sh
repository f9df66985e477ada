#!/usr/bin/env bash
# @salesforce/commerce-sdk-react 5.4.0 (the session of PWA Kit storefronts; the class its hooks call), in jsdom 26.1.0,
# with a platform of its own that answers, refuses, fails or cuts the connection when the token has ended.
# Expected: a refresh token ends when the platform refuses it ("invalid refresh_token": then the shopper goes on
# as a guest). While the network or the platform fails, the call fails, and customer, guest and cart are there
# when it works again. logout() ends the session.
# Seen: whatever goes wrong, a guest's login is tried in the renewal's place. Where only the renewal is cut, or
# answered with 503 or 429, a customer is a guest and his good refresh token is deleted. Where all fails, as it
# does offline, everything is deleted, a guest's refresh token and `usid` too, and with it the way to his cart. An
# answer that is not JSON costs nothing: the parser's error comes first. A logout during a renewal waits for
# the renewal and resolves with the customer, who stays signed in and stored.
# Why it matters: one call in a lift after half an hour of quiet is the end of the cart. A failure that may
# pass must leave what is stored alone, and what was asked for before a logout must not be stored after it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @salesforce/commerce-sdk-react@5.4.0 jsdom@26.1.0 >/dev/null

cat >probe.cjs <<'JS'
const http = require("node:http");
const { text } = require("node:stream/consumers");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("", { url: "https://shop.example/" });
const { document, localStorage, StorageEvent } = window;
Object.assign(globalThis, { window, document, localStorage, StorageEvent });
const { default: Auth } = require("@salesforce/commerce-sdk-react/auth");

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (age) => {
  const iat = Math.floor(Date.now() / 1000) - age;
  return `${part({ alg: "none" })}.${part({ iat, exp: iat + 1800 })}.x`;
};
const tokens = (kind, age = 0) => ({ access_token: jwt(age), refresh_token: `the ${kind}'s refresh token`, customer_id: kind, usid: "usid", expires_in: 1800, refresh_token_expires_in: 2592000, token_type: "Bearer" });

let answer;
let sent;
const server = http.createServer(async (request, response) => {
  const path = new URL(request.url, "http://x").pathname.split("/").pop();
  const grant = new URLSearchParams(await text(request)).get("grant_type") ?? path;
  sent.push(grant);
  const [status, body] = await answer(grant);
  if (!status) return request.socket.destroy();
  response.writeHead(status, { "content-type": body.startsWith("{") ? "application/json" : "text/html" }).end(body);
});
const logger = { warn() {}, error() {}, info() {}, debug() {} };
const good = (grant) => [200, JSON.stringify(tokens(grant === "client_credentials" ? "guest" : "customer"))];
const cut = () => [0];
const scenario = async (name, kind, answers, act = (auth) => auth.ready()) => {
  const proxy = `http://127.0.0.1:${server.address().port}`;
  const auth = new Auth({ clientId: "c", organizationId: "f_ecom_zzrf_001", shortCode: "s", siteId: "shop", proxy, privateClientProxyEndpoint: proxy, enablePWAKitPrivateClient: true, redirectURI: "https://shop.example/callback", logger, silenceWarnings: true });
  auth.clearStorage();
  auth.handleTokenResponse(tokens(kind, 3600), kind === "guest");
  sent = [];
  answer = answers;
  const end = await act(auth).then((data) => `resolved as ${data.customer_id}`, () => "rejected");
  const kept = auth.get("refresh_token_registered") || auth.get("refresh_token_guest") || "no refresh token";
  console.log(`${name}: sent ${sent.join(", ")}; ${end}; stored: ${kept}, ${auth.get("usid") || "no usid"}`);
};
const renewal = (given) => (grant) => (grant === "refresh_token" ? given : good(grant));
(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  await scenario("customer, renewal answered", "customer", good);
  await scenario("customer, renewal refused", "customer", renewal([400, '{"message":"invalid refresh_token"}']));
  await scenario("customer, renewal 503", "customer", renewal([503, '{"title":"Service Unavailable"}']));
  await scenario("customer, renewal 429", "customer", renewal([429, '{"title":"Too Many Requests"}']));
  await scenario("customer, renewal 503, a page", "customer", renewal([503, "<p>Maintenance</p>"]));
  await scenario("customer, renewal cut", "customer", renewal([0]));
  await scenario("customer, all cut", "customer", cut);
  await scenario("guest, all cut", "guest", cut);
  await scenario("guest, all 503", "guest", () => [503, "{}"]);
  let arrived, release;
  const asked = new Promise((done) => (arrived = done));
  const gate = new Promise((done) => (release = done));
  const held = async (grant) => {
    if (grant === "refresh_token") arrived(), await gate;
    if (grant === "logout") setTimeout(release, 50);
    return good(grant);
  };
  await scenario("logout during the renewal", "customer", held, async (auth) => {
    const call = auth.ready();
    await asked;
    const ended = await auth.logout();
    await call;
    return ended;
  });
  server.closeAllConnections();
  server.close();
})();
JS

cat >expected <<'TEXT'
customer, renewal answered: sent refresh_token; resolved as customer; stored: the customer's refresh token, usid
customer, renewal refused: sent refresh_token, client_credentials; resolved as guest; stored: the guest's refresh token, usid
customer, renewal 503: sent refresh_token, client_credentials; resolved as guest; stored: the guest's refresh token, usid
customer, renewal 429: sent refresh_token, client_credentials; resolved as guest; stored: the guest's refresh token, usid
customer, renewal 503, a page: sent refresh_token; rejected; stored: the customer's refresh token, usid
customer, renewal cut: sent refresh_token, client_credentials; resolved as guest; stored: the guest's refresh token, usid
customer, all cut: sent refresh_token, client_credentials, client_credentials; rejected; stored: no refresh token, no usid
guest, all cut: sent refresh_token, client_credentials, client_credentials; rejected; stored: no refresh token, no usid
guest, all 503: sent refresh_token, client_credentials, client_credentials; rejected; stored: no refresh token, no usid
logout during the renewal: sent refresh_token, logout; resolved as customer; stored: the customer's refresh token, usid
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: pwa-kit-offline-deletes-the-visit no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
