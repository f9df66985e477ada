#!/usr/bin/env bash
# @shopify/storefront-api-client 2.0.0 (its @shopify/graphql-client 2.0.0), option `retries`, answers 429
# and 503 with Retry-After.
# Expected: Retry-After is a number of SECONDS, or a date (RFC 9110, 10.2.3). Without one the client
# waits a second.
# Seen: the number is handed to a timer as it is, as milliseconds: asked to stay away for 30 seconds it is
# back after 30 ms, three retries are over in a tenth of a second, and a server that says nothing is spared
# longer than one that asks. A date counts as NaN, that is, at once. A call that its caller has aborted
# is tried three times more and ends three seconds later, with the reason as a part of an error's text.
# Why it matters: a throttled shop is hit three more times while it asks for quiet, the call fails though
# waiting would have done, and mutations ("add to cart") are among what is repeated.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @shopify/storefront-api-client@2.0.0 @shopify/graphql-client@2.0.0 >/dev/null

cat >probe.mjs <<'JS'
import { createStorefrontApiClient } from "@shopify/storefront-api-client";

// Timers ring at once here; what was asked for is noted.
const asked = [];
const { setTimeout } = globalThis;
globalThis.setTimeout = (callback, delay) => {
  asked.push(delay);
  return setTimeout(callback, 0);
};
const scenario = async (name, answer, signal) => {
  asked.length = 0;
  let sent = 0;
  const client = createStorefrontApiClient({
    storeDomain: "https://shop.example", apiVersion: "2026-01", publicAccessToken: "public", retries: 3,
    customFetchApi: async () => {
      sent += 1;
      signal?.throwIfAborted();
      return answer();
    },
  });
  const { errors } = await client.request("mutation { cartCreate { cart { id } } }", { signal });
  console.log(`${name}: sent ${sent} times, waits in milliseconds ${asked.join(", ")}; ${errors.networkStatusCode ?? errors.message}`);
};
const refuse = (status, wait) => () => new Response("", { status, headers: wait ? { "retry-after": wait } : {} });
await scenario("503 without a word", refuse(503));
await scenario("503, 30 seconds", refuse(503, "30"));
await scenario("429, 2 seconds", refuse(429, "2"));
await scenario("503, a date in ten minutes", refuse(503, new Date(Date.now() + 600_000).toUTCString()));
await scenario("aborted", refuse(200), AbortSignal.abort(new Error("signed out")));
JS

cat >expected <<'TEXT'
503 without a word: sent 4 times, waits in milliseconds 1000, 1000, 1000; 503
503, 30 seconds: sent 4 times, waits in milliseconds 30, 30, 30; 503
429, 2 seconds: sent 4 times, waits in milliseconds 2, 2, 2; 429
503, a date in ten minutes: sent 4 times, waits in milliseconds NaN, NaN, NaN; 503
aborted: sent 4 times, waits in milliseconds 1000, 1000, 1000; GraphQL Client: Attempted maximum number of 3 network retries. Last message - signed out
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: shopify-retry-after-in-milliseconds no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
