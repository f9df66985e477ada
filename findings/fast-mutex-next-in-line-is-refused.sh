#!/usr/bin/env bash
# fast-mutex 1.0.2, one FastMutex for a page as its README shows it, over a storage in memory and window.localStorage's
# methods.
# Expected: lock() waits until the lock is free, and rejects when it "could not be acquired within" the timeout of 5000
# ms; the lock of a tab that was closed is free once that time has passed.
# Seen: one instance has one set of figures for all its locks, and release() resets them, the start of the wait among
# them. Whoever waits through the same instance, for this lock or for any other, is rejected with "could not be acquired
# within 5000ms" right after the release, some milliseconds after he began. So of three calls in one page the first gets
# the lock only. And the lock of a closed tab holds twice the timeout, while those who come wait for once: all who come in
# its first five seconds are rejected. An instance of its own for each call does wait.
# Why it matters: calls that renew one token behind such a lock fail as though another tab were stuck, the more so the
# more parallel calls a page makes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fast-mutex@1.0.2 >/dev/null

cat >probe.mjs <<'JS'
import FastMutex from "fast-mutex";

const map = new Map();
const localStorage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, String(value)), removeItem: (key) => void map.delete(key) };
const hold = (time) => new Promise((done) => setTimeout(done, time));
/** One who takes the lock, keeps it for a moment and gives it back. */
const use = (mutex, lock, time = 60) =>
  mutex.lock(lock).then(
    async () => {
      await hold(time);
      await mutex.release(lock);
      return "had it";
    },
    ({ message }) => `rejected, "${message}"`,
  );
const scenario = async (name, calls) => {
  map.clear();
  console.log(name);
  const from = Date.now();
  const ends = await Promise.all(calls());
  ends.forEach((end, number) => console.log(`  call ${number + 1}: ${end}`));
  console.log(`  all within a second: ${Date.now() - from < 1000}`);
};
const mutex = new FastMutex({ localStorage });
await scenario("three calls for one lock, one instance", () => [1, 2, 3].map(() => use(mutex, "token")));
await scenario("a lock that another page holds, while one's own lock is released", () => [
  use(new FastMutex({ localStorage }), "token", 200),
  use(mutex, "token"),
  use(mutex, "cart", 20),
]);
await scenario("three calls for one lock, an instance each", () => [1, 2, 3].map(() => use(new FastMutex({ localStorage }), "token")));

// The clock is set on from here, and time passes at once.
const real = Date;
let ahead = 0;
globalThis.Date = class extends real {
  constructor() {
    super(real.now() + ahead);
  }
  static now = () => real.now() + ahead;
};
for (const seconds of [4, 6, 9, 11]) {
  ahead = 0;
  map.clear();
  await new FastMutex({ localStorage }).lock("token");
  ahead = seconds * 1000;
  const free = await Promise.race([new FastMutex({ localStorage }).lock("token").then(() => true), hold(300).then(() => false)]);
  console.log(`the lock of a tab that was closed, ${seconds} seconds later: ${free ? "free" : "held"}`);
}
process.exit();
JS

cat >expected <<'TEXT'
three calls for one lock, one instance
  call 1: had it
  call 2: rejected, "Lock could not be acquired within 5000ms"
  call 3: rejected, "Lock could not be acquired within 5000ms"
  all within a second: true
a lock that another page holds, while one's own lock is released
  call 1: had it
  call 2: rejected, "Lock could not be acquired within 5000ms"
  call 3: had it
  all within a second: true
three calls for one lock, an instance each
  call 1: had it
  call 2: had it
  call 3: had it
  all within a second: true
the lock of a tab that was closed, 4 seconds later: held
the lock of a tab that was closed, 6 seconds later: held
the lock of a tab that was closed, 9 seconds later: held
the lock of a tab that was closed, 11 seconds later: free
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fast-mutex-next-in-line-is-refused no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
