#!/usr/bin/env bash
# @shopify/hydrogen 2026.4.6, createCustomerAccountClient() on the server, a session with a good refresh token.
# Expected: an access token that the platform does not take any more (401) is renewed once, because the refresh token is
# there for that; and a renewal that fails with 503 says nothing about who the visitor is.
# Seen: a 401 deletes the customer and the buyer (the B2B location) from the session, without a renewal. Under a 503
# isLoggedIn() is false and getBuyer() undefined, as for a guest: who passes it on to the cart asks for a
# guest's prices. Every later question in that request gets the same answer without being sent, and a query
# ends as a redirect to the login.
# Why it matters: a moment's trouble at the token endpoint shows a company the prices of nobody, with status 200. "Not
# signed in" and "not known just now" are two answers.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @shopify/hydrogen@2026.4.6 react@19.3.1 react-dom@19.3.1 react-router@7.16.0 >/dev/null

cat >probe.mjs <<'JS'
import { createCustomerAccountClient } from "@shopify/hydrogen";

const good = () => Response.json({ access_token: "access-2", refresh_token: "refresh-2", expires_in: 3_600 });
const busy = () => new Response("busy", { status: 503 });
const data = () => Response.json({ data: { customer: { id: "1" } } });
const refused = () => new Response("", { status: 401 });

const visit = async (name, life, renew, answer) => {
  const sent = [];
  globalThis.fetch = async (url, { headers, body }) => {
    if (!String(url).includes("/token")) return sent.push(`query with ${new Headers(headers).get("authorization")}`) && answer();
    sent.push(`renewal with ${new URLSearchParams(String(body)).get("refresh_token")}`);
    return renew();
  };
  const stored = {
    customerAccount: { accessToken: "access-1", refreshToken: "refresh-1", idToken: "id", expiresAt: String(Date.now() + life) },
    buyer: { companyLocationId: "location-1" },
  };
  const session = { get: (key) => stored[key], set: (key, value) => void (stored[key] = value), unset: (key) => void delete stored[key] };
  const client = createCustomerAccountClient({ session, customerAccountId: "shop", shopId: "1", request: new Request("https://shop.example/cart"), waitUntil: () => {} });
  const told = async (work) => {
    try {
      return JSON.stringify(await work);
    } catch (error) {
      return error instanceof Response ? `redirect to ${error.headers.get("location").split("?")[0]}` : error.message;
    }
  };
  console.log(`${name}:`);
  console.log(`  isLoggedIn ${await told(client.isLoggedIn())}, getBuyer ${await told(client.getBuyer())}`);
  console.log(`  query ${await told(client.query("query { customer { id } }"))}`);
  console.log(`  session holds ${Object.keys(stored).join(" and ") || "nothing"}; sent ${sent.join(", ")}`);
};
await visit("the token has ended, a renewal works", -1_000, good, data);
await visit("the token has ended, a renewal meets 503", -1_000, busy, data);
await visit("the token is not taken any more", 600_000, good, refused);
process.exit();
JS

cat >expected <<'TEXT'
the token has ended, a renewal works:
  isLoggedIn true, getBuyer {"companyLocationId":"location-1","customerAccessToken":"access-2"}
  query {"data":{"customer":{"id":"1"}}}
  session holds customerAccount and buyer; sent renewal with refresh-1, query with access-2
the token has ended, a renewal meets 503:
  isLoggedIn false, getBuyer undefined
  query redirect to /account/login
  session holds customerAccount and buyer; sent renewal with refresh-1
the token is not taken any more:
  isLoggedIn true, getBuyer {"companyLocationId":"location-1","customerAccessToken":"access-1"}
  query redirect to /account/login
  session holds nothing; sent query with access-1
TEXT

node probe.mjs 2>trouble >seen || { cat trouble; exit 1; }
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hydrogen-401-ends-a-good-session no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
