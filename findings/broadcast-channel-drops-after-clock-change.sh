#!/usr/bin/env bash
# broadcast-channel 7.4.0, its native method (the browser's own BroadcastChannel underneath).
# Expected: what one tab posts is heard by the tabs that listen, as with the BroadcastChannel it wraps;
# no clock is involved.
# Seen: each message carries its sender's Date.now(), each listener the time at which it was added, and
# a message that seems older than the listener is dropped without a word. Once a device's clock is set back
# (by a minute; by an hour, when it finds the network's time), what a tab that is opened afterwards posts
# is not heard by those that were open, until the clock has caught up. The BroadcastChannel underneath
# delivers each of them.
# Why it matters: "signed out" and "the company has changed" go over such channels; a tab that does not
# hear them goes on as before for an hour. An order of messages needs a counter, not a clock.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error broadcast-channel@7.4.0 >/dev/null

cat >probe.mjs <<'JS'
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { BroadcastChannel as Channel } from "broadcast-channel";

const open = () => new Channel("session", { type: "native", webWorkerSupport: false });
if (isMainThread) {
  // The main thread is the tab that was open, each worker one that is opened after the change.
  for (const [name, change] of [["as it was", 0], ["a minute back", -60_000], ["an hour back", -3_600_000], ["an hour on", 3_600_000]]) {
    const heard = [];
    const channel = open();
    channel.addEventListener("message", (message) => heard.push(message));
    const beneath = new BroadcastChannel("session");
    const delivered = new Promise((done) => (beneath.onmessage = done));
    const worker = new Worker(new URL(import.meta.url), { workerData: change });
    await delivered;
    for (let turn = 0; turn < 20 && !heard.length; turn += 1) await new Promise((done) => setTimeout(done, 10));
    console.log(`clock ${name}: delivered underneath, heard ${heard.length ? heard.join(", ") : "nothing"}`);
    beneath.close();
    await channel.close();
    await worker.terminate();
  }
  process.exit();
}
const now = Date.now;
Date.now = () => now() + workerData;
await open().postMessage("signed out");
parentPort.once("message", () => {});
JS

cat >expected <<'TEXT'
clock as it was: delivered underneath, heard signed out
clock a minute back: delivered underneath, heard nothing
clock an hour back: delivered underneath, heard nothing
clock an hour on: delivered underneath, heard signed out
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: broadcast-channel-drops-after-clock-change no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
