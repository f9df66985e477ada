#!/usr/bin/env bash
# @solid-primitives/storage 4.4.0 with solid-js 1.9.20 in jsdom 26.1.0, makePersisted() with storageSync and messageSync
# as its README shows them; another tab is the storage's change and the event that a browser sends of it.
# Expected: "external updates to the same storage" reach every tab: the storage event goes to all pages of the origin, and
# its url is the address of the page that has changed something (HTML standard, 12.2.3).
# Seen: an update is thrown away unless that address is this page's own, to the last character of query and hash. So two
# tabs with the same page share a cart or a sign-out; of /cart and /products, or /cart and /cart?added=lamp, neither hears
# the other, by storageSync or by messageSync. Where the address is the same, an item that is removed elsewhere makes a
# signal null, whose default is something else, and leaves a store as it was.
# Why it matters: a test with two tabs opens one page twice. In the shop who has signed out in one tab is shown as signed
# in in the others, and their next change stores the former state again. Give sync a pair of functions of one's own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @solid-primitives/storage@4.4.0 solid-js@1.9.20 jsdom@26.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("", { url: "https://shop.example/cart" });
const { document, localStorage, location, StorageEvent } = window;
Object.assign(globalThis, { window, document, localStorage, location, StorageEvent });
const { makePersisted, messageSync, storageSync } = await import("@solid-primitives/storage");
const { createRoot, createSignal } = await import("solid-js");
const { createStore } = await import("solid-js/store");

/** What a browser does here when a page at the address stores something in another tab. */
const otherTab = (url, newValue) => {
  const oldValue = localStorage.getItem("session");
  if (newValue === null) localStorage.removeItem("session");
  else localStorage.setItem("session", newValue);
  window.dispatchEvent(new StorageEvent("storage", { key: "session", oldValue, newValue, url, storageArea: localStorage }));
};
const signedIn = { customer: "buyer" };
const guest = { customer: "guest" };
const here = "https://shop.example/cart";
const scenario = (name, work) =>
  createRoot(async (dispose) => {
    localStorage.clear();
    localStorage.setItem("session", JSON.stringify(signedIn));
    console.log(`${name}: ${await work()}`);
    dispose();
  });
const show = (value) => (value === null ? "null" : (value.customer ?? JSON.stringify(value)));
for (const [kind, open] of [["a signal", () => createSignal(guest)], ["a store", () => createStore({ ...guest })]]) {
  const use = (sync) => {
    const [state, set] = makePersisted(open(), { name: "session", sync });
    return [() => (typeof state === "function" ? state() : state), set];
  };
  for (const url of [here, "https://shop.example/cart?added=lamp", "https://shop.example/products"]) {
    await scenario(`${kind}, signed out in a tab at ${url.slice(20)}`, () => {
      const [state] = use(storageSync);
      otherTab(url, JSON.stringify(guest));
      return `shown ${show(state())}, stored ${localStorage.getItem("session")}`;
    });
  }
  await scenario(`${kind}, removed in a tab at /cart`, () => {
    const [state] = use(storageSync);
    otherTab(here, null);
    return `shown ${show(state())}`;
  });
  for (const url of [here, "https://shop.example/products"]) {
    await scenario(`${kind}, told by messageSync from a tab at ${url.slice(20)}`, async () => {
      const [channel, other] = [new BroadcastChannel("session"), new BroadcastChannel("session")];
      const [state] = use(messageSync(channel));
      other.postMessage({ key: "session", newValue: JSON.stringify(guest), timeStamp: Date.now(), url });
      await new Promise((done) => setTimeout(done, 50));
      channel.close();
      other.close();
      return `shown ${show(state())}`;
    });
  }
}
process.exit();
JS

cat >expected <<'TEXT'
a signal, signed out in a tab at /cart: shown guest, stored {"customer":"guest"}
a signal, signed out in a tab at /cart?added=lamp: shown buyer, stored {"customer":"guest"}
a signal, signed out in a tab at /products: shown buyer, stored {"customer":"guest"}
a signal, removed in a tab at /cart: shown null
a signal, told by messageSync from a tab at /cart: shown guest
a signal, told by messageSync from a tab at /products: shown buyer
a store, signed out in a tab at /cart: shown guest, stored {"customer":"guest"}
a store, signed out in a tab at /cart?added=lamp: shown buyer, stored {"customer":"guest"}
a store, signed out in a tab at /products: shown buyer, stored {"customer":"guest"}
a store, removed in a tab at /cart: shown buyer
a store, told by messageSync from a tab at /cart: shown guest
a store, told by messageSync from a tab at /products: shown buyer
TEXT

timeout 60 node --conditions=browser probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: solid-storage-sync-hears-its-own-page-only no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
