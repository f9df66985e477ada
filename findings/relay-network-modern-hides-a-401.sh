#!/usr/bin/env bash
# react-relay-network-modern 6.2.2 with relay-runtime 21.0.1, the middlewares in the order in which its README shows them,
# against a fetch that stands for the server.
# Expected: a query that fails rejects with what the server said: the error has `res`, and its status. It is sent once,
# where retryMiddleware() is not there or not for this status. What one customer was answered is not another's.
# Seen: a query that is alone in its batch, as most are, rejects with "Server does not return response for request at
# index 0" and without `res`, whatever happened: a 401, a 503, a lost connection. Two queries in one batch are told the
# truth. And cacheMiddleware() sends every query that has failed once more, at once, after it has written the error to the
# console; what it has stored it hands out after a sign-in as well, and after a sign-out, for the 15 minutes: the token is
# no part of its key.
# Why it matters: the page that leads to the login at a 401 does not see one, except when two queries meet; a server that
# is too busy, or counts attempts, gets each query twice. Call clear() on the cache that onInit is given at each change of
# the visitor.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error react-relay-network-modern@6.2.2 relay-runtime@21.0.1 >/dev/null

cat >probe.mjs <<'JS'
import network from "react-relay-network-modern";

const { RelayNetworkLayer, authMiddleware, batchMiddleware, cacheMiddleware, urlMiddleware } = network;
console.log = ((log) => (...text) => (text[0] instanceof Error ? undefined : log(...text)))(console.log);

let sent, answer, token;
globalThis.fetch = async (address, init) => {
  sent += 1;
  return answer(JSON.parse(init.body), init.headers.Authorization);
};
const ask = (layer, name) => layer.execute({ params: undefined, id: null, cacheID: name, name, text: `query ${name} { ${name} }`, operationKind: "query", metadata: {} }, {}, {}, null).toPromise();
const told = (work) => work.then((value) => JSON.stringify(value.data), (error) => `"${error.message.split("\n")[0]}", status ${error.res?.status}`);
const url = urlMiddleware({ url: "/graphql" });
const batch = () => batchMiddleware({ batchUrl: "/graphql/batch", batchTimeout: 10 });
const answers = {
  "a 401": async () => Response.json({ errors: [{ message: "sign in first" }] }, { status: 401 }),
  "a 503": async () => new Response("later", { status: 503 }),
  "no network": async () => Promise.reject(new TypeError("Failed to fetch")),
};
for (const [name, middlewares] of Object.entries({ "without a batch": [url], "with batchMiddleware": [url, batch()], "with cacheMiddleware": [cacheMiddleware(), url], "with both": [cacheMiddleware(), url, batch()] })) {
  const layer = new RelayNetworkLayer(middlewares);
  console.log(name);
  for (const [what, how] of Object.entries(answers)) {
    [sent, answer] = [0, how];
    const alone = await told(ask(layer, "cart"));
    console.log(`  ${what}, one query: ${alone}; sent ${sent}`);
  }
  [sent, answer] = [0, answers["a 401"]];
  const [one, two] = await Promise.all(["cart", "prices"].map((query) => told(ask(layer, query))));
  console.log(`  a 401, two queries: ${one}; ${two}; sent ${sent}`);
}
console.log("what is cached, by visitor");
answer = async (body, authorization) => Response.json({ data: { cart: `of ${authorization ?? "a guest"}` } });
const layer = new RelayNetworkLayer([cacheMiddleware(), url, authMiddleware({ token: () => token, allowEmptyToken: true })]);
for (const [what, now] of [["a guest", ""], ["signed in as ada", "ada"], ["signed out", ""]]) {
  token = now;
  console.log(`  ${what}: ${await told(ask(layer, "cart"))}`);
}
token = "ada";
const second = new RelayNetworkLayer([cacheMiddleware(), url, authMiddleware({ token: () => token, allowEmptyToken: true })]);
for (const [what, now] of [["ada", "ada"], ["signed out, then bob", "bob"]]) {
  token = now;
  console.log(`  ${what}: ${await told(ask(second, "cart"))}`);
}
process.exit();
JS

cat >expected <<'TEXT'
without a batch
  a 401, one query: "Relay request for `cart` failed by the following reasons:", status 401; sent 1
  a 503, one query: "Relay request for `cart` failed by the following reasons:", status 503; sent 1
  no network, one query: "Failed to fetch", status undefined; sent 1
  a 401, two queries: "Relay request for `cart` failed by the following reasons:", status 401; "Relay request for `prices` failed by the following reasons:", status 401; sent 2
with batchMiddleware
  a 401, one query: "Server does not return response for request at index 0.", status undefined; sent 1
  a 503, one query: "Server does not return response for request at index 0.", status undefined; sent 1
  no network, one query: "Server does not return response for request at index 0.", status undefined; sent 1
  a 401, two queries: "Relay request for `BATCH_REQUEST:cart:prices` failed by the following reasons:", status 401; "Relay request for `BATCH_REQUEST:cart:prices` failed by the following reasons:", status 401; sent 1
with cacheMiddleware
  a 401, one query: "Relay request for `cart` failed by the following reasons:", status 401; sent 2
  a 503, one query: "Relay request for `cart` failed by the following reasons:", status 503; sent 2
  no network, one query: "Failed to fetch", status undefined; sent 2
  a 401, two queries: "Relay request for `cart` failed by the following reasons:", status 401; "Relay request for `prices` failed by the following reasons:", status 401; sent 4
with both
  a 401, one query: "Server does not return response for request at index 0.", status undefined; sent 2
  a 503, one query: "Server does not return response for request at index 0.", status undefined; sent 2
  no network, one query: "Server does not return response for request at index 0.", status undefined; sent 2
  a 401, two queries: "Relay request for `BATCH_REQUEST:cart:prices` failed by the following reasons:", status 401; "Relay request for `BATCH_REQUEST:cart:prices` failed by the following reasons:", status 401; sent 2
what is cached, by visitor
  a guest: {"cart":"of a guest"}
  signed in as ada: {"cart":"of a guest"}
  signed out: {"cart":"of a guest"}
  ada: {"cart":"of Bearer ada"}
  signed out, then bob: {"cart":"of Bearer ada"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: relay-network-modern-hides-a-401 no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
