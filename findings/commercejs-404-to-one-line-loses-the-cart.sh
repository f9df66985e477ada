#!/usr/bin/env bash
# @chec/commerce.js 2.8.0, the cart of two tabs, and of the first clicks.
# Expected: who changes a line that another tab has removed is told that the line is not there; the cart stays. Two articles
# that are put in at once are in one cart.
# Seen: any 404 below the cart's address is taken for a cart that has ended: a new, empty cart is made, its name replaces the
# former in the cookie, and the request is repeated there, where it meets a 404 as well. The error that comes out is about
# the line; all articles are gone, and the other tab goes on in the former cart, which no later page knows. And on a first
# visit each call makes a cart of its own: of two articles one is in a cart whose name was replaced at once.
# Why it matters: "remove" is pressed in two tabs, and the cart is empty. A 404 says what is not there only to who asked for
# that; a cart ends when the cart itself is asked for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @chec/commerce.js@2.8.0 >/dev/null

cat >probe.cjs <<'JS'
const { createServer } = require("node:http");

const cookies = new Map();
globalThis.document = {
  get cookie() {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  },
  set cookie(line) {
    const [name, value] = line.split(";")[0].split("=");
    cookies.set(name, value);
  },
};
const Commerce = require("@chec/commerce.js");
const carts = new Map();
const shop = createServer(async (request, answer) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const [, , id, , line] = request.url.split("/").slice(1);
  const send = (status, value) => setTimeout(() => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value)), 30);
  if (!id) {
    const made = { id: `cart-${carts.size + 1}`, lines: new Set() };
    carts.set(made.id, made);
    return send(201, { id: made.id });
  }
  const cart = carts.get(id);
  if (request.method === "POST") cart.lines.add(JSON.parse(body).id);
  else if (line && !cart.lines.has(line)) return send(404, { error: { message: `no line ${line}` } });
  else if (request.method === "DELETE") cart.lines.delete(line);
  send(200, { id, line_items: [...cart.lines] });
}).listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${shop.address().port}/`;
  const open = () => new Commerce("key", false, { url });
  const look = async (tab) => (({ id, line_items: lines }) => `${id} with ${lines.join(" and ") || "nothing"}`)(await tab.cart.retrieve());
  const end = (promise) => promise.then(() => "done", (error) => `${error.statusCode ?? error.message}`);

  const [first, second] = [open(), open()];
  for (const article of ["lamp", "chair", "rug"]) await first.cart.add(article);
  console.log("first tab:", await look(first));
  console.log("second tab:", await look(second));
  console.log("the first removes the lamp:", await end(first.cart.remove("lamp")));
  console.log("the second removes the lamp:", await end(second.cart.remove("lamp")));
  console.log("second tab:", await look(second));
  console.log("first tab:", await look(first));
  console.log("the next page:", await look(open()));

  cookies.clear();
  carts.clear();
  const visit = open();
  await Promise.all(["lamp", "chair"].map((article) => visit.cart.add(article)));
  console.log(`two first articles at once: ${await look(visit)}; carts made ${carts.size}`);
  process.exit();
});
JS

cat >expected <<'TEXT'
first tab: cart-1 with lamp and chair and rug
second tab: cart-1 with lamp and chair and rug
the first removes the lamp: done
the second removes the lamp: 404
second tab: cart-2 with nothing
first tab: cart-1 with chair and rug
the next page: cart-2 with nothing
two first articles at once: cart-2 with chair; carts made 2
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercejs-404-to-one-line-loses-the-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
