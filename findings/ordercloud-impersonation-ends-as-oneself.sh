#!/usr/bin/env bash
# ordercloud-javascript-sdk 12.0.0, calls made `As()` the impersonated buyer.
# Expected (the SDK's own text: As() "enables impersonation by calling the subsequent method with the
# stored impersonation token"): when the impersonation token has ended, the call fails, or that token
# is renewed.
# Seen: the SDK renews the seller's own token instead and sends the call with it, so that "my orders"
# or "my cart" are read, and written, as the seller, without an error. The renewed token also takes
# the place of the seller's stored one.
# Why it matters: assisted buying. A call that was begun under one identity must not be made under
# another; here the change is silent and depends on the time of day.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ordercloud-javascript-sdk@12.0.0 axios@1.13.2 >/dev/null

cat >probe.cjs <<'JS'
const { createServer } = require("node:http");
const { Configuration, Me, Tokens } = require("ordercloud-javascript-sdk");

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (user, life) => `${base64url({ alg: "none" })}.${base64url({ cid: "storefront", usr: user, exp: Math.floor(Date.now() / 1000) + life })}.x`;
const userOf = (bearer) => JSON.parse(Buffer.from(bearer.split(".")[1], "base64url")).usr;
const sent = [];
const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  if (request.url === "/oauth/token") {
    sent.push("renewal");
    return response.end(JSON.stringify({ access_token: token("seller, renewed", 600), refresh_token: "refresh-2" }));
  }
  sent.push(`orders of "${userOf(request.headers.authorization.slice(7))}"`);
  response.end('{"Items":[]}');
});

const asBuyer = async (name, life) => {
  Tokens.SetAccessToken(token("seller", 600));
  Tokens.SetImpersonationToken(token("buyer", life));
  const end = await Me.As().ListOrders().then(() => "answered", (error) => error.message);
  console.log(`${name}: ${sent.splice(0).join(", ")}; ${end}; kept: "${userOf(Tokens.GetAccessToken())}"`);
};
server.listen(0, "127.0.0.1", async () => {
  Configuration.Set({ baseApiUrl: `http://127.0.0.1:${server.address().port}`, clientID: "storefront" });
  Tokens.SetRefreshToken("refresh-1");
  await asBuyer("the impersonation token is good", 600);
  await asBuyer("it has ended", -60);
  server.close();
});
JS

cat >expected <<'TEXT'
the impersonation token is good: orders of "buyer"; answered; kept: "seller"
it has ended: renewal, orders of "seller, renewed"; answered; kept: "seller, renewed"
TEXT

node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ordercloud-impersonation-ends-as-oneself no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
