#!/usr/bin/env bash
# redux-remember 6.0.2 with redux 5.0.1, actions that are dispatched before what is stored has been read.
# Expected: what is stored replaces the slices that are remembered; every other slice stays as it is.
# Seen: the reducer keeps the state of the very first moment, and builds the new state from that and from what was read.
# Whatever was dispatched meanwhile is undone, in the slices that are not remembered as well, and in those of which
# nothing is stored: a login that came back by redirect, a language, an article that was put into the cart on a first
# visit. Their actions had been reduced, and subscribers had been told. Over an asynchronous storage that is tens of milliseconds.
# Why it matters: the first click of a visit is lost, on slow devices above all; nothing says so but REMEMBER_REHYDRATED.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error redux-remember@6.0.2 redux@5.0.1 >/dev/null

cat >probe.mjs <<'JS'
import { legacy_createStore as createStore } from "redux";
import { rememberEnhancer, rememberReducer } from "redux-remember";

const wait = (time) => new Promise((done) => setTimeout(done, time));
const keep = (type, first) => (state = first, action) => (action.type === type ? action.value : state);
for (const [name, stored] of [["a first visit, nothing stored", {}], ["a cart is stored", { "shop:cart": '["chair"]' }]]) {
  const entries = new Map(Object.entries(stored));
  const driver = {
    getItem: async (key) => (await wait(50), entries.get(key) ?? null),
    setItem: async (key, value) => void entries.set(key, value),
  };
  const reducer = rememberReducer({ cart: keep("cart", []), language: keep("language", "en"), customer: keep("customer", "nobody") });
  const store = createStore(reducer, rememberEnhancer(driver, ["cart"], { prefix: "shop:", persistThrottle: 10 }));
  store.dispatch({ type: "customer", value: "buyer" });
  store.dispatch({ type: "language", value: "de" });
  store.dispatch({ type: "cart", value: ["lamp"] });
  console.log(`${name}: at once ${JSON.stringify(store.getState())}`);
  await wait(300);
  console.log(`  after the storage was read ${JSON.stringify(store.getState())}`);
}
JS

cat >expected <<'TEXT'
a first visit, nothing stored: at once {"cart":["lamp"],"language":"de","customer":"buyer"}
  after the storage was read {"cart":[],"language":"en","customer":"nobody"}
a cart is stored: at once {"cart":["lamp"],"language":"de","customer":"buyer"}
  after the storage was read {"cart":["chair"],"language":"en","customer":"nobody"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: redux-remember-undoes-what-came-before no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
