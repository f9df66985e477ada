#!/usr/bin/env bash
# cacheable 2.5.0, wrap(): a function's results are kept by its arguments, each function with a keyPrefix of its own.
# Expected: arguments that differ have results of their own, or are refused; a function that rejects is told to who called,
# and not kept (the README: "will not cache the value and will return the error").
# Seen: the key is made of the JSON of the arguments, which of Headers, URLSearchParams, a Request, a Map or a Set is
# `{}`: the first visitor's answer is everybody's for as long as the entry lives. A URL, a plain object, and Headers
# that were made an array are told apart. A rejection comes as `undefined`, by a call that resolves; the error
# goes to an event of the cache. Without a keyPrefix a function goes by its name, and two without one (an arrow
# function in the call), or two methods called `read`, answer for each other.
# Why it matters: `wrap((headers) => visitorOf(headers))` on a server hands the first visitor's session to all, and a platform
# that fails for a moment makes "Bearer undefined". Keep by a text that names who asks.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error cacheable@2.5.0 >/dev/null

cat >probe.mjs <<'JS'
import { Cacheable } from "cacheable";

const cache = new Cacheable();
const errors = [];
cache.on("error", (error) => errors.push(error.message));
const argumentsOf = {
  text: (name) => name,
  object: (name) => ({ name }),
  URL: (name) => new URL(`https://shop.example/${name}`),
  "Headers as an array": (name) => [...new Headers({ cookie: `shop=${name}` })],
  Headers: (name) => new Headers({ cookie: `shop=${name}` }),
  URLSearchParams: (name) => new URLSearchParams({ name }),
  Request: (name) => new Request(`https://shop.example/${name}`),
  Map: (name) => new Map([["name", name]]),
  Set: (name) => new Set([name]),
};
for (const [kind, given] of Object.entries(argumentsOf)) {
  let asked = 0;
  const visitorOf = cache.wrap(async () => `visitor ${(asked += 1)}`, { ttl: "1h", keyPrefix: kind });
  console.log(`${kind}: ${await visitorOf(given("one"))}, ${await visitorOf(given("two"))}`);
}
let fails = true;
const token = cache.wrap(async () => {
  if (fails) throw new Error("503");
  return "token";
}, { ttl: "1h", keyPrefix: "token" });
const first = await token().then((value) => `resolved with ${value}`, (error) => `rejected with ${error.message}`);
fails = false;
console.log(`a function that rejects: ${first}, events ${errors.join(", ") || "none"}; then ${await token()}`);
const cartOf = cache.wrap(async (id) => `cart of ${id}`, { ttl: "1h" });
const ordersOf = cache.wrap(async (id) => `orders of ${id}`, { ttl: "1h" });
console.log(`two functions without a name: ${await cartOf("one")}, ${await ordersOf("one")}`);
const [prices, stock] = [{ read: async () => "prices" }, { read: async () => "stock" }];
console.log(`two methods of one name: ${await cache.wrap(prices.read, { ttl: "1h" })()}, ${await cache.wrap(stock.read, { ttl: "1h" })()}`);
JS

cat >expected <<'TEXT'
text: visitor 1, visitor 2
object: visitor 1, visitor 2
URL: visitor 1, visitor 2
Headers as an array: visitor 1, visitor 2
Headers: visitor 1, visitor 1
URLSearchParams: visitor 1, visitor 1
Request: visitor 1, visitor 1
Map: visitor 1, visitor 1
Set: visitor 1, visitor 1
a function that rejects: resolved with undefined, events 503; then token
two functions without a name: cart of one, cart of one
two methods of one name: prices, prices
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: cacheable-wrap-takes-one-visitor-for-another no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
