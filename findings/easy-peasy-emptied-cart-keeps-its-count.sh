#!/usr/bin/env bash
# easy-peasy 6.1.1 with react 18.3.1, an action of a part of the model that returns the new state, and persist().
# Expected: an action may change the state in place or return a new one: it is done by immer, which has it so, the types
# allow it, and the documentation shows it without immer. Either way "mutations are turned into immutable updates", and
# computed properties follow.
# Seen: what an action returns is written into the state of before, and the store has the same state as before. Nothing is
# computed anew, so in { ...state, lines: [] } the computed count is a plain 2, or it is undefined where it was not
# copied, until some other action runs; persist() stores the 2 beside the empty cart. A state that was kept, to undo, has
# changed too. Changed in place, or with immer: false, all is well.
# Why it matters: after the order or the logout the cart is empty and its badge says 2, and nobody is told who compares
# the states. The next action of anybody mends it, so it is seen now and then.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error easy-peasy@6.1.1 react@18.3.1 react-dom@18.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { action, computed, createStore, persist } from "easy-peasy";

globalThis.window = { requestAnimationFrame: (draw) => setTimeout(draw, 1) };
const kept = new Map();
const storage = { getItem: (key) => JSON.parse(kept.get(key) ?? "null"), setItem: (key, value) => void kept.set(key, JSON.stringify(value)), removeItem: (key) => void kept.delete(key) };
const cart = {
  lines: ["lamp", "chair"],
  count: computed((state) => state.lines.length),
  add: action((state, line) => void state.lines.push(line)),
};
const ways = {
  "changed in place": { empty: action((state) => void (state.lines = [])) },
  "a new state without immer": { empty: action((state) => ({ ...state, lines: [] }), { immer: false }) },
  "a new state": { empty: action((state) => ({ ...state, lines: [] })) },
  "a new state without the rest": { empty: action(() => ({ lines: [] })) },
};
for (const [name, way] of Object.entries(ways)) {
  kept.clear();
  const store = createStore(persist({ cart: { ...cart, ...way } }, { storage }));
  await store.persist.resolveRehydration();
  const tell = async (what) => {
    await store.persist.flush();
    const { lines, count } = store.getState().cart;
    console.log(`  ${what}: ${lines.length} lines, count ${count}; stored ${[...kept.values()].join()}`);
  };
  console.log(name);
  const before = store.getState();
  store.getActions().cart.empty();
  await tell("emptied");
  console.log(`  the state of before: ${before.cart.lines.length} lines, ${before === store.getState() ? "is the state of now" : "another object"}`);
  store.getActions().cart.add("rug");
  await tell("then an article");
}
process.exit();
JS

cat >expected <<'TEXT'
changed in place
  emptied: 0 lines, count 0; stored {"cart":{"lines":[]}}
  the state of before: 2 lines, another object
  then an article: 1 lines, count 1; stored {"cart":{"lines":["rug"]}}
a new state without immer
  emptied: 0 lines, count 0; stored {"cart":{"lines":[]}}
  the state of before: 2 lines, another object
  then an article: 1 lines, count 1; stored {"cart":{"lines":["rug"]}}
a new state
  emptied: 0 lines, count 2; stored {"cart":{"lines":[],"count":2}}
  the state of before: 0 lines, is the state of now
  then an article: 1 lines, count 1; stored {"cart":{"lines":["rug"]}}
a new state without the rest
  emptied: 0 lines, count undefined; stored {"cart":{"lines":[]}}
  the state of before: 0 lines, is the state of now
  then an article: 1 lines, count 1; stored {"cart":{"lines":["rug"]}}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: easy-peasy-emptied-cart-keeps-its-count no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
