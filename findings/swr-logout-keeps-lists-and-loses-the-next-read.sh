#!/usr/bin/env bash
# swr 2.5.1 with React 19.2.0 in happy-dom 21.0.4, a logout that empties the cache in the way that was recommended for
# it since version 2: mutate(() => true, undefined, { revalidate: false }).
# Expected: nothing of the customer's is left, and who comes next loads his own.
# Seen: what useSWRInfinite holds is skipped without a word. And a key that was read within the last two seconds is
# emptied, but still counts as read: the next visitor's component joins the customer's request, whose answer is thrown
# away, and makes none of its own. So the guest's cart has neither data nor an error, is not loading, and stays so; and
# the guest is shown the customer's orders for good. unload(), new in this series, does both right.
# Why it matters: a logout and the guest's page after it are less than two seconds apart, so the guest has an empty
# cart on one page and the customer's orders on the other. A cache of what a visitor sees is best made anew with the session.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error swr@2.5.1 react@19.2.0 react-dom@19.2.0 happy-dom@21.0.4 >/dev/null

cat >probe.cjs <<'JS'
const { Window } = require("happy-dom");
const window = new Window({ url: "https://shop.example/" });
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const { createElement } = require("react");
const { createRoot } = require("react-dom/client");
const { default: useSWR, mutate, unload } = require("swr");
const { default: useSWRInfinite } = require("swr/infinite");

let visitor, answer, sent, shown;
const turn = () => new Promise((done) => setTimeout(done, 300));
const read = async (key) => {
  const who = visitor;
  sent += 1;
  await answer;
  return `${who}'s ${key}`;
};
const show = ({ data, isLoading, error }) => (shown = `${error ?? data}${isLoading ? ", loading" : ""}`);
const Cart = () => (show(useSWR("cart", read)), null);
const Orders = () => (show(useSWRInfinite((page) => `orders ${page}`, read)), null);
const root = createRoot(window.document.body);
const open = async (page, who) => {
  visitor = who;
  sent = 0;
  root.render(createElement(page));
  await turn();
};
const leave = async () => {
  root.render(null);
  await turn();
};
const ways = { "mutate(() => true)": () => mutate(() => true, undefined, { revalidate: false }), "unload()": () => unload({ revalidate: false }) };
(async () => {
  for (const [way, clear] of Object.entries(ways)) for (const [name, page] of Object.entries({ Cart, Orders })) {
    answer = undefined;
    await open(page, "customer");
    while (!shown.startsWith("customer")) await turn();
    console.log(`${way}, ${name}: ${shown}`);
    await leave();
    await clear();
    let arrive;
    answer = new Promise((done) => (arrive = done));
    await open(page, "guest");
    const before = shown;
    arrive();
    await turn();
    console.log(`  the guest sees first ${before}; requests ${sent}; then ${shown}`);
    await leave();
    unload({ revalidate: false });
  }
  process.exit();
})();
JS

cat >expected <<'TEXT'
mutate(() => true), Cart: customer's cart
  the guest sees first undefined; requests 0; then undefined
mutate(() => true), Orders: customer's orders 0
  the guest sees first customer's orders 0; requests 0; then customer's orders 0
unload(), Cart: customer's cart
  the guest sees first undefined, loading; requests 1; then guest's cart
unload(), Orders: customer's orders 0
  the guest sees first undefined, loading; requests 1; then guest's orders 0
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: swr-logout-keeps-lists-and-loses-the-next-read no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
