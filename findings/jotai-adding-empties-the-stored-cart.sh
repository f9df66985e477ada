#!/usr/bin/env bash
# jotai 2.20.3, atomWithStorage() as it comes, and with `getOnInit`.
# Expected: an update by a function gets what is stored, whoever else on the page looks at the atom: an item
# is added to the cart of the last visit, or of another tab.
# Seen: as long as nobody is subscribed the function gets the initial value, or what was last seen, and its
# result replaces what is stored. A product page whose button only sets (useSetAtom) and has no cart in sight stores
# a cart of one item over the visitor's. With `getOnInit` it is right for what was there when the atom was created;
# what another tab has stored since is lost. With a subscriber both are kept.
# Why it matters: whether the badge in the header is on the page decides whether a cart survives. A change must be made
# to what is stored, read at that moment.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error jotai@2.20.3 >/dev/null

cat >probe.mjs <<'JS'
import { createStore } from "jotai/vanilla";
import { atomWithStorage, createJSONStorage } from "jotai/vanilla/utils";

for (const [name, options] of [["as it comes", {}], ["getOnInit", { getOnInit: true }]]) {
  for (const isShown of [false, true]) {
    const disk = new Map([["cart", '["shoes"]']]);
    const tabs = new Set();
    const storage = createJSONStorage(() => ({
      getItem: (key) => disk.get(key) ?? null,
      setItem: (key, value) => void disk.set(key, value),
      removeItem: (key) => void disk.delete(key),
      subscribe: (_key, hear) => (tabs.add(hear), () => tabs.delete(hear)),
    }));
    const open = () => {
      const store = createStore();
      const cart = atomWithStorage("cart", [], storage, options);
      if (isShown) store.sub(cart, () => {});
      return (item) => store.set(cart, (items) => [...items, item]);
    };
    const add = open();
    add("hat");
    const first = disk.get("cart");
    disk.set("cart", '["shoes","hat","coat"]');
    // The storage event, which tells who is subscribed what another tab has stored.
    tabs.forEach((hear) => hear(disk.get("cart")));
    add("scarf");
    console.log(`${name}, ${isShown ? "with" : "without"} a subscriber: ["shoes"] and a hat make ${first}; another tab adds a coat, and a scarf makes ${disk.get("cart")}`);
  }
}
JS

cat >expected <<'TEXT'
as it comes, without a subscriber: ["shoes"] and a hat make ["hat"]; another tab adds a coat, and a scarf makes ["hat","scarf"]
as it comes, with a subscriber: ["shoes"] and a hat make ["shoes","hat"]; another tab adds a coat, and a scarf makes ["shoes","hat","coat","scarf"]
getOnInit, without a subscriber: ["shoes"] and a hat make ["shoes","hat"]; another tab adds a coat, and a scarf makes ["shoes","hat","scarf"]
getOnInit, with a subscriber: ["shoes"] and a hat make ["shoes","hat"]; another tab adds a coat, and a scarf makes ["shoes","hat","coat","scarf"]
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: jotai-adding-empties-the-stored-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
