#!/usr/bin/env bash
# ofetch 1.5.1 (the $fetch of Nuxt and Nitro), its option `timeout`.
# Expected: "to automatically abort a request after a timeout"; and with `retry`, by the README, it
# will "always retry", so a server that is silent once and answers then is asked a second time.
# Seen: with a `signal` beside it the time-out is never set: a request that is not answered waits for
# as long as the signal is silent. Without one, time ends with the headers: a body that stops half-way
# is waited for as well. And where it does time out, the retry is made with the signal that has just
# fired, so it sends nothing: one request with `retry: 2`, where a broken connection gets three.
# Why it matters: TanStack Query, Nuxt's useFetch and every component that cleans up hand over a
# signal; a renewal or a cart behind such a call hangs where its author has written a limit.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ofetch@1.5.1 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { ofetch } from "ofetch";

let requests = 0;
const server = http.createServer((request, answer) => {
  requests += 1;
  if (request.url === "/cut") request.socket.destroy();
  if (request.url === "/half") answer.write("half");
  if (request.url === "/later" && requests > 1) answer.end("answered");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
// Ten times the limit is enough to tell "waits" from "timed out".
const limit = 200;
const scenario = async (name, path, options) => {
  requests = 0;
  const call = ofetch(base + path, { timeout: limit, ...options }).catch((error) => error.cause?.name ?? error.name);
  const end = await Promise.race([call, new Promise((done) => setTimeout(done, 10 * limit, "still waiting"))]);
  console.log(`${name}: ${end}; requests ${requests}`);
};
await scenario("silent", "/silent", { retry: 0 });
await scenario("silent, with a signal", "/silent", { retry: 0, signal: new AbortController().signal });
await scenario("half a body", "/half", { retry: 0 });
await scenario("silent once, retry 2", "/later", { retry: 2 });
await scenario("connection cut, retry 2", "/cut", { retry: 2 });
process.exit();
JS

cat >expected <<'TEXT'
silent: TimeoutError; requests 1
silent, with a signal: still waiting; requests 1
half a body: still waiting; requests 1
silent once, retry 2: TimeoutError; requests 1
connection cut, retry 2: TypeError; requests 3
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ofetch-timeout-by-halves no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
