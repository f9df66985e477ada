#!/usr/bin/env bash
# @commercelayer/js-auth 8.0.1, makeSalesChannel() with a customer whose refresh token is refused for good
# (he comes back after its life has ended).
# Expected: getAuthorization() gives the customer's token while that can be had, and a guest's otherwise;
# a customer without a refresh token whose time is over becomes a guest. A refusal is told as one.
# Seen: authenticate() looks at `errors` in the answer but not at the status, and resolves; the missing
# token is then decoded, and getAuthorization() rejects with InvalidTokenError "Invalid token format".
# What is stored stays, so every later call sends the refused refresh token again and rejects, over
# reloads too: the shop cannot even show its products to a guest until the storage is cleared by hand.
# Why it matters: it is the faithful customer for whom the shop is closed, and nothing in the error tells
# a refusal from a broken answer. The end of an identity has to be taken, not only met.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercelayer/js-auth@8.0.1 >/dev/null

cat >probe.mjs <<'JS'
import { authenticate, makeSalesChannel } from "@commercelayer/js-auth";

const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
const token = (life, owner) => {
  const now = Math.floor(Date.now() / 1000);
  return `${encode({ alg: "none", kid: "k" })}.${encode({ application: { kind: "sales_channel" }, iat: now, exp: now + life, ...(owner && { owner: { id: owner, type: "Customer" } }) })}.x`;
};
const refused = () => Response.json({ errors: [{ title: "Invalid grant", code: "INVALID_GRANT", status: "401" }] }, { status: 401 });

const scenario = async (name, refreshToken) => {
  const entries = new Map([["cl_customer-shop-market:all", { accessToken: token(-60, "customer-1"), scope: "market:all", refreshToken }]]);
  const storage = { getItem: async (key) => entries.get(key) ?? null, setItem: async (key, value) => void entries.set(key, value), removeItem: async (key) => void entries.delete(key) };
  const sent = [];
  globalThis.fetch = async (_url, init) => {
    const { grant_type } = JSON.parse(init.body);
    sent.push(grant_type);
    return grant_type === "refresh_token" ? refused() : Response.json({ access_token: token(14_400), scope: "market:all", token_type: "Bearer", expires_in: 14_400 });
  };
  const ends = [];
  for (let load = 0; load < 3; load += 1) {
    // Each time the page is loaded anew.
    const channel = makeSalesChannel({ clientId: "shop", scope: "market:all" }, { storage });
    ends.push(await channel.getAuthorization().then(({ ownerType }) => ownerType, (error) => `${error.name} "${error.message}"`));
  }
  console.log(`${name}: ${ends.join(", ")}; sent ${sent.join(", ")}`);
};
await scenario("no refresh token", undefined);
await scenario("refused refresh token", "refresh-1");
globalThis.fetch = async () => refused();
const { accessToken, expires, errors } = await authenticate("refresh_token", { clientId: "shop", refreshToken: "refresh-1" });
console.log(`authenticate() after 401: resolves, accessToken ${accessToken}, expires ${expires}, errors ${errors.length}`);
globalThis.fetch = async () => Response.json({ message: "Too many requests" }, { status: 429 });
const limited = await authenticate("client_credentials", { clientId: "shop", scope: "market:all" });
console.log(`authenticate() after 429: resolves, accessToken ${limited.accessToken}, expires ${limited.expires}, errors ${limited.errors}`);
JS

cat >expected <<'TEXT'
no refresh token: guest, guest, guest; sent client_credentials
refused refresh token: InvalidTokenError "Invalid token format", InvalidTokenError "Invalid token format", InvalidTokenError "Invalid token format"; sent refresh_token, refresh_token, refresh_token
authenticate() after 401: resolves, accessToken undefined, expires undefined, errors 1
authenticate() after 429: resolves, accessToken undefined, expires Invalid Date, errors undefined
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercelayer-refused-refresh-blocks-the-shop no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
