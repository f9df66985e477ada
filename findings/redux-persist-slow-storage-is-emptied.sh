#!/usr/bin/env bash
# redux-persist 6.0.0 with redux 5.0.1, persistReducer() as it comes, over a storage that takes six seconds to
# answer its first read (an IndexedDB that another tab is upgrading, a phone that wakes).
# Expected: `timeout` is how long a page waits for what is stored; what is stored stays, and the next page finds it.
# Seen: after five seconds the initial state counts as what was stored, and is written: the cart is deleted by the
# wait alone, without any change by the visitor. The answer that comes a second later, with the
# cart, is dropped. With `timeout: 0` the page has the cart after six seconds.
# Why it matters: a limit for waiting must not decide what is true. Nothing may be written over a record that has not
# been read.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error redux-persist@6.0.0 redux@5.0.1 >/dev/null

cat >probe.cjs <<'JS'
const { mock } = require("node:test");
process.env.NODE_ENV = "production";
const { legacy_createStore } = require("redux");
const { persistReducer, persistStore } = require("redux-persist");

const real = setImmediate;
mock.timers.enable({ apis: ["setTimeout"] });
const seconds = async (count) => {
  for (let step = 0; step < count * 10; step += 1) {
    mock.timers.tick(100);
    for (let times = 0; times < 5; times += 1) await new Promise((done) => real(done));
  }
};
const stored = (disk) => JSON.parse(disk.get("persist:shop")).cart;

async function visit(name, options) {
  const disk = new Map([["persist:shop", JSON.stringify({ cart: '["shoes"]', _persist: '{"version":-1,"rehydrated":true}' })]]);
  const storage = {
    getItem: async (key) => {
      const found = disk.get(key);
      await new Promise((done) => setTimeout(done, 6_000));
      return found;
    },
    setItem: async (key, value) => void disk.set(key, value),
    removeItem: async (key) => void disk.delete(key),
  };
  const store = legacy_createStore(persistReducer({ key: "shop", storage, ...options }, (state = { cart: [] }) => state));
  const persistor = persistStore(store);
  const told = [];
  for (const wait of [4, 2, 2]) {
    await seconds(wait);
    // What is to be written is written by a timer of its own; this waits for it.
    await persistor.flush();
    const { cart, _persist } = store.getState();
    told.push(`page [${cart}]${_persist.rehydrated ? "" : " (waits)"}, stored ${stored(disk)}`);
  }
  console.log(`${name}: after 4 s ${told[0]}; 6 s ${told[1]}; 8 s ${told[2]}`);
}
visit("as it comes", {}).then(() => visit("timeout: 0", { timeout: 0 })).then(() => process.exit());
JS

cat >expected <<'TEXT'
as it comes: after 4 s page [] (waits), stored ["shoes"]; 6 s page [], stored []; 8 s page [], stored []
timeout: 0: after 4 s page [] (waits), stored ["shoes"]; 6 s page [shoes], stored ["shoes"]; 8 s page [shoes], stored ["shoes"]
TEXT

node probe.cjs 2>trouble >seen || { cat trouble; exit 1; }
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: redux-persist-slow-storage-is-emptied no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
