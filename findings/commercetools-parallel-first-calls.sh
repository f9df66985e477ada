#!/usr/bin/env bash
# @commercetools/ts-client 4.10.0, the anonymous session flow.
# Expected: calls that start together while no token is cached share one token request
# (the middleware keeps the promise of the request under way and says that others wait).
# Seen: every call makes a token request of its own; 20 calls open 20 anonymous sessions,
# and the cache keeps the last one. The same holds once a token has expired.
# The promise is handed to the processing function by value, so nobody else sees it.
# Why it matters: a page that opens with several calls spreads its guest over several
# sessions: what one call put into a cart the next one does not find, and calls are billed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercetools/ts-client@4.10.0 >/dev/null

cat >probe.mjs <<'JS'
import { ClientBuilder } from "@commercetools/ts-client";

let tokens = 0;
const bearers = new Set();
const httpClient = async (url, init) => {
  await new Promise((done) => setImmediate(done));
  if (String(url).includes("/oauth/")) {
    tokens += 1;
    return Response.json({ access_token: `access-${tokens}`, refresh_token: `refresh-${tokens}`, expires_in: 3600, token_type: "Bearer", scope: "shop" });
  }
  bearers.add(new Headers(init.headers).get("authorization"));
  return Response.json({});
};
const client = new ClientBuilder()
  .withAnonymousSessionFlow({ host: "https://auth.example", projectKey: "acme", credentials: { clientId: "id", clientSecret: "not-a-secret" }, scopes: ["shop"], httpClient })
  .withHttpMiddleware({ host: "https://api.example", httpClient })
  .build();
const call = () => client.execute({ uri: "/acme/me/carts", method: "GET", headers: {} });
await Promise.all(Array.from({ length: 20 }, call));
console.log(`20 calls at once: ${tokens} token requests`);
console.log(`more than one token in use: ${bearers.size > 1}`);
await call();
console.log(`one more call: ${tokens} token requests in all`);
JS

cat >expected <<'TEXT'
20 calls at once: 20 token requests
more than one token in use: true
one more call: 20 token requests in all
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercetools-parallel-first-calls no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
