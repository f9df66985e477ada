#!/usr/bin/env bash
# @faststore/sdk 4.8.0 (fake-indexeddb 6.2.8), createCartStore(): an article is put into the cart while the page still
# reads what was kept.
# Expected: what was kept and what was put in are both in the cart; on a first visit, where nothing was kept, the article.
# Seen: the read ends with set(): what was kept, or else the empty cart, replaces the one with the article, in memory, in
# IndexedDB and, because each set() is validated, at the server. The server has been sent the article before, has made a
# cart for it and named it; that answer is thrown away with the name, and an empty second cart is made. No error is told.
# Why it matters: the first click on a slow phone is the one that is lost, and the shop keeps a cart that no visitor has.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @faststore/sdk@4.8.0 react@19.2.0 fake-indexeddb@6.2.8 idb-keyval@6.3.0 >/dev/null

cat >probe.mjs <<'JS'
import "fake-indexeddb/auto";
import { get, set } from "idb-keyval";

globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
const { createCartStore } = await import("@faststore/sdk");
const wait = (time) => new Promise((done) => setTimeout(done, time));
const show = ({ id, items }) => `${id || "no name"}, ${items.map((item) => item.id).join(" and ") || "empty"}`;
for (const [name, kept] of [["a first visit", undefined], ["a chair is kept", { id: "cart-0", items: [{ id: "chair", quantity: 1 }] }]]) {
  for (const isEarly of [false, true]) {
    const key = `${name} ${isEarly}`;
    if (kept) await set(key, kept);
    let count = 0;
    const sent = [];
    const validate = async (cart) => {
      if (cart.items.length || cart.id) sent.push(show(cart));
      await wait(20);
      return cart.id ? null : { ...cart, id: `cart-${++count}` };
    };
    const cart = createCartStore({ id: "", items: [] }, validate, key);
    if (!isEarly) await wait(500);
    cart.addItem({ id: "lamp", quantity: 1 });
    await wait(500);
    console.log(`${name}, a lamp is put in ${isEarly ? "at once" : "after half a second"}: the cart is ${show(cart.read())}; kept is ${show(await get(key))}`);
    console.log(`  sent: ${sent.join("; ")}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
a first visit, a lamp is put in after half a second: the cart is cart-1, lamp; kept is cart-1, lamp
  sent: cart-1, empty; cart-1, lamp
a first visit, a lamp is put in at once: the cart is cart-2, empty; kept is cart-2, empty
  sent: no name, lamp; cart-2, empty
a chair is kept, a lamp is put in after half a second: the cart is cart-0, chair and lamp; kept is cart-0, chair and lamp
  sent: cart-0, chair; cart-0, chair and lamp
a chair is kept, a lamp is put in at once: the cart is cart-0, chair; kept is cart-0, chair
  sent: no name, lamp; cart-0, chair
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: faststore-loses-the-first-article no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
