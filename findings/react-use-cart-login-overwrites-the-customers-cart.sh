#!/usr/bin/env bash
# react-use-cart 1.14.0 with React 18.3.1 in happy-dom 21.0.4, <CartProvider id={…}> whose id is the visitor's.
# Expected: with another id the provider shows the cart that is stored under that id, and leaves the former's alone.
# Seen: the stored cart is read once, when the provider is mounted, but written under whatever the id is now. At a login,
# where the id changes from the guest's to the customer's, the guest's cart is shown and stored over the customer's, which
# is lost. At the logout the customer's cart is shown to the guest, and stored as his; the next customer's is replaced by it.
# With `key={id}` beside `id` each has his own.
# Why it matters: a login costs the cart that the customer had kept, and the next visitor sees what he bought. What is
# kept by identity has to be read anew when the identity changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error react-use-cart@1.14.0 react@18.3.1 react-dom@18.3.1 happy-dom@21.0.4 >/dev/null

cat >probe.cjs <<'JS'
const { Window } = require("happy-dom");
const window = new Window({ url: "https://shop.example/" });
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator, localStorage: window.localStorage })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const { createElement } = require("react");
const { createRoot } = require("react-dom/client");
const { CartProvider, useCart } = require("react-use-cart");

const names = ({ items }) => items.map((item) => item.id).join(" and ") || "nothing";
const stored = (id) => {
  const text = localStorage.getItem(`react-use-cart-${id}`);
  return text ? names(JSON.parse(text)) : "nothing";
};
let cart;
const Page = () => {
  cart = useCart();
  return null;
};
const turn = () => new Promise((done) => setTimeout(done, 200));
(async () => {
  for (const isKeyed of [false, true]) {
    localStorage.clear();
    const root = createRoot(document.body.appendChild(document.createElement("div")));
    const show = async (id) => {
      root.render(createElement(CartProvider, { id, ...(isKeyed ? { key: id } : {}) }, createElement(Page)));
      await turn();
    };
    const tell = (what) => console.log(`  ${what}: shown ${names(cart)}; stored for guest ${stored("guest")}, for north ${stored("north")}, for south ${stored("south")}`);
    for (const [id, article] of [["north", "lamp"], ["south", "chair"], ["guest", "rug"]]) {
      await show(id);
      cart.addItem({ id: article, price: 1 });
      await turn();
      root.render(null);
      await turn();
    }
    console.log(isKeyed ? "with a key" : "with the id only");
    await show("guest");
    tell("the guest");
    await show("north");
    tell("north has signed in");
    cart.addItem({ id: "table", price: 1 });
    await turn();
    await show("guest");
    tell("north has signed out");
    await show("south");
    tell("south has signed in");
    root.unmount();
  }
  process.exit();
})();
JS

cat >expected <<'TEXT'
with the id only
  the guest: shown rug; stored for guest rug, for north lamp, for south chair
  north has signed in: shown rug; stored for guest rug, for north rug, for south chair
  north has signed out: shown rug and table; stored for guest rug and table, for north rug and table, for south chair
  south has signed in: shown rug and table; stored for guest rug and table, for north rug and table, for south rug and table
with a key
  the guest: shown rug; stored for guest rug, for north lamp, for south chair
  north has signed in: shown lamp; stored for guest rug, for north lamp, for south chair
  north has signed out: shown rug; stored for guest rug, for north lamp and table, for south chair
  south has signed in: shown chair; stored for guest rug, for north lamp and table, for south chair
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-use-cart-login-overwrites-the-customers-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
