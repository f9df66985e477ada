#!/usr/bin/env bash
# zustand 5.1.0, persist() over a storage that answers with promises (IndexedDB, as idb-keyval and localforage give).
# Expected: what is stored comes after the store is created, as its documentation says; a change that is made before
# that is either kept or lost, and the fields it does not touch are left alone in storage.
# Seen: any change before hydration writes the whole initial state. A page that sets its language stores an
# empty cart over the visitor's. What had been read before then arrives: memory shows the stored cart and the
# former language, storage the empty cart and the new one, and hasHydrated() is true. Closed now, the page has
# lost the cart; the next page shows it empty. Over localStorage the same code keeps both.
# Why it matters: moving a working store from localStorage to IndexedDB is one line. Nothing may be written to a
# record that has not been read.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error zustand@5.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { createJSONStorage, persist } from "zustand/middleware";
import { createStore } from "zustand/vanilla";

const turn = () => new Promise((done) => setImmediate(done));
const storages = {
  "at once": (disk) => ({ getItem: (key) => disk.get(key) ?? null, setItem: (key, value) => void disk.set(key, value), removeItem: (key) => void disk.delete(key) }),
  "by promise": (disk) => ({
    getItem: async (key) => (await turn(), disk.get(key) ?? null),
    setItem: async (key, value) => (await turn(), void disk.set(key, value)),
    removeItem: async (key) => (await turn(), void disk.delete(key)),
  }),
};
const text = ({ cart, language }) => `cart [${cart}], language ${language}`;
for (const [name, storage] of Object.entries(storages)) {
  const disk = new Map([["shop", JSON.stringify({ state: { cart: ["shoes"], language: "de" }, version: 0 })]]);
  const open = () => createStore(persist(() => ({ cart: [], language: "de" }), { name: "shop", storage: createJSONStorage(() => storage(disk)) }));
  const settled = async (store) => {
    while (!store.persist.hasHydrated()) await turn();
    for (let count = 0; count < 10; count += 1) await turn();
  };
  const store = open();
  store.setState({ language: "fr" });
  await settled(store);
  const next = open();
  await settled(next);
  console.log(`${name}: memory ${text(store.getState())}; stored ${text(JSON.parse(disk.get("shop")).state)}; the next page ${text(next.getState())}`);
}
JS

cat >expected <<'TEXT'
at once: memory cart [shoes], language fr; stored cart [shoes], language fr; the next page cart [shoes], language fr
by promise: memory cart [shoes], language de; stored cart [], language fr; the next page cart [], language fr
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: zustand-first-change-empties-the-store no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
