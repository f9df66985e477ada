#!/usr/bin/env bash
# redis-semaphore 5.8.0, a Mutex with a lease of 10 seconds; the connection to Redis stands still for a minute.
# Expected: `isAcquired`, which the README's example asks before each step of the work, is false once the lease has run
# out without having been extended: the holder's own clock says so, whatever the network does.
# Seen: only Redis' answer to an extension ends it. While the extension waits for the connection, no other is
# begun, isAcquired stays true and onLockLost is not called: two hosts have the lock for 50 seconds, and both
# loops go on. The first hears of it when the connection is back.
# Why it matters: a client that queues commands while it is offline, which ioredis does by default, makes this of each
# failover. A lease has an end that the holder must count itself, and what it stores needs a fence.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error redis-semaphore@5.8.0 >/dev/null

cat >probe.mjs <<'JS'
import { mock } from "node:test";
import { Mutex } from "redis-semaphore";

mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"], now: 0 });
const real = setImmediate;
const turn = () => new Promise((done) => real(done));

// What the mutex needs of Redis: SET with PX and NX, and its scripts, which compare the holder.
const keys = new Map();
const get = (key) => {
  if (keys.get(key)?.end <= Date.now()) keys.delete(key);
  return keys.get(key);
};
const connect = () => {
  const client = { line: Promise.resolve() };
  client.set = async (key, id, _px, life) => {
    await client.line;
    if (get(key)) return null;
    keys.set(key, { id, end: Date.now() + life });
    return "OK";
  };
  client.eval = client.evalsha = async (_script, _count, key, id, life) => {
    await client.line;
    if (get(key)?.id !== id) return 0;
    if (life === undefined) keys.delete(key);
    else keys.set(key, { id, end: Date.now() + life });
    return 1;
  };
  return client;
};
const pass = async (seconds) => {
  for (let count = 0; count < seconds; count += 1) {
    mock.timers.tick(1_000);
    for (let times = 0; times < 5; times += 1) await turn();
  }
};

const first = connect();
const told = [];
const holder = new Mutex(first, "renewal", { lockTimeout: 10_000, onLockLost: () => told.push(`lost at ${Date.now() / 1000} s`) });
const other = new Mutex(connect(), "renewal", { lockTimeout: 10_000 });
const show = () => console.log(`${Date.now() / 1000} s: the first has it: ${holder.isAcquired}, the other: ${other.isAcquired}; told: ${told.join(", ") || "nothing"}`);

await holder.acquire();
await pass(5);
show();
let back;
first.line = new Promise((done) => (back = done));
await pass(6);
await other.tryAcquire();
show();
await pass(49);
show();
back();
await pass(1);
show();
process.exit();
JS

cat >expected <<'TEXT'
5 s: the first has it: true, the other: false; told: nothing
11 s: the first has it: true, the other: true; told: nothing
60 s: the first has it: true, the other: true; told: nothing
61 s: the first has it: false, the other: true; told: lost at 61 s
TEXT

node probe.mjs 2>trouble >seen || { cat trouble; exit 1; }
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: redis-semaphore-holds-what-has-run-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
