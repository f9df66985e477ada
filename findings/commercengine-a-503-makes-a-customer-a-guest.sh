#!/usr/bin/env bash
# @commercengine/storefront-sdk 0.15.0, SessionStorefrontSDK with tokenStorage, which its README recommends, against a
# stand-in for the shop.
# Expected: a renewal that fails for a moment is made again with the next call, and the customer stays one; a call that
# needs his token is not made without it. session.clear() ends the session.
# Seen: whatever a renewal fails with, a 503 or no network, both tokens are removed. The call that has asked for it is
# made all the same, as nobody, and the next one opens a session for a new guest. So it does, with only a line in the
# console, when the refresh token has ended by this device's clock: the call resolves, for another cart. A clear()
# during a renewal is undone when that is answered.
# Why it matters: one 503 signs the customer out and shows him an empty cart, without an error that a shop could meet,
# and what he puts in next is in the guest's. Keep the tokens in onTokensUpdated, and set them again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercengine/storefront-sdk@0.15.0 >/dev/null

cat >probe.mjs <<'JS'
const token = (sub, seconds, customer) =>
  ["{}", JSON.stringify({ ulid: sub, is_logged_in: customer, is_anonymous: !customer, exp: Math.floor(Date.now() / 1000) + seconds }), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
const who = (text) => (text ? JSON.parse(Buffer.from(text.split(".")[1], "base64url")).ulid : "nobody");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const answer = (status, content) => Response.json({ success: status < 400, content }, { status });
let sent;
let renewal;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  const as = who(request.headers.get("authorization")?.slice("Bearer ".length));
  if (pathname.endsWith("/auth/refresh-token")) {
    sent.push("a renewal");
    return renewal();
  }
  if (pathname.endsWith("/auth/anonymous")) {
    sent.push("a new guest");
    return answer(200, { access_token: token("a guest", 3600, false), refresh_token: token("guest", 7200, false) });
  }
  sent.push(`the call as ${as}`);
  return answer(200, {});
};
for (const name of ["info", "warn", "error"]) console[name] = () => {};
const { MemoryTokenStorage, SessionStorefrontSDK } = await import("@commercengine/storefront-sdk");
const renewed = () => answer(200, { access_token: token("the customer, renewed", 3600, true), refresh_token: token("next", 86400, true) });
const open = async (life, refreshLife) => {
  sent = [];
  const tokenStorage = new MemoryTokenStorage();
  await tokenStorage.setAccessToken(token("the customer", life, true));
  await tokenStorage.setRefreshToken(token("refresh", refreshLife, true));
  const sdk = new SessionStorefrontSDK({ storeId: "shop", baseUrl: "https://shop.example/api", apiKey: "key", tokenStorage });
  return { sdk, tokenStorage, read: () => sdk.cart.getCart({ id: "c1" }) };
};
for (const [name, refreshLife, told] of [
  ["a renewal that works", 86400, renewed],
  ["a renewal that meets a 503", 86400, () => answer(503)],
  ["a renewal without a network", 86400, () => Promise.reject(new TypeError("fetch failed"))],
  ["a refresh token that has ended", -10, renewed],
]) {
  renewal = told;
  const { read, tokenStorage } = await open(-10, refreshLife);
  await read();
  await read();
  console.log(`${name}, two calls: ${sent.join(", ")}; left: ${who(await tokenStorage.getAccessToken())}`);
}
{
  renewal = async () => {
    await wait(50);
    return renewed();
  };
  const { sdk, read, tokenStorage } = await open(-10, 86400);
  const call = read();
  await wait(20);
  await sdk.session.clear();
  const after = who(await tokenStorage.getAccessToken());
  await call;
  console.log(`session.clear() during a renewal: left ${after}, when it has been answered ${who(await tokenStorage.getAccessToken())}`);
}
JS

cat >expected <<'TEXT'
a renewal that works, two calls: a renewal, the call as the customer, renewed, the call as the customer, renewed; left: the customer, renewed
a renewal that meets a 503, two calls: a renewal, the call as nobody, a new guest, the call as a guest; left: a guest
a renewal without a network, two calls: a renewal, the call as nobody, a new guest, the call as a guest; left: a guest
a refresh token that has ended, two calls: a new guest, the call as a guest, the call as a guest; left: a guest
session.clear() during a renewal: left nobody, when it has been answered the customer, renewed
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercengine-a-503-makes-a-customer-a-guest no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
