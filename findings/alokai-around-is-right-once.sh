#!/usr/bin/env bash
# @vue-storefront/sdk 3.4.2 (Alokai), initSDK() and buildModule() with interceptors and subscribers in the extension, as
# the types and the documentation have them.
# Expected: an "around" interceptor is called with the next function and the arguments of the call, each time. Subscribers
# belong to the SDK that they are given to: on a server an SDK is made for each visitor.
# Seen: with each call the interceptor is bound anew, in the configured list itself, to the next function. So the first
# call is right, and from the second on the arguments begin with a function, with one more at every call, and so do those
# that the method gets. There is one list of subscribers for all SDKs that are ever made in a process, and nothing leaves
# it: each visitor's are told of all other visitors' calls, with their data.
# Why it matters: what locks, renews or repeats around a call sends a wrong first argument from the second call on, which
# JSON turns into null; on a server a handler that stores the cart stores it for everybody who was there before, and all
# are kept in memory. Override the method, and subscribe outside of the server.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @vue-storefront/sdk@3.4.2 >/dev/null

cat >probe.mjs <<'JS'
import { buildModule, initSDK } from "@vue-storefront/sdk";

/** A module as Alokai's are: a function that gives the connector. */
const shop = () => ({ connector: { addToCart: async (...given) => given.map((one) => (typeof one === "function" ? "a function" : JSON.stringify(one))).join(" and ") } });

console.log("around");
const seen = [];
const guarded = initSDK({
  shop: buildModule(shop, {}, {
    interceptors: [
      {
        around: {
          addToCart: async (next, ...given) => {
            seen.push(`${given.length} argument(s), first ${typeof given[0] === "function" ? "a function" : JSON.stringify(given[0])}`);
            return next(...given);
          },
        },
      },
    ],
  }),
});
for (const [number, line] of [[1, { sku: "lamp" }], [2, { sku: "chair" }], [3, { sku: "rug" }]]) {
  const answer = await guarded.shop.addToCart(line);
  console.log(`  call ${number} with ${JSON.stringify(line)}: the interceptor gets ${seen.pop()}; the method gets ${answer}`);
}

console.log("before and after");
const plain = initSDK({ shop: buildModule(shop, {}, { interceptors: [{ before: { addToCart: (given) => given }, after: { addToCart: (answer) => answer } }] }) });
for (const line of [{ sku: "lamp" }, { sku: "chair" }]) console.log(`  with ${JSON.stringify(line)}: the method gets ${await plain.shop.addToCart(line)}`);

console.log("subscribers, an SDK for each visitor");
const told = [];
const visitor = (name) => initSDK({ shop: buildModule(shop, {}, { subscribers: { shop_addToCart_after: (answer) => told.push(`${name}'s is told of ${answer}`) } }) });
const ada = visitor("ada");
const bob = visitor("bob");
await ada.shop.addToCart({ sku: "lamp" });
await bob.shop.addToCart({ sku: "chair" });
for (const line of told) console.log(`  ${line}`);
JS

cat >expected <<'TEXT'
around
  call 1 with {"sku":"lamp"}: the interceptor gets 1 argument(s), first {"sku":"lamp"}; the method gets {"sku":"lamp"}
  call 2 with {"sku":"chair"}: the interceptor gets 2 argument(s), first a function; the method gets a function and {"sku":"chair"}
  call 3 with {"sku":"rug"}: the interceptor gets 3 argument(s), first a function; the method gets a function and a function and {"sku":"rug"}
before and after
  with {"sku":"lamp"}: the method gets {"sku":"lamp"}
  with {"sku":"chair"}: the method gets {"sku":"chair"}
subscribers, an SDK for each visitor
  ada's is told of {"sku":"lamp"}
  bob's is told of {"sku":"lamp"}
  ada's is told of {"sku":"chair"}
  bob's is told of {"sku":"chair"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: alokai-around-is-right-once no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
