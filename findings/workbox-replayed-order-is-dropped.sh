#!/usr/bin/env bash
# workbox-background-sync 7.4.1, new Queue(), pushRequest() and replayRequests() as its documentation shows them, over
# fake-indexeddb in Node.js in place of a service worker.
# Expected: what could not be sent for want of a network is sent when there is one, and stays in the queue until it has
# been taken: an order that meets a 503, or a 401 as its token has ended meanwhile, is tried again, or told.
# Seen: whatever is answered counts as sent. An order that is replayed into a 503, a 429, a 401 or a proxy's login page
# is gone from the queue, without an error, and the page is told nothing; only a lost connection keeps it. The token is
# the one of the day on which the order was queued, and by default it is kept for seven days.
# Why it matters: every order that waits longer than a token lives is dropped at the 401, and all of a shop that is
# overloaded when its customers come back from the tunnel. Give onSync, which looks at the status and puts the request
# back (unshiftRequest).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error workbox-background-sync@7.4.1 fake-indexeddb@6.2.8 >/dev/null

cat >probe.mjs <<'JS'
import "fake-indexeddb/auto";

globalThis.self = { registration: { scope: "https://shop.example/" }, addEventListener() {} };
globalThis.location = new URL("https://shop.example/");
globalThis.registration = self.registration;
process.env.NODE_ENV = "production";
const { Queue } = await import("workbox-background-sync/Queue.js");

let told;
const sent = [];
globalThis.fetch = async (request) => {
  sent.push(request.headers.get("authorization"));
  if (told === 0) throw new TypeError("fetch failed");
  return new Response(null, { status: told });
};
told = 0;
const queue = new Queue("orders");
const order = () => new Request("https://shop.example/orders", { method: "POST", body: '{"article":"lamp"}', headers: { authorization: "Bearer of yesterday" } });
for (const status of [201, 401, 429, 503, 0]) {
  told = 0;
  for (const { request } of await queue.getAll()) await queue.shiftRequest();
  await queue.pushRequest({ request: order() });
  told = status;
  sent.length = 0;
  const replay = await queue.replayRequests().then(() => "resolves", () => "rejects");
  console.log(`replayed ${status ? `into a ${status}` : "without a network"}: ${replay}, sent once with ${sent.join()}, left in the queue ${(await queue.getAll()).length}`);
}
process.exit();
JS

cat >expected <<'TEXT'
replayed into a 201: resolves, sent once with Bearer of yesterday, left in the queue 0
replayed into a 401: resolves, sent once with Bearer of yesterday, left in the queue 0
replayed into a 429: resolves, sent once with Bearer of yesterday, left in the queue 0
replayed into a 503: resolves, sent once with Bearer of yesterday, left in the queue 0
replayed without a network: rejects, sent once with Bearer of yesterday, left in the queue 1
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: workbox-replayed-order-is-dropped no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
