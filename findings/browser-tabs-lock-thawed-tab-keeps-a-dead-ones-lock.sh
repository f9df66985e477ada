#!/usr/bin/env bash
# browser-tabs-lock 1.3.0, three tabs; the first stands still (frozen, asleep) with the lock in hand.
# Expected (its README: a lock whose tab is gone is freed after a few seconds): the second tab gets the
# lock while the first stands still; when the second is closed in the middle of its work, the third gets
# it a few seconds later.
# Seen: the first tab, back again, prolongs whatever lock is stored, without looking whose it is, and goes
# on after its own releaseLock(), which finds another's lock and leaves its own mark in place. From then
# on it keeps the lock of every later holder alive, also of one that is closed: no tab gets the lock any
# more for as long as the first is open.
# Why it matters: who prolongs a lease must look whose lease it is, and must stop when it was lost.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error browser-tabs-lock@1.3.0 >/dev/null

cat >probe.cjs <<'JS'
const { createRequire } = require("node:module");
const path = require.resolve("browser-tabs-lock");

// Time that is advanced by hand; a tab that stands still or is closed runs no timers.
let now = 1_700_000_000_000;
let timers = [];
const entries = new Map();
const localStorage = {
  key: (index) => [...entries.keys()][index] ?? null,
  getItem: (key) => entries.get(key) ?? null,
  setItem: (key, value) => void entries.set(key, value),
  removeItem: (key) => void entries.delete(key),
  clear: () => entries.clear(),
};
let current;
globalThis.window = { localStorage, addEventListener() {}, removeEventListener() {} };
Date.now = () => now;
const realSetImmediate = setImmediate;
globalThis.setTimeout = (act, time = 0) => {
  const timer = { at: now + time, act, tab: current };
  timers.push(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => void (timers = timers.filter((other) => other !== timer));
// What a tab's promises do later is done before another tab's turn.
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => realSetImmediate(done));
};
const as = async (tab, act) => {
  current = tab;
  const result = act();
  await settle();
  current = undefined;
  return result;
};
const advance = async (time) => {
  for (const until = now + time; ; ) {
    const next = timers.filter(({ tab, at }) => tab.runs && at <= until).sort((a, b) => a.at - b.at)[0];
    if (!next) return void (now = until);
    timers = timers.filter((timer) => timer !== next);
    now = Math.max(now, next.at);
    await as(next.tab, next.act);
  }
};
const openTab = () => {
  for (const file of Object.keys(require.cache)) if (file.includes("browser-tabs-lock")) delete require.cache[file];
  const Lock = createRequire(path)(path).default;
  return { runs: true, lock: new Lock() };
};
// As the users of the library do: a few tries of five seconds each.
const acquire = async (tab, tries) => {
  let got = false;
  for (let made = 0; made < tries && !got; made += 1) {
    void as(tab, () => tab.lock.acquireLock("session", 5_000).then((value) => (got = value)));
    await advance(6_000);
  }
  return got;
};

const scenario = async (name, returns) => {
  entries.clear();
  timers = [];
  const [first, second, third] = [openTab(), openTab(), openTab()];
  const got = [await acquire(first, 1)];
  first.runs = false;
  await advance(10_000);
  got.push(await acquire(second, 3));
  if (returns) {
    first.runs = true;
    await advance(2_000);
    void as(first, () => first.lock.releaseLock("session"));
    await advance(2_000);
  }
  second.runs = false;
  await advance(10_000);
  got.push(await acquire(third, 20));
  console.log(`${name}: first ${got[0]}, second ${got[1]}, third, after two minutes, ${got[2]}`);
};
(async () => {
  await scenario("the first stays away", false);
  await scenario("the first comes back and releases", true);
})();
JS

cat >expected <<'TEXT'
the first stays away: first true, second true, third, after two minutes, true
the first comes back and releases: first true, second true, third, after two minutes, false
TEXT

node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: browser-tabs-lock-thawed-tab-keeps-a-dead-ones-lock no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
