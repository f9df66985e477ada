#!/usr/bin/env bash
# @shopware/api-client 1.6.0, createAPIClient(), which keeps the context token (who the visitor is).
# Expected: the token that the login brought stays until something newer replaces it; an answer to a
# call that was sent before the login says who was meant then, and changes nothing.
# Seen: the token of whichever answer comes last is kept. A product list that was asked for before
# the login and is answered after it carries the guest's token, as the call did; the client takes it
# back: the customer is a guest again, `onContextChanged` says so to whoever writes the cookie, and the
# order that follows is sent with the guest's token. The other way round after a logout: the former
# customer returns.
# Why it matters: a page that is still loading when the visitor signs in is the common case. An answer
# must be compared with the identity it was asked under, not with the present one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @shopware/api-client@1.6.0 >/dev/null

cat >probe.mjs <<'JS'
import { createAPIClient } from "@shopware/api-client";

const open = [];
globalThis.fetch = (input, init) => new Promise((answer) => open.push({ url: String(input?.url ?? input), token: new Headers(init?.headers ?? input.headers).get("sw-context-token"), answer }));
// The platform answers with the token that is the visitor's after this call: the one sent, but for login and logout.
const reply = (path, next) => {
  const [{ token, answer }] = open.splice(open.findIndex(({ url }) => url.endsWith(path)), 1);
  answer(Response.json({}, { headers: { "sw-context-token": next ?? token } }));
  return token;
};
const turn = () => new Promise((done) => setImmediate(done));

for (const [name, path, operation, before, after] of [
  ["login", "/account/login", "loginCustomer post /account/login", "guest", "customer"],
  ["logout", "/account/logout", "logoutCustomer post /account/logout", "customer", "guest"],
]) {
  const client = createAPIClient({ baseURL: "https://shop.example/store-api", accessToken: "key", contextToken: before });
  const changes = [];
  client.hook("onContextChanged", (token) => changes.push(token));
  const slow = client.invoke("readProduct post /product", {});
  const step = client.invoke(operation, {});
  await turn();
  reply(path, after);
  await step;
  const between = client.defaultHeaders["sw-context-token"];
  reply("/product");
  await slow;
  const order = client.invoke("createOrder post /checkout/order", {});
  await turn();
  console.log(`${name}: ${before}, then ${between}; after the late answer: changes told ${changes.join(", ")}; next call sent as ${reply("/checkout/order")}`);
  await order;
}
JS

cat >expected <<'TEXT'
login: guest, then customer; after the late answer: changes told customer, guest; next call sent as guest
logout: customer, then guest; after the late answer: changes told guest, customer; next call sent as customer
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: shopware-late-answer-brings-the-guest-back no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
