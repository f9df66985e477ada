#!/usr/bin/env bash
# axios-cache-interceptor 1.12.3 with axios 1.21.1, setupCache() without options, against a local shop whose answers
# have an ETag and max-age=1.
# Expected: stale-if-error is for 500, 502, 503 and 504, or a lost connection (RFC 5861, 4), and where the server allows
# it; a 401 is told. A call that is aborted rejects.
# Seen: staleIfError is on by itself and means any error. From the end of max-age on a 401 resolves with the status 200
# and the cart that is stored, for who has signed out and for the next customer, again and again and without a limit of
# time. An abort during that request resolves as well, with the stored cart, as does a 404. Without an ETag or
# Last-Modified all of these reject, for then nothing is kept beyond its age.
# Why it matters: a renewal or a login that waits for a 401 never comes, the cart of before is taken for the one of now,
# and it all begins on the day on which the server sends an ETag. Set staleIfError to a function that looks at the
# status.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error axios-cache-interceptor@1.12.3 axios@1.21.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import axios from "axios";
import { setupCache } from "axios-cache-interceptor";

let [status, etag] = [200, true];
const server = createServer((request, answer) => {
  const who = request.headers.authorization;
  setTimeout(() => {
    answer.statusCode = who ? status : 401;
    if (answer.statusCode === 200) {
      if (etag) answer.setHeader("etag", '"1"');
      answer.setHeader("cache-control", "max-age=1");
    }
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify(answer.statusCode === 200 ? `the cart of ${who}` : "an error"));
  }, 50);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const show = (call) => call.then(({ status: told, data, stale }) => `${told} "${data}"${stale ? ", stale" : ""}`, (error) => `rejects, ${error.response?.status ?? error.code}`);
const as = (who, more) => ({ headers: who ? { Authorization: who } : {}, ...more });

for (etag of [true, false]) {
  const shop = setupCache(axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` }));
  const name = etag ? "with an ETag" : "without";
  status = 200;
  console.log(`${name}, the customer: ${await show(shop.get("/cart", as("buyer")))}`);
  await wait(1100);
  console.log(`${name}, signed out: ${await show(shop.get("/cart", as()))}; again: ${await show(shop.get("/cart", as()))}`);
  await shop.storage.clear?.();
  await show(shop.get("/cart", as("buyer")));
  await wait(1100);
  status = 404;
  console.log(`${name}, a cart that is gone: ${await show(shop.get("/cart", as("buyer")))}`);
  status = 401;
  console.log(`${name}, another customer, whose token has ended: ${await show(shop.get("/cart", as("other")))}`);
  status = 200;
  const leaving = new AbortController();
  const call = show(shop.get("/cart", as("buyer", { signal: leaving.signal })));
  setTimeout(() => leaving.abort(), 20);
  console.log(`${name}, aborted: ${await call}`);
}
process.exit();
JS

cat >expected <<'TEXT'
with an ETag, the customer: 200 "the cart of buyer"
with an ETag, signed out: 200 "the cart of buyer", stale; again: 200 "the cart of buyer", stale
with an ETag, a cart that is gone: 200 "the cart of buyer", stale
with an ETag, another customer, whose token has ended: 200 "the cart of buyer", stale
with an ETag, aborted: 200 "the cart of buyer", stale
without, the customer: 200 "the cart of buyer"
without, signed out: rejects, 401; again: rejects, 401
without, a cart that is gone: rejects, 404
without, another customer, whose token has ended: rejects, 401
without, aborted: rejects, ERR_CANCELED
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axios-cache-interceptor-answers-a-401-with-the-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
