#!/usr/bin/env bash
# @epcc-sdk/sdks-shopper 0.3.0 (Elastic Path), createShopperClient() with its own authentication.
# Expected: by its README it "retries failed requests once after refreshing token", so a POST that
# meets a 401 is sent once more with the new token, as a GET is.
# Seen: a POST with a body is not repeated. The renewal is made and succeeds; then a Request is made
# of one whose body has been sent already, which throws, and the handler for a failed renewal takes
# over: the new credentials are deleted from memory and storage, and the caller gets the 401.
# Why it matters: it is the writing calls ("add to cart") that lose, and each costs a token as well.
# A Request has one body: who may have to send it twice clones it before the first time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error --legacy-peer-deps @epcc-sdk/sdks-shopper@0.3.0 >/dev/null

cat >probe.mjs <<'JS'
const stored = new Map();
const localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) };
globalThis.window = { localStorage, addEventListener() {}, removeEventListener() {} };
const { createShopperClient } = await import("@epcc-sdk/sdks-shopper");

for (const method of ["GET", "DELETE", "POST"]) {
  stored.clear();
  const sent = [];
  let refuse = true, tokens = 0;
  const fetch = async (request) => {
    if (request.url.includes("/oauth/")) {
      tokens += 1;
      sent.push("token request");
      return Response.json({ access_token: `access-${tokens}`, expires: Math.floor(Date.now() / 1000) + 3600, expires_in: 3600, token_type: "Bearer" });
    }
    await request.text();
    sent.push(`${request.method} with ${request.headers.get("authorization")}`);
    const status = refuse ? 401 : 200;
    refuse = false;
    return Response.json({}, { status });
  };
  const { client, auth } = createShopperClient({ baseUrl: "https://api.example", fetch }, { clientId: "shop" });
  const body = method === "POST" ? { data: { type: "cart_item", quantity: 1 } } : undefined;
  const { response } = await client.request({ method, url: "/v2/carts/my-cart/items", body });
  console.log(`${method}: status ${response.status}; sent: ${sent.join(", ")}; token kept: ${auth.getSnapshot()}, stored: ${stored.size === 1}`);
}
JS

cat >expected <<'TEXT'
GET: status 200; sent: token request, GET with Bearer access-1, token request, GET with Bearer access-2; token kept: access-2, stored: true
DELETE: status 200; sent: token request, DELETE with Bearer access-1, token request, DELETE with Bearer access-2; token kept: access-2, stored: true
POST: status 401; sent: token request, POST with Bearer access-1, token request; token kept: undefined, stored: false
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: elasticpath-post-costs-the-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
