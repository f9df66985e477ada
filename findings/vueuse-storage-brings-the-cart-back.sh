#!/usr/bin/env bash
# @vueuse/core 14.4.0 with vue 3.5.45, useStorage("cart", { lines: [] }) in jsdom 26.1.0; another tab is the storage's
# change and the event that a browser sends of it.
# Expected: what another tab removes is gone here too, and the default ({ lines: [] }) is shown; `cart.value = null` deletes,
# as the documentation says; what is changed here is stored.
# Seen: the default is the very object that is shown and changed, as long as nothing was stored at the start. So on a
# first visit a sign-out in another tab that removes the cart has this tab write the full cart back to the
# storage, and `cart.value = null` shows it again; a function as the default changes nothing. After a reload both are
# empty. And from another tab's event until the next tick nothing is stored: a change in that task, or by a watcher of
# the cart (a count), stays in memory; of changes by two components in one tick one is lost, in memory too.
# Why it matters: the next customer at that device finds the cart of the one before, on a first visit only, which is
# what no developer's browser is at. Assign a new value, and change none in place.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @vueuse/core@14.4.0 vue@3.5.45 jsdom@26.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("", { url: "https://shop.example/" });
const { document, localStorage, Storage, StorageEvent, CustomEvent } = window;
Object.assign(globalThis, { window, document, localStorage, Storage, StorageEvent, CustomEvent });
const { useStorage } = await import("@vueuse/core");
const { effectScope, nextTick, watch } = await import("vue");

const otherTab = (newValue) => {
  const oldValue = localStorage.getItem("cart");
  if (newValue === null) localStorage.removeItem("cart");
  else localStorage.setItem("cart", newValue);
  window.dispatchEvent(new StorageEvent("storage", { key: "cart", oldValue, newValue, storageArea: localStorage }));
};
const rest = async () => {
  for (let turn = 0; turn < 5; turn += 1) await nextTick();
};
const scenario = async (name, before, use) => {
  localStorage.clear();
  if (before) localStorage.setItem("cart", before);
  const scope = effectScope();
  const cart = await scope.run(() => use());
  await rest();
  console.log(`${name}: shown ${JSON.stringify(cart.value)}, stored ${localStorage.getItem("cart")}`);
  scope.stop();
};
const open = () => useStorage("cart", { lines: [] });
const full = async (given = { lines: [] }) => {
  const cart = useStorage("cart", given);
  cart.value.lines.push("chair");
  await rest();
  return cart;
};
const stored = '{"lines":["chair"]}';
await scenario("first visit, removed elsewhere", undefined, async () => {
  const cart = await full();
  otherTab(null);
  return cart;
});
await scenario("later visit, removed elsewhere", stored, async () => {
  const cart = open();
  otherTab(null);
  return cart;
});
await scenario("first visit, a function as the default, removed elsewhere", undefined, async () => {
  const cart = await full(() => ({ lines: [] }));
  otherTab(null);
  return cart;
});
for (const [visit, before] of [["first", undefined], ["later", stored]]) {
  await scenario(`${visit} visit, set to null`, before, async () => {
    const cart = before ? open() : await full();
    cart.value = null;
    return cart;
  });
}
await scenario("a change in the task of another tab's event", undefined, async () => {
  const cart = open();
  await rest();
  otherTab(stored);
  cart.value.lines.push("lamp");
  return cart;
});
await scenario("a watcher that counts", undefined, async () => {
  const cart = open();
  watch(cart, (now) => void (now.count = now.lines.length), { deep: true });
  await rest();
  otherTab(stored);
  return cart;
});
await scenario("two components in one tick", undefined, async () => {
  const [one, two] = [open(), open()];
  one.value.lines.push("chair");
  two.value.lines.push("lamp");
  return one;
});
JS

cat >expected <<'TEXT'
first visit, removed elsewhere: shown {"lines":["chair"]}, stored {"lines":["chair"]}
later visit, removed elsewhere: shown {"lines":[]}, stored {"lines":[]}
first visit, a function as the default, removed elsewhere: shown {"lines":["chair"]}, stored {"lines":["chair"]}
first visit, set to null: shown {"lines":["chair"]}, stored null
later visit, set to null: shown {"lines":[]}, stored null
a change in the task of another tab's event: shown {"lines":["chair","lamp"]}, stored {"lines":["chair"]}
a watcher that counts: shown {"lines":["chair"],"count":1}, stored {"lines":["chair"]}
two components in one tick: shown {"lines":["lamp"]}, stored {"lines":["lamp"]}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: vueuse-storage-brings-the-cart-back no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
