#!/usr/bin/env bash
# pinia-plugin-persistedstate 4.7.1 with pinia 4.1.0, vue 3.5.45: $hydrate() when another tab has stored something, and at
# the start of a page.
# Expected: "hydrate store from configured storage": after it the store is what the storage holds, as it is at a reload.
# Seen: what is stored is laid over what is there. A customer that the other tab has set to undefined at the logout, and an
# article that it has deleted from the cart, stay; and as $hydrate() is a change, all of it is written back at once: the
# other tab's next look, and every page that is loaded later, has the customer and the article again. At the start the
# initial state is what lies below: an article that is there by default cannot be deleted for longer than a visit. What is set
# to null, and what is left out of a list, is taken over.
# Why it matters: a tab that was only to follow a logout undoes it for all. Sign out with null and keep the cart as a list, or
# call $reset() before $hydrate().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error pinia-plugin-persistedstate@4.7.1 pinia@4.1.0 vue@3.5.45 @vue/devtools-api@8.2.1 >/dev/null

cat >probe.mjs <<'JS'
import { createPinia, defineStore } from "pinia";
import { createPersistedState } from "pinia-plugin-persistedstate";
import { createApp, nextTick } from "vue";

const kept = new Map();
const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) };
/** The store of a tab that has just been loaded. */
const tab = (state) => {
  const pinia = createPinia().use(createPersistedState({ storage }));
  createApp({}).use(pinia);
  return defineStore("shop", { state, persist: true })(pinia);
};
const told = (what) => console.log(`  ${what}: ${kept.get("shop")}`);

for (const [name, state, change] of [
  ["undefined and delete", () => ({ customer: "north", lines: { lamp: 1, chair: 2 } }), (store) => ((store.customer = undefined), delete store.lines.lamp)],
  ["null and a list", () => ({ customer: "north", lines: ["lamp", "chair"] }), (store) => ((store.customer = null), store.lines.shift())],
]) {
  console.log(name);
  kept.clear();
  const [here, there] = [tab(() => ({ customer: undefined, lines: Array.isArray(state().lines) ? [] : {} })), tab(state)];
  there.$patch(state());
  there.$persist();
  here.$hydrate();
  await nextTick();
  told("signed in in two tabs");
  change(there);
  await nextTick();
  told("one has signed out");
  here.$hydrate();
  await nextTick();
  told("the other has followed");
  const later = tab(() => ({ customer: undefined, lines: Array.isArray(state().lines) ? [] : {} }));
  console.log(`  a page that is loaded then shows: customer ${later.customer}, ${Object.values(later.lines).length} lines`);
}
kept.clear();
const state = () => ({ lines: { gift: 1 } });
const store = tab(state);
delete store.lines.gift;
await nextTick();
console.log("an article that is there by default");
told("deleted");
console.log(`  the next page shows: ${Object.keys(tab(state).lines).join() || "nothing"}`);
JS

cat >expected <<'TEXT'
undefined and delete
  signed in in two tabs: {"customer":"north","lines":{"lamp":1,"chair":2}}
  one has signed out: {"lines":{"chair":2}}
  the other has followed: {"customer":"north","lines":{"lamp":1,"chair":2}}
  a page that is loaded then shows: customer north, 2 lines
null and a list
  signed in in two tabs: {"customer":"north","lines":["lamp","chair"]}
  one has signed out: {"customer":null,"lines":["chair"]}
  the other has followed: {"customer":null,"lines":["chair"]}
  a page that is loaded then shows: customer null, 1 lines
an article that is there by default
  deleted: {"lines":{}}
  the next page shows: gift
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: pinia-plugin-persistedstate-hydrate-keeps-the-customer no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
