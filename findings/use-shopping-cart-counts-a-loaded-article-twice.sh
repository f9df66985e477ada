#!/usr/bin/env bash
# use-shopping-cart 3.2.0 (its core, @reduxjs/toolkit 1.9.7, redux-persist 6.0.0), Node.js 20 or later with a `window` whose localStorage is a
# Map; a page that is loaded anew is a new store over the same storage.
# Expected: loadCart(), which merges unless it is told not to, leaves a cart whose count and total are those of its lines; what is put in
# at a new price is charged at that price; a cart is stored beside what the shop stores itself.
# Seen: an article that is in both carts is replaced, and its pieces and price are added to the sums all the same: two and three are a
# line of three, a count of five and the price of five, over reloads too, and once the line is taken out two pieces of nothing are
# left. What is put in again, after a login with other prices, counts at the price of the first time. The key "root", under which the cart is stored, is the one
# that redux-persist's README gives to the shop's own store: each of the two overwrites the other, and the token is gone with the next page.
# Why it matters: a login is when a guest's cart meets the customer's: what he is shown is not what he pays. Load with `false` and put the
# guest's lines in by addItem(), and give a persistKey.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --legacy-peer-deps --loglevel=error use-shopping-cart@3.2.0 @reduxjs/toolkit@1.9.7 redux-persist@6.0.0 >/dev/null

cat >probe.cjs <<'JS'
const kept = new Map();
const localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
globalThis.window = { localStorage };
Object.defineProperty(globalThis, "navigator", { value: { language: "en-US" }, configurable: true });

const { configureStore } = require("@reduxjs/toolkit");
const { persistReducer, persistStore } = require("redux-persist");
const { actions, createPersistedStore, createShoppingCartStore } = require("use-shopping-cart/core");

const turn = () => new Promise((done) => setTimeout(done, 30));
/** The cart of a page that is loaded. */
const load = async (options) => {
  const store = createShoppingCartStore({ currency: "EUR", ...options });
  const persistor = createPersistedStore(store);
  await turn();
  return { ...store, flush: () => persistor.flush() };
};
const pump = (price) => ({ id: "pump", name: "Pump", price, currency: "EUR" });
const show = ({ getState }) => {
  const { cartDetails, cartCount, totalPrice } = getState();
  const lines = Object.values(cartDetails).map(({ id, quantity, value }) => `${quantity} ${id} for ${value}`).join(", ") || "no line";
  return `${lines}; count ${cartCount}, total ${totalPrice}`;
};

(async () => {
  {
    const cart = await load();
    cart.dispatch(actions.addItem(pump(1000), { count: 2 }));
    console.log(`the guest's cart: ${show(cart)}`);
    cart.dispatch(actions.loadCart({ pump: { ...pump(1000), quantity: 3, value: 3000 } }));
    console.log(`the customer's with three is loaded: ${show(cart)}`);
    await cart.flush();
    const next = await load();
    console.log(`the next page: ${show(next)}`);
    next.dispatch(actions.removeItem("pump"));
    console.log(`the line is taken out: ${show(next)}`);
  }
  kept.clear();
  {
    const cart = await load();
    cart.dispatch(actions.addItem(pump(1000), { count: 1 }));
    cart.dispatch(actions.addItem(pump(800), { count: 1 }));
    console.log(`one at 1000, one more at 800: ${show(cart)}`);
  }
  for (const persistKey of [undefined, "cart"]) {
    kept.clear();
    const session = (state = { token: null }, { type, token }) => (type === "signed in" ? { token } : state);
    const loadShop = async () => {
      const shop = configureStore({ reducer: persistReducer({ key: "root", storage: { getItem: async (key) => localStorage.getItem(key), setItem: async (key, value) => localStorage.setItem(key, value), removeItem: async (key) => localStorage.removeItem(key) } }, session), middleware: [] });
      const persistor = persistStore(shop);
      await turn();
      return { shop, persistor };
    };
    const { shop, persistor } = await loadShop();
    const cart = await load(persistKey && { persistKey });
    shop.dispatch({ type: "signed in", token: "t1" });
    await persistor.flush();
    cart.dispatch(actions.addItem(pump(1000), { count: 1 }));
    await cart.flush();
    const next = await loadShop();
    console.log(`persistKey ${persistKey}: stored under ${[...kept.keys()].join(", ")}; the shop's token after the next page ${next.shop.getState().token}`);
  }
  process.exit();
})();
JS

cat >expected <<'TEXT'
the guest's cart: 2 pump for 2000; count 2, total 2000
the customer's with three is loaded: 3 pump for 3000; count 5, total 5000
the next page: 3 pump for 3000; count 5, total 5000
the line is taken out: no line; count 2, total 2000
one at 1000, one more at 800: 2 pump for 2000; count 2, total 2000
persistKey undefined: stored under persist:root; the shop's token after the next page null
persistKey cart: stored under persist:root, persist:cart; the shop's token after the next page t1
TEXT

NODE_ENV=production timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: use-shopping-cart-counts-a-loaded-article-twice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
