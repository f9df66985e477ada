#!/usr/bin/env bash
# got 14.6.6 and axios-retry 4.5.0 (axios 1.21.1), a 429 with Retry-After: 2592000 (30 days).
# Expected: no retry within this process's life; got documents that it gives up when
# Retry-After is greater than maxRetryAfter, which defaults to the request's time-out.
# Seen: both retry at once: the wait is handed to setTimeout unchanged, Node cannot hold more
# than 2^31 - 1 ms (24.8 days) and fires after 1 ms instead. got has no time-out by default,
# so nothing bounds the wait. ky 1.14.3 bounds it and waits (a long timer that Node can hold
# is taken for waiting here, so the script does not wait itself).
# Why it matters: the longer a server says "stay away", the sooner the client is back.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error got@14.6.6 axios@1.21.1 axios-retry@4.5.0 ky@1.14.3 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";

let hits = 0;
const server = http.createServer((_request, answer) => {
  hits += 1;
  if (hits === 1) answer.writeHead(429, { "retry-after": "2592000" }).end();
  else answer.end("ok");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;

let told;
process.on("warning", (warning) => { if (warning.name === "TimeoutOverflowWarning") told = true; });
const { default: got } = await import("got");
const { default: ky } = await import("ky");
const { default: axios } = await import("axios");
const { default: axiosRetry } = await import("axios-retry");
const client = axios.create();
axiosRetry(client, { retries: 2 });

const original = globalThis.setTimeout;
const scenario = async (name, call) => {
  hits = 0;
  told = false;
  let long;
  const waits = new Promise((done) => { long = done; });
  globalThis.setTimeout = (work, ms, ...rest) => {
    // A wait that Node can hold and that outlasts any request of this script is taken for a wait.
    if (ms > 1_000_000 && ms <= 2_147_483_647) { long("still waiting"); return original(() => {}, 0); }
    return original(work, ms, ...rest);
  };
  const end = await Promise.race([call().then(() => "answered", (error) => error.name), waits]);
  globalThis.setTimeout = original;
  await new Promise((done) => setImmediate(done));
  console.log(`${name}: ${end} after ${hits} request(s), Node warned of the overflow: ${told}`);
};
await scenario("got", () => got(url).text());
await scenario("axios-retry", () => client.get(url));
await scenario("ky", () => ky(url).text());
process.exit();
JS

cat >expected <<'TEXT'
got: answered after 2 request(s), Node warned of the overflow: true
axios-retry: answered after 2 request(s), Node warned of the overflow: true
ky: still waiting after 1 request(s), Node warned of the overflow: false
TEXT

node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: retry-after-of-a-month no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
