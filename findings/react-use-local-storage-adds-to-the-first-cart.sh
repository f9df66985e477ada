#!/usr/bin/env bash
# react-use 17.6.1 with react 19.3.1 in jsdom 26.1.0, useLocalStorage() and its setter, which its types and docs give a
# function of the previous value, as React's own setters.
# Expected: the function gets the value of now: two articles that are put in, one after the other, are two in the cart.
# Seen: it gets the value that the component was first rendered with, each time, for the setter is made once per key. Of
# the articles that are put in since the page was loaded only the last one is in the cart, and in the storage; one that
# was taken out, a cart that was emptied, or removed at the logout, comes back with the next article. A setter that is
# given a value is right.
# Why it matters: one article works. From the second on the cart loses what is in it, for good. Give the setter a value
# that is made of the one rendered last.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error react-use@17.6.1 react@19.3.1 react-dom@19.3.1 jsdom@26.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<div></div>", { url: "https://shop.example/" });
Object.assign(globalThis, { window, document: window.document, localStorage: window.localStorage, IS_REACT_ACT_ENVIRONMENT: true });
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
const { act, createElement } = await import("react");
const { createRoot } = await import("react-dom/client");
const { useLocalStorage } = (await import("react-use")).default;

const render = () => {
  const root = createRoot(window.document.querySelector("div"));
  const page = { current: undefined };
  const Cart = () => {
    page.current = useLocalStorage("cart", []);
    return null;
  };
  act(() => root.render(createElement(Cart)));
  return {
    show: () => JSON.stringify(page.current[0]),
    add: (id) => act(() => page.current[1]((cart) => [...(cart ?? []), id])),
    set: (cart) => act(() => page.current[1](cart)),
    remove: () => act(() => page.current[2]()),
    close: () => act(() => root.unmount()),
  };
};
const stored = () => localStorage.getItem("cart");
{
  const page = render();
  page.add("lamp");
  const one = page.show();
  page.add("chair");
  console.log(`lamp, then chair: first ${one}, then ${page.show()}, stored ${stored()}`);
  page.set([]);
  page.add("table");
  console.log(`emptied, then table: ${page.show()}`);
  page.close();
}
{
  localStorage.setItem("cart", '["lamp"]');
  const page = render();
  page.set([]);
  page.add("table");
  console.log(`a page that began with a lamp, emptied, then table: ${page.show()}`);
  page.close();
}
{
  localStorage.setItem("cart", '["lamp"]');
  const page = render();
  page.remove();
  console.log(`removed: ${page.show()}`);
  page.add("table");
  console.log(`removed, then table: ${page.show()}, stored ${stored()}`);
}
process.exit();
JS

cat >expected <<'TEXT'
lamp, then chair: first ["lamp"], then ["chair"], stored ["chair"]
emptied, then table: ["table"]
a page that began with a lamp, emptied, then table: ["lamp","table"]
removed: undefined
removed, then table: ["lamp","table"], stored ["lamp","table"]
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-use-local-storage-adds-to-the-first-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
