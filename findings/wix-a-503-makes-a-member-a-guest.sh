#!/usr/bin/env bash
# @wix/sdk 1.21.16, createClient() with OAuthStrategy() as its README shows it, against a fetch that stands for the
# server.
# Expected: a member whose access token has ended stays a member as long as his refresh token is good: a 503, a 429 or a
# lost connection at the renewal fails the call, and the next one tries again. Calls that start together share one
# renewal, and whoever signs in keeps the tokens that setTokens() was given.
# Seen: whatever the renewal ends with, an anonymous visitor's tokens are asked for, and stored over the member's: the
# refresh token is gone, loggedIn() is false, and the call is made as the new guest. A guest becomes another guest so. Of
# three calls at the start each opens a visitor of its own, and what the first two did is done as visitors that are
# forgotten; a renewal that fails after a sign-in puts a guest over who has just signed in.
# Why it matters: carts are kept by visitor. One bad second at the server costs the login and the cart, without an error
# that a shop could show. The tokens are to be kept by the shop too, and a first call made alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @wix/sdk@1.21.16 >/dev/null

cat >probe.mjs <<'JS'
import { createClient, OAuthStrategy } from "@wix/sdk";

const later = Math.floor(Date.now() / 1000) + 3600;
const member = (name, expiresAt) => ({ accessToken: { value: name, expiresAt }, refreshToken: { value: `refresh of ${name}`, role: "member" } });
const guest = (name, expiresAt) => ({ accessToken: { value: name, expiresAt }, refreshToken: { value: `refresh of ${name}`, role: "visitor" } });
let visitors, asked, seenAs, onRenewal;
globalThis.fetch = async (address, init) => {
  if (!String(address).endsWith("/oauth2/token")) {
    seenAs.push(new Headers(init.headers).get("authorization"));
    return Response.json({});
  }
  const { grantType } = JSON.parse(init.body);
  asked.push(grantType);
  if (grantType === "refresh_token") return onRenewal();
  const name = `visitor ${(visitors += 1)}`;
  await new Promise((done) => setTimeout(done, 20));
  return Response.json({ access_token: name, refresh_token: `refresh of ${name}`, expires_in: 14400 });
};
const scenario = async (name, tokens, renewal, use = (client) => client.fetch("/cart")) => {
  [visitors, asked, seenAs, onRenewal] = [0, [], [], renewal];
  const client = createClient({ auth: OAuthStrategy({ clientId: "shop", tokens }) });
  const ends = await use(client).then(() => "answered", (error) => `rejected, ${error.message}`);
  console.log(`${name}: ${ends}; asked for ${asked.join(", ")}; seen as ${seenAs.join(", ")}`);
  const { accessToken, refreshToken } = client.auth.getTokens();
  console.log(`  afterwards ${accessToken.value}, ${refreshToken.value}, signed in ${client.auth.loggedIn()}`);
};
const answers = {
  "a good renewal": async () => Response.json({ access_token: "buyer renewed", refresh_token: "refresh of buyer", expires_in: 14400 }),
  "a 503": async () => new Response("", { status: 503 }),
  "a 429": async () => Response.json({}, { status: 429 }),
  "no network": async () => Promise.reject(new TypeError("Failed to fetch")),
};
for (const [name, answer] of Object.entries(answers)) await scenario(`a member and ${name}`, member("buyer", 1), answer);
await scenario("a guest and a 503", guest("guest with a cart", 1), answers["a 503"]);
await scenario("three calls at the start", undefined, undefined, (client) => Promise.all(["/cart", "/products", "/prices"].map((path) => client.fetch(path))));
await scenario("a sign-in while a guest's renewal fails", guest("guest with a cart", 1), undefined, async (client) => {
  let fail;
  onRenewal = () => new Promise((done) => (fail = () => done(new Response("", { status: 503 }))));
  const call = client.fetch("/cart");
  await new Promise((done) => setTimeout(done, 20));
  client.auth.setTokens(member("buyer", later));
  fail();
  await call;
});
JS

cat >expected <<'TEXT'
a member and a good renewal: answered; asked for refresh_token; seen as buyer renewed
  afterwards buyer renewed, refresh of buyer, signed in true
a member and a 503: answered; asked for refresh_token, anonymous; seen as visitor 1
  afterwards visitor 1, refresh of visitor 1, signed in false
a member and a 429: answered; asked for refresh_token, anonymous; seen as visitor 1
  afterwards visitor 1, refresh of visitor 1, signed in false
a member and no network: answered; asked for refresh_token, anonymous; seen as visitor 1
  afterwards visitor 1, refresh of visitor 1, signed in false
a guest and a 503: answered; asked for refresh_token, anonymous; seen as visitor 1
  afterwards visitor 1, refresh of visitor 1, signed in false
three calls at the start: answered; asked for anonymous, anonymous, anonymous; seen as visitor 1, visitor 2, visitor 3
  afterwards visitor 3, refresh of visitor 3, signed in false
a sign-in while a guest's renewal fails: answered; asked for refresh_token, anonymous; seen as visitor 1
  afterwards visitor 1, refresh of visitor 1, signed in false
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: wix-a-503-makes-a-member-a-guest no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
