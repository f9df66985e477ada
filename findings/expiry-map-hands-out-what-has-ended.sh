#!/usr/bin/env bash
# expiry-map 2.0.0, the cache that the README of p-memoize 8.0.0 advises for "time-based cache expiration", around a
# function that fetches a token.
# Expected: what was stored for 60 seconds is not handed out later: get() compares the end, which is stored with the
# value, with the clock.
# Seen: get() and has() never look at the clock; only a timer deletes. Timers count the time in which the
# machine is awake and the thread is free: after an hour's sleep the token of an hour ago is handed out, for up to 60
# seconds more; so it is after a long task. And a timer cannot count more than 24.8 days: what is stored for 30 days
# is deleted after a millisecond, and each call fetches a token.
# Why it matters: the first calls after a laptop is opened fail with 401, and a token that lives long costs a request
# for each call. A timer may tidy up, but whether something has ended only the clock says.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error p-memoize@8.0.0 expiry-map@2.0.0 >/dev/null

cat >probe.mjs <<'JS'
import { mock } from "node:test";
import ExpiryMap from "expiry-map";
import pMemoize from "p-memoize";

const day = 86_400_000;
const scenario = async (name, life, pass) => {
  mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
  let calls = 0;
  const token = pMemoize(async () => `token ${(calls += 1)}`, { cache: new ExpiryMap(life) });
  const first = await token();
  await pass();
  console.log(`${name}: ${first}, then ${await token()}`);
  mock.timers.reset();
};
// As a machine that sleeps: the clock goes on, the timers do not.
const sleep = (time) => () => mock.timers.tick(time);
const wait = (time) => () => new Promise((done) => setTimeout(done, time));
const work = (time) => () => {
  for (const start = performance.now(); performance.now() - start < time; );
};
await scenario("60 seconds, half of them asleep", 60_000, sleep(30_000));
await scenario("60 seconds, an hour asleep", 60_000, sleep(3_600_000));
await scenario("50 ms, a second at rest", 50, wait(1000));
await scenario("50 ms, a task of a second", 50, work(1000));
await scenario("24 days, 200 ms at rest", 24 * day, wait(200));
await scenario("30 days, 200 ms at rest", 30 * day, wait(200));
process.exit();
JS

cat >expected <<'TEXT'
60 seconds, half of them asleep: token 1, then token 1
60 seconds, an hour asleep: token 1, then token 1
50 ms, a second at rest: token 1, then token 2
50 ms, a task of a second: token 1, then token 1
24 days, 200 ms at rest: token 1, then token 1
30 days, 200 ms at rest: token 1, then token 2
TEXT

timeout 60 node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: expiry-map-hands-out-what-has-ended no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
