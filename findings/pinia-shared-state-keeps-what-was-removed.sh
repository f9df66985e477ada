#!/usr/bin/env bash
# pinia-shared-state 2.0.1 with pinia 3.0.4 and vue 3.5.45, two tabs.
# Expected: "share your state across browser tabs": after a change both have the same state.
# Seen: two ways to differ for good. What arrives is patched, and a patch merges objects: an article that is taken out of
# an object, an object that is emptied, a customer that is replaced by {} at the logout stay in the other tab, and
# come back with its next change. And messages are ordered by the millisecond: of two changes within one the second is
# taken for old and dropped, be it the token or the customer that belongs to it.
# Why it matters: the customer has signed out in one tab, is on show in the other, and is signed in again in both at its
# next click. A state that is sent whole has to replace; an order needs a count, not a clock.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error pinia-shared-state@2.0.1 pinia@3.0.4 vue@3.5.45 >/dev/null

cat >probe.mjs <<'JS'
import { createPinia, defineStore, setActivePinia } from "pinia";
import { PiniaSharedState } from "pinia-shared-state";
import { createApp, nextTick } from "vue";

const wait = () => new Promise((done) => setTimeout(done, 200));
const now = Date.now;
const open = (name) => {
  const useShop = defineStore(name, { state: () => ({ token: "", customer: {}, articles: {} }) });
  return [1, 2].map(() => {
    const pinia = createPinia().use(PiniaSharedState({ type: "native" }));
    createApp({}).use(pinia);
    setActivePinia(pinia);
    return useShop(pinia);
  });
};
const show = ({ token, customer, articles }) => JSON.stringify({ token, customer, articles });
const tell = async (what, first, second) => {
  await nextTick();
  await wait();
  console.log(`${what}: here ${show(first)}, there ${show(second)}`);
};

const [first, second] = open("objects");
first.$patch({ token: "t1", customer: { name: "buyer" }, articles: { lamp: 1, rug: 2 } });
await tell("signed in, two articles", first, second);
delete first.articles.lamp;
await tell("the lamp is taken out", first, second);
first.$patch((state) => Object.assign(state, { token: "", customer: {}, articles: {} }));
await tell("signed out", first, second);
second.token = "t2";
await tell("the other tab sets its token", first, second);

const [left, right] = open("clock");
await wait();
let time = now();
Date.now = () => time;
left.$patch({ token: "t1" });
left.$patch({ customer: { name: "buyer" } });
await tell("two changes in one millisecond", left, right);
time += 1000;
left.$patch({ token: "t2" });
time += 1;
left.$patch({ customer: { name: "another" } });
await tell("two changes, a millisecond apart", left, right);
process.exit();
JS

cat >expected <<'TEXT'
signed in, two articles: here {"token":"t1","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}, there {"token":"t1","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}
the lamp is taken out: here {"token":"t1","customer":{"name":"buyer"},"articles":{"rug":2}}, there {"token":"t1","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}
signed out: here {"token":"","customer":{},"articles":{}}, there {"token":"","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}
the other tab sets its token: here {"token":"t2","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}, there {"token":"t2","customer":{"name":"buyer"},"articles":{"lamp":1,"rug":2}}
two changes in one millisecond: here {"token":"t1","customer":{"name":"buyer"},"articles":{}}, there {"token":"t1","customer":{},"articles":{}}
two changes, a millisecond apart: here {"token":"t2","customer":{"name":"another"},"articles":{}}, there {"token":"t2","customer":{"name":"another"},"articles":{}}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: pinia-shared-state-keeps-what-was-removed no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
