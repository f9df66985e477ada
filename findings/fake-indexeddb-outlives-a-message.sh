#!/usr/bin/env bash
# fake-indexeddb 6.2.8, how long a transaction stays active.
# Expected: as IndexedDB says: once control has returned to the event loop a transaction takes
# no further request; awaiting a task in between (a timer, a message) ends it.
# Seen: a timer in between ends it (TransactionInactiveError), but a message of a MessageChannel
# does not: the next request is accepted and stored.
# Why it matters: MessageChannel is the usual way to wait without being throttled in a hidden
# tab; a read and a write with such a wait between them pass here, and throw in each browser.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fake-indexeddb@6.2.8 >/dev/null

cat >probe.mjs <<'JS'
import "fake-indexeddb/auto";

const settled = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
const opening = indexedDB.open("session", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("store");
const db = await settled(opening);
const waits = {
  microtasks: async () => { for (let turn = 0; turn < 20; turn += 1) await null; },
  "a timer": () => new Promise((done) => setTimeout(done, 10)),
  "a message": () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(); };
    port2.postMessage(0);
  }),
};
for (const [name, wait] of Object.entries(waits)) {
  const store = db.transaction("store", "readwrite").objectStore("store");
  const before = (await settled(store.get("revision"))) ?? 0;
  await wait();
  let end;
  try {
    await settled(store.put(before + 1, "revision"));
    end = "written";
  } catch (error) {
    end = error.name;
  }
  console.log(`read, ${name}, write: ${end}`);
}
process.exit();
JS

cat >expected <<'TEXT'
read, microtasks, write: written
read, a timer, write: TransactionInactiveError
read, a message, write: written
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fake-indexeddb-outlives-a-message no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
