#!/usr/bin/env bash
# @shopify/hydrogen-react 2026.4.4 with React 19.3.1 in happy-dom 21.0.4: <CartProvider customerAccessToken={…}>, useCart().
# Expected: linesAdd() "adds a line to the cart", each call its own; who must not call it meanwhile is told. With a token the
# provider has the cart of the customer whose token it is ("a customer access token … if there's a customer login").
# Seen: whatever is called while another change is under way is dropped without a request, an error or a warning: of two
# articles one arrives, before there is a cart as well; a coupon that is given meanwhile is not applied, and a line that is
# taken out stays. A token that comes with a login is sent only where the country changes too: the cart stays the guest's. A
# logout takes nobody from the cart either, and the next one's login leaves it to the former one.
# Why it matters: a list of articles that is put in one after the other, or a quick second click, loses all but the first, and
# prices of the customer's company are not his. Call linesAdd() once with all lines, wait for the status "idle", and call
# buyerIdentityUpdate() at each login and logout.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @shopify/hydrogen-react@2026.4.4 react@19.3.1 react-dom@19.3.1 graphql@16.15.0 happy-dom@21.0.4 >/dev/null

cat >probe.cjs <<'JS'
const { Window } = require("happy-dom");
const window = new Window({ url: "https://shop.example/" });
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator, localStorage: window.localStorage })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const { createElement } = require("react");
const { createRoot } = require("react-dom/client");
const { CartProvider, ShopifyProvider, useCart } = require("@shopify/hydrogen-react");

for (const level of ["warn", "error"]) {
  console[level] = (first) => /act\(|version/.test(String(first)) || console.log(`  ${level}: ${first}`);
}
/** The server: it holds each answer until `answer()`. */
let server, held;
const sent = [];
const forget = () => ([server, held] = [{ lines: [], coupons: [], buyer: {} }, []]);
const cart = () => ({
  id: "gid://shopify/Cart/1",
  totalQuantity: server.lines.length,
  buyerIdentity: { countryCode: server.buyer.countryCode },
  lines: { edges: server.lines.map((id) => ({ node: { id, quantity: 1 } })) },
});
globalThis.fetch = window.fetch = async (_url, { body }) => {
  const { query, variables } = JSON.parse(body);
  const name = /(?:mutation|query) (\w+)/.exec(query)[1];
  const lines = (variables.lines ?? variables.input?.lines)?.map((line) => line.merchandiseId ?? line).join();
  const { customerAccessToken: token } = variables.buyerIdentity ?? variables.input?.buyerIdentity ?? {};
  sent.push([name, lines, variables.discountCodes, token].filter(Boolean).join(" "));
  await new Promise((done) => held.push(done));
  if (/Create|Add/.test(name)) server.lines.push(...(lines ? lines.split(",") : []));
  if (/Remove/.test(name)) server.lines = server.lines.filter((id) => id !== lines);
  Object.assign(server.buyer, variables.buyerIdentity ?? variables.input?.buyerIdentity);
  const field = { CartCreate: "cartCreate", CartLineAdd: "cartLinesAdd", CartLineRemove: "cartLinesRemove", CartDiscountCodesUpdate: "cartDiscountCodesUpdate", CartBuyerIdentityUpdate: "cartBuyerIdentityUpdate" }[name];
  return { json: async () => ({ data: field ? { [field]: { cart: cart() } } : { cart: cart() } }) };
};
const turn = () => new Promise((done) => setTimeout(done, 50));
const answer = async () => {
  await turn();
  while (held.length) {
    held.splice(0).forEach((done) => done());
    await turn();
  }
};
let shown;
const Page = () => {
  shown = useCart();
  return null;
};
const told = (what) => console.log(`  ${what}: sent ${sent.splice(0).join("; ") || "nothing"}; shown ${shown.lines.map(({ id }) => id).join(" and ") || "no line"}`);

(async () => {
  const shop = { storeDomain: "shop.example", storefrontToken: "public", storefrontApiVersion: "2026-04", countryIsoCode: "DE", languageIsoCode: "EN" };
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  const show = async (customerAccessToken, countryCode = "DE", key = 1) => {
    root.render(createElement(ShopifyProvider, shop, createElement(CartProvider, { customerAccessToken, countryCode, key }, createElement(Page))));
    do await answer();
    while (!shown?.cartReady);
  };
  const add = (id) => shown.linesAdd([{ merchandiseId: id, quantity: 1 }]);

  console.log("without a cart");
  forget();
  await show();
  add("lamp");
  await turn();
  add("chair");
  await answer();
  told("lamp, and chair while it is under way");

  console.log("with a cart");
  for (const [name, meanwhile] of [["rug, and table", () => add("table")], ["vase, and a coupon", () => shown.discountCodesUpdate(["SPRING"])], ["bench, and lamp out again", () => shown.linesRemove(["lamp"])]]) {
    add(name.split(",")[0]);
    await turn();
    meanwhile();
    await answer();
    told(`${name} while it is under way`);
  }
  add("stool");
  await answer();
  add("shelf");
  await answer();
  told("stool, and shelf once it is there");

  console.log("at a login");
  await show("token-north");
  told("north signs in");
  await show();
  told("north signs out");
  await show("token-south");
  told("south signs in");
  await show("token-south", "FR");
  told("south goes to another country");
  process.exit();
})();
JS

cat >expected <<'TEXT'
without a cart
  lamp, and chair while it is under way: sent CartCreate lamp; shown lamp
with a cart
  rug, and table while it is under way: sent CartLineAdd rug; shown lamp and rug
  vase, and a coupon while it is under way: sent CartLineAdd vase; shown lamp and rug and vase
  bench, and lamp out again while it is under way: sent CartLineAdd bench; shown lamp and rug and vase and bench
  stool, and shelf once it is there: sent CartLineAdd stool; CartLineAdd shelf; shown lamp and rug and vase and bench and stool and shelf
at a login
  north signs in: sent nothing; shown lamp and rug and vase and bench and stool and shelf
  north signs out: sent nothing; shown lamp and rug and vase and bench and stool and shelf
  south signs in: sent nothing; shown lamp and rug and vase and bench and stool and shelf
  south goes to another country: sent CartBuyerIdentityUpdate token-south; shown lamp and rug and vase and bench and stool and shelf
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hydrogen-react-drops-the-second-article no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
