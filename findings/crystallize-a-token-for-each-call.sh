#!/usr/bin/env bash
# @crystallize/js-api-client 7.4.0, shop API (cart) calls.
# Expected: the client fetches a token for the shop API once and uses it until it nears its end, for
# whatever life it was told to ask for (`shopApiToken.expiresIn`, in seconds).
# Seen: the margin is five minutes whatever the life is: with `expiresIn` of 300 or less each call
# fetches a token first. Calls that start together fetch one each at every life. And the token's payload
# is read as plain Base64, though a JWT's is Base64URL: a token whose payload holds a "-" or "_"
# (an `é` or `?` in a claim is enough) makes every later call of the client throw, and none renews it.
# Why it matters: a margin is a part of the life; who starts together shares; a token is opaque.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @crystallize/js-api-client@7.4.0 >/dev/null

cat >probe.mjs <<'JS'
import { createClient } from "@crystallize/js-api-client";

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const scenario = async (name, { expiresIn, claims, ask }) => {
  let tokens = 0;
  let calls = 0;
  globalThis.fetch = async (url, init) => {
    await new Promise((done) => setImmediate(done));
    if (String(url).endsWith("/auth/token")) {
      tokens += 1;
      const { expiresIn: life } = JSON.parse(init.body);
      return Response.json({ success: true, token: `e30.${base64url({ ...claims, exp: Math.floor(Date.now() / 1000) + life })}.x` });
    }
    calls += 1;
    return Response.json({ data: {} });
  };
  const client = createClient({ tenantIdentifier: "acme", accessTokenId: "id", accessTokenSecret: "secret" }, { shopApiToken: { expiresIn } });
  const cart = () => client.shopCartApi("{ cart(id: \"1\") { id } }").then(() => "answered", (error) => error.name);
  const ends = await ask(cart);
  console.log(`${name}: ${tokens} tokens for ${calls} calls; ${ends.join(", ")}`);
};
const inTurn = async (call) => [await call(), await call(), await call()];
const atOnce = (call) => Promise.all([call(), call(), call()]);
await scenario("an hour, one after the other", { expiresIn: 3600, ask: inTurn });
await scenario("an hour, at once", { expiresIn: 3600, ask: atOnce });
await scenario("five minutes, one after the other", { expiresIn: 300, ask: inTurn });
await scenario("an hour, a claim with an accent", { expiresIn: 3600, claims: { name: "Zoé??" }, ask: inTurn });
JS

cat >expected <<'TEXT'
an hour, one after the other: 1 tokens for 3 calls; answered, answered, answered
an hour, at once: 3 tokens for 3 calls; answered, answered, answered
five minutes, one after the other: 3 tokens for 3 calls; answered, answered, answered
an hour, a claim with an accent: 1 tokens for 1 calls; answered, InvalidCharacterError, InvalidCharacterError
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: crystallize-a-token-for-each-call no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
