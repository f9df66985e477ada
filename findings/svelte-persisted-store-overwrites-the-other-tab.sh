#!/usr/bin/env bash
# svelte-persisted-store 0.12.0 with svelte 5.57.3, persisted() with its default `syncTabs: true`, two tabs.
# Expected: it "can sync changes across browser tabs": update() starts from what is stored, and what another tab removes is gone here.
# Seen: a store listens to other tabs only while somebody subscribes to it, and does not read the storage again when
# somebody does. With the cart closed, an article that is added here starts from the cart as it was before, and the
# other tab's articles are lost; who opens it sees the old cart. And a removal (removeItem(), clear(), as at a logout) is
# never heard, with a subscriber either: the customer is on show, and the next update() stores him again.
# Why it matters: two open product pages lose each other's articles, and a logout ends in the tab that is left open.
# What is changed by a function must be read before, under a lock where several write.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error svelte-persisted-store@0.12.0 svelte@5.57.3 >/dev/null

cat >probe.mjs <<'JS'
const entries = new Map();
globalThis.document = {};
globalThis.localStorage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value), removeItem: (key) => void entries.delete(key) };
globalThis.window = new EventTarget();
const anotherTab = (key, value) => {
  const newValue = value === null ? null : JSON.stringify(value);
  if (newValue === null) entries.delete(key);
  else entries.set(key, newValue);
  window.dispatchEvent(Object.assign(new Event("storage"), { key, newValue, storageArea: localStorage }));
};
const { get } = await import("svelte/store");
const { persisted } = await import("svelte-persisted-store");
const add = (cart, article) => cart.update((articles) => [...articles, article]);

for (const [name, isOpen] of [["subscribed", true], ["closed", false]]) {
  const cart = persisted(`cart ${name}`, []);
  const close = cart.subscribe(() => {});
  if (!isOpen) close();
  add(cart, "lamp");
  anotherTab(`cart ${name}`, ["lamp", "chair", "table"]);
  console.log(`${name}: the other tab has put in a chair and a table, this one has ${get(cart).join(", ")}`);
  add(cart, "rug");
  console.log(`  a rug is added here; stored is ${JSON.parse(entries.get(`cart ${name}`)).join(", ")}`);
}
const customer = persisted("customer", { name: "guest" });
customer.subscribe(() => {});
anotherTab("customer", { name: "buyer" });
console.log(`signed in elsewhere: ${get(customer).name}`);
anotherTab("customer", null);
console.log(`signed out elsewhere: ${get(customer).name}`);
customer.update((one) => ({ ...one, language: "de" }));
console.log(`the language is changed here; stored is ${entries.get("customer")}`);
JS

cat >expected <<'TEXT'
subscribed: the other tab has put in a chair and a table, this one has lamp, chair, table
  a rug is added here; stored is lamp, chair, table, rug
closed: the other tab has put in a chair and a table, this one has lamp
  a rug is added here; stored is lamp, rug
signed in elsewhere: buyer
signed out elsewhere: buyer
the language is changed here; stored is {"name":"buyer","language":"de"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: svelte-persisted-store-overwrites-the-other-tab no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
