#!/usr/bin/env bash
# retry-axios 4.0.3 (axios 1.21.1), Retry-After that asks for no wait.
# Expected: "Retry-After: 0", or a date that has just passed by the client's clock, means
# "you may come now": the request is repeated at once (got 14.6.6 does), or after the backoff.
# Seen: retry-axios gives up without any retry and rejects with the 503, while the very same
# 503 without a usable Retry-After is retried.
# Why it matters: a device whose clock runs a few seconds ahead of the server's turns each
# short Retry-After date into "never", so an outage of a second reaches the visitor.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error axios@1.21.1 retry-axios@4.0.3 got@14.6.6 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import axios from "axios";
import got from "got";
import * as rax from "retry-axios";

let hits = 0, header;
const server = http.createServer((_request, answer) => {
  hits += 1;
  if (hits > 1) answer.end("ok");
  else answer.writeHead(503, header === undefined ? {} : { "retry-after": header }).end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;
const client = axios.create();
client.defaults.raxConfig = { instance: client };
rax.attach(client);
const calls = { "retry-axios": () => client.get(url), got: () => got(url).text() };
const headers = { none: undefined, 0: "0", "a date 5 s ago": new Date(Date.now() - 5000).toUTCString(), "1 s": "1" };
for (const [name, call] of Object.entries(calls)) {
  for (const [label, value] of Object.entries(headers)) {
    hits = 0;
    header = value;
    const end = await call().then(() => "answered", () => "rejected");
    console.log(`${name}, Retry-After ${label}: ${end} after ${hits} request(s)`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
retry-axios, Retry-After 0: rejected after 1 request(s)
retry-axios, Retry-After none: answered after 2 request(s)
retry-axios, Retry-After a date 5 s ago: rejected after 1 request(s)
retry-axios, Retry-After 1 s: answered after 2 request(s)
got, Retry-After 0: answered after 2 request(s)
got, Retry-After none: answered after 2 request(s)
got, Retry-After a date 5 s ago: answered after 2 request(s)
got, Retry-After 1 s: answered after 2 request(s)
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: retry-axios-gives-up-at-zero no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
