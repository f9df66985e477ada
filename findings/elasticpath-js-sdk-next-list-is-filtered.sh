#!/usr/bin/env bash
# @elasticpath/js-sdk 35.0.0, gateway() with MemoryStorageFactory, Filter(), Sort() and Limit() before All(), as its
# README and the API's reference show them, against a fetch that stands for the server.
# Expected: what is set for one list holds for that list; it does so while the token is good. A login that is refused is
# told at once. With reauth: false, which the types offer, a call does not authenticate by itself.
# Seen: what was set is taken away when a call is sent, but not when the call has to get a token first. So after the first
# call of a page, and after the one at the end of each token, the next list through the same endpoint is filtered, sorted
# and cut as that one was, and so is any later one until a call in between has been sent. A 401 to anything gets a new
# token and sends the call again, four times in all and with seconds between: where a wrong password is answered with 401,
# it is tried four times. And reauth: false is taken for true.
# Why it matters: once an hour a category shows the products of a search, a customer the orders of another state; a
# mistyped password locks the account. A test with a fresh token sees only the first, a long one neither.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @elasticpath/js-sdk@35.0.0 >/dev/null

cat >probe.mjs <<'JS'
import sdk from "@elasticpath/js-sdk";

const { gateway, MemoryStorageFactory } = sdk;
console.error = console.info = () => {};
let asked, ends, status;
const custom_fetch = async (address, { method, headers }) => {
  const { pathname, search } = new URL(address);
  if (pathname.startsWith("/oauth")) {
    asked.push("a token");
    return Response.json({ access_token: `t${asked.length}`, expires: ends, expires_in: 3600, identifier: "implicit", token_type: "Bearer" });
  }
  asked.push(`${method} ${pathname}${decodeURIComponent(search)}`);
  return Response.json({ data: [] }, { status });
};
const soon = () => Math.floor(Date.now() / 1000);
const open = (options) => {
  [asked, ends, status] = [[], soon() + 3600, 200];
  return gateway({ client_id: "shop", host: "shop.example", storage: new MemoryStorageFactory(), custom_fetch, retryDelay: 1, retryJitter: 1, ...options });
};
const tell = async (what, work) => {
  asked = [];
  const end = await work().then(() => "", () => "; rejected");
  console.log(`  ${what}: ${asked.join(", ")}${end}`);
};
console.log("lists");
const shop = open();
const search = () => shop.PCM.Filter({ eq: { sku: "lamp" } }).Limit(1).All();
await tell("a search, the page's first call", search);
await tell("a list of all", () => shop.PCM.All());
await tell("a list of all", () => shop.PCM.All());
await tell("a search", search);
await tell("a list of all", () => shop.PCM.All());
ends = soon() - 1;
shop.config.storage.delete("epCredentials");
await tell("a search when the token has ended", search);
ends = soon() + 3600;
shop.config.storage.delete("epCredentials");
await tell("a list of all when it has ended again", () => shop.PCM.All());
await tell("a list of all", () => shop.PCM.All());
console.log("a refused login");
const login = open();
status = 401;
await tell("a wrong password", () => login.Customers.Token("buyer@shop.example", "wrong"));
console.log("reauth: false");
const manual = open({ reauth: false });
await tell("a call without a token", () => manual.PCM.All());
process.exit();
JS

cat >expected <<'TEXT'
lists
  a search, the page's first call: a token, GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
  a list of all: GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
  a list of all: GET /pcm/products
  a search: GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
  a list of all: GET /pcm/products
  a search when the token has ended: a token, GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
  a list of all when it has ended again: a token, GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
  a list of all: GET /pcm/products?page[limit]=1&filter=eq(sku,lamp)
a refused login
  a wrong password: a token, POST /v2/customers/tokens, a token, POST /v2/customers/tokens, a token, POST /v2/customers/tokens, a token, POST /v2/customers/tokens; rejected
reauth: false
  a call without a token: a token, GET /pcm/products
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: elasticpath-js-sdk-next-list-is-filtered no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
