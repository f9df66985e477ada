#!/usr/bin/env bash
# xstate 5.33.3, a machine for a session: signed in, and `after` its lifetime ended; kept over a reload by
# getPersistedSnapshot() and createActor(machine, { snapshot }).
# Expected: an actor that is restored "where it left off" ends when the lifetime is over, or, at worst, a whole
# lifetime after the reload; a promise that was under way, which is told to start anew, does so under the same time limit.
# Seen: the snapshot says nothing of a delay, and starting from it arms none. A state with a time limit that has been
# restored once has no limit any more, whatever the delay and however long one waits, also at the next reload. The promise
# is started anew, a renewal with the same refresh token, and its time limit is gone as well.
# Why it matters: the session ends in a tab that is left open, and never in one that was reloaded. A lifetime is to be
# kept as a time of day, and compared at each reading.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error xstate@5.33.3 >/dev/null

cat >probe.mjs <<'JS'
import { createActor, fromPromise, setup, SimulatedClock } from "xstate";

let sent = 0;
const machine = setup({
  actors: { renew: fromPromise(() => new Promise(() => (sent += 1))) },
}).createMachine({
  id: "session",
  initial: "signedIn",
  states: {
    signedIn: { after: { 3_600_000: "ended" }, on: { RENEW: "renewing" } },
    renewing: { invoke: { src: "renew" }, after: { 10_000: "failed" } },
    ended: {},
    failed: {},
  },
});
const open = (snapshot) => {
  const clock = new SimulatedClock();
  const actor = createActor(machine, { clock, snapshot }).start();
  return { actor, clock, close: () => (actor.stop(), JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))) };
};

const kept = open();
kept.clock.increment(3_600_000);
console.log("left open, after an hour:", kept.actor.getSnapshot().value);
const first = open();
first.clock.increment(1_800_000);
const snapshot = JSON.parse(JSON.stringify(first.actor.getPersistedSnapshot()));
console.log("kept after half an hour:", JSON.stringify(snapshot));
const second = open(snapshot);
second.clock.increment(30 * 86_400_000);
console.log("restored, after another month:", second.actor.getSnapshot().value);
const third = open(second.close());
third.clock.increment(30 * 86_400_000);
console.log("restored again, after another month:", third.actor.getSnapshot().value);

const renewing = open();
renewing.actor.send({ type: "RENEW" });
const during = JSON.parse(JSON.stringify(renewing.actor.getPersistedSnapshot()));
renewing.clock.increment(10_000);
console.log(`a renewal that is not answered: sent ${sent}, after ten seconds ${renewing.actor.getSnapshot().value}`);
sent = 0;
const restored = open(during);
restored.clock.increment(86_400_000);
console.log(`restored during it: sent ${sent} more, after a day ${restored.actor.getSnapshot().value}`);
JS

cat >expected <<'TEXT'
left open, after an hour: ended
kept after half an hour: {"status":"active","value":"signedIn","historyValue":{},"context":{},"children":{}}
restored, after another month: signedIn
restored again, after another month: signedIn
a renewal that is not answered: sent 1, after ten seconds failed
restored during it: sent 1 more, after a day renewing
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: xstate-restored-session-never-ends no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
