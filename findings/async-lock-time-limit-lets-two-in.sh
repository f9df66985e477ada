#!/usr/bin/env bash
# async-lock 1.5.0 with maxExecutionTime, p-queue 9.3.5 with concurrency 1 and timeout.
# Expected: a lock for one at a time keeps to that; a limit for the time tells whoever waits that it takes long. So it
# is with async-lock's `timeout` and `maxOccupationTime`, and with withTimeout() of async-mutex 0.5.0: no second one is
# begun before the first has ended.
# Seen: at the limit the caller is told of an error, and the next task begins while the first is still running: two are
# inside. p-queue says pending 1 then. What the first brings in the end is dropped, though it has been done.
# Why it matters: around a renewal of tokens the limit is reached when the platform is slow, and then the
# same refresh token is sent twice, and the answer to the first is lost with the token in it. Who waits may give up;
# the lock must not.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error async-lock@1.5.0 p-queue@9.3.5 async-mutex@0.5.0 >/dev/null

cat >probe.mjs <<'JS'
import AsyncLock from "async-lock";
import { Mutex, withTimeout } from "async-mutex";
import PQueue from "p-queue";

const limit = 50;
const lock = (options) => {
  const it = new AsyncLock(options);
  return { run: (task) => it.acquire("renewal", task) };
};
const kinds = {
  "async-lock, maxExecutionTime": () => lock({ maxExecutionTime: limit }),
  "async-lock, maxOccupationTime": () => lock({ maxOccupationTime: limit }),
  "p-queue, timeout": () => {
    const queue = new PQueue({ concurrency: 1, timeout: limit });
    return { run: (task) => queue.add(task), pending: () => queue.pending };
  },
  "async-lock, timeout": () => lock({ timeout: limit }),
  "async-mutex, withTimeout": () => {
    const mutex = withTimeout(new Mutex(), limit);
    return { run: (task) => mutex.runExclusive(task) };
  },
};
for (const [name, create] of Object.entries(kinds)) {
  const { run, pending } = create();
  let inside = 0;
  let most = 0;
  let goOn, pendingThen;
  const slow = new Promise((done) => (goOn = done));
  const task = (work) => async () => {
    inside += 1;
    if (inside > most) {
      most = inside;
      pendingThen = pending?.();
    }
    await work();
    inside -= 1;
    return "done";
  };
  const told = (promise) => promise.then((value) => value, () => "an error");
  const first = told(run(task(() => slow)));
  // The first is under way for longer than the limit when the second comes.
  await new Promise((done) => setTimeout(done, 2 * limit));
  const second = told(run(task(async () => {})));
  const secondTold = await second;
  goOn();
  console.log(`${name}: inside at once ${most}${pending ? `, pending ${pendingThen}` : ""}; the first is told ${await first}, the second ${secondTold}`);
}
process.exit();
JS

cat >expected <<'TEXT'
async-lock, maxExecutionTime: inside at once 2; the first is told an error, the second done
async-lock, maxOccupationTime: inside at once 1; the first is told an error, the second an error
p-queue, timeout: inside at once 2, pending 1; the first is told an error, the second done
async-lock, timeout: inside at once 1; the first is told done, the second an error
async-mutex, withTimeout: inside at once 1; the first is told done, the second an error
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: async-lock-time-limit-lets-two-in no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
