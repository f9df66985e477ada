#!/usr/bin/env bash
# fetch-retry 6.0.0, p-retry 7.1.1, async-retry 1.3.3, exponential-backoff 3.1.3 and xior 0.8.5 with its plugin
# error-retry, each with three repeats and 200 ms between them, around a fetch with a signal.
# Expected: an abort ends it all: the caller is told at once, and nothing is tried again, for a signal that has fired
# fails every later try as well. Under a time limit of one try there are three more.
# Seen: an abort is taken for an error of the network. All repeats are made, each of which fails at once, and the caller
# is told after the last: here after 600 ms, with what p-retry does by itself, ten repeats whose waits double, after
# seventeen minutes. What is done in the function before the fetch, a renewal of the token for instance, is done each
# time. With AbortSignal.timeout() the first try is the only one that reaches the server.
# Why it matters: a page that was left, or a logout that aborts all calls, goes on renewing, and who awaits the end of
# the calls before he signs out waits. Look at signal.aborted in shouldRetry, retryOn or bail, and make a signal for
# each try.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fetch-retry@6.0.0 p-retry@7.1.1 async-retry@1.3.3 exponential-backoff@3.1.3 xior@0.8.5 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import asyncRetry from "async-retry";
import { backOff } from "exponential-backoff";
import fetchRetry from "fetch-retry";
import pRetry from "p-retry";
import xior from "xior";
import errorRetry from "xior/plugins/error-retry";

let [reached, tries] = [0, 0];
const server = createServer((request, answer) => {
  reached += 1;
  setTimeout(() => answer.end("the cart"), request.url === "/cart" ? 5000 : 0);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const shopUrl = `http://127.0.0.1:${server.address().port}`;
const url = `${shopUrl}/cart`;
await (await fetch(shopUrl)).text(); // what is loaded at the first call takes its time
const read = (...parts) => {
  tries += 1;
  return fetch(...parts);
};
const ways = {
  "fetch-retry": (signal) => fetchRetry(read, { retries: 3, retryDelay: 200 })(url, { signal }),
  "p-retry": (signal) => pRetry(() => read(url, { signal }), { retries: 3, minTimeout: 200, factor: 1 }),
  "async-retry": (signal) => asyncRetry(() => read(url, { signal }), { retries: 3, minTimeout: 200, factor: 1, randomize: false }),
  "exponential-backoff": (signal) => backOff(() => read(url, { signal }), { numOfAttempts: 4, startingDelay: 200, timeMultiple: 1 }),
  xior: (signal) => {
    const shop = xior.create({ fetch: read });
    shop.plugins.use((next) => (config) => next(config));
    shop.plugins.use(errorRetry({ retryTimes: 3, retryInterval: 200 }));
    return shop.get(url, { signal });
  },
};
for (const [name, way] of Object.entries(ways)) {
  const told = [];
  for (const [what, open] of [
    ["aborted", () => {
      const leaving = new AbortController();
      setTimeout(() => leaving.abort(), 250);
      return leaving.signal;
    }],
    ["a limit of 250 ms", () => AbortSignal.timeout(250)],
  ]) {
    [reached, tries] = [0, 0];
    const start = performance.now();
    const error = await way(open()).catch((reason) => reason);
    const late = performance.now() - start > 700;
    told.push(`${what}: ${tries} tries, the server sees ${reached}, ${error.name} ${late ? "when all waits are over" : "at once"}`);
  }
  console.log(`${name}, ${told.join("; ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
fetch-retry, aborted: 4 tries, the server sees 1, AbortError when all waits are over; a limit of 250 ms: 4 tries, the server sees 1, TimeoutError when all waits are over
p-retry, aborted: 4 tries, the server sees 1, AbortError when all waits are over; a limit of 250 ms: 4 tries, the server sees 1, TimeoutError when all waits are over
async-retry, aborted: 4 tries, the server sees 1, AbortError when all waits are over; a limit of 250 ms: 4 tries, the server sees 1, TimeoutError when all waits are over
exponential-backoff, aborted: 4 tries, the server sees 1, AbortError when all waits are over; a limit of 250 ms: 4 tries, the server sees 1, TimeoutError when all waits are over
xior, aborted: 4 tries, the server sees 1, AbortError when all waits are over; a limit of 250 ms: 4 tries, the server sees 1, TimeoutError when all waits are over
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: an-abort-is-tried-again no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
