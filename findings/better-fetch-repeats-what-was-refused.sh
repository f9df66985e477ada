#!/usr/bin/env bash
# @better-fetch/fetch 1.3.3, createFetch({ retry }) as its documentation shows it, with attempts and a delay only.
# Expected: what may be better the next time is made again: a lost connection, a 503; and what has been decided is not,
# least of all a write: a 400, a 401, a 409.
# Seen: it is the other way round. Any status that is no success is repeated, under every method: an order that is
# refused with 409, a login with a wrong password, and a write that a 500 may have carried out, are sent four times. A
# connection that is lost is not repeated at all, a GET neither. An abort during the wait before the next attempt is not
# heard until the wait is over.
# Why it matters: one wrong password counts as four, and locks the account; a cart that one lost packet has hit is not
# shown. Give shouldRetry, which decides on the status, and catch what rejects.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @better-fetch/fetch@1.3.3 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { createFetch } from "@better-fetch/fetch";

let [status, requests] = [200, 0];
const server = createServer((request, answer) => {
  requests += 1;
  if (status === 0) return requests === 1 ? request.socket.destroy() : answer.end('"the cart"');
  answer.statusCode = status;
  answer.end("{}");
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const shop = createFetch({ baseURL: `http://127.0.0.1:${server.address().port}`, retry: { type: "linear", attempts: 3, delay: 20 } });
const write = { method: "POST", body: { article: "lamp" } };
for (const [name, path, init, told] of [["a login that is refused", "/login", write, 401], ["an order that is refused", "/orders", write, 409], ["an article that is not there", "/products/lamp", {}, 404], ["an order that meets an error", "/orders", write, 500], ["a cart over a connection that is cut once", "/cart", {}, 0]]) {
  [status, requests] = [told, 0];
  const result = await shop(path, init).then(({ data, error }) => (error ? error.status : data), () => "rejects");
  console.log(`${name}: ${requests} requests, ${result}`);
}
[status, requests] = [503, 0];
const start = performance.now();
const leaving = new AbortController();
setTimeout(() => leaving.abort(), 50);
await shop("/cart", { signal: leaving.signal, retry: { type: "linear", attempts: 3, delay: 1000 } }).catch(() => {});
console.log(`aborted after 50 ms, in a wait of a second: settled after ${performance.now() - start > 900 ? "a second" : "50 ms"}`);
process.exit();
JS

cat >expected <<'TEXT'
a login that is refused: 4 requests, 401
an order that is refused: 4 requests, 409
an article that is not there: 4 requests, 404
an order that meets an error: 4 requests, 500
a cart over a connection that is cut once: 1 requests, rejects
aborted after 50 ms, in a wait of a second: settled after a second
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: better-fetch-repeats-what-was-refused no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
