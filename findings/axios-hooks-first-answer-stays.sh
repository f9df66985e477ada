#!/usr/bin/env bash
# axios-hooks 5.1.1 with axios 1.21.1 and react 19.3.1 in jsdom 26.1.0, useAxios("/cart") with an instance whose
# interceptor sets the token, as its README shows it.
# Expected: a page that is opened reads the cart, as its answer says no-store; at least when somebody else has signed
# in.
# Seen: the first answer to an address is kept for as long as the document, and every later component that asks for it
# is given that without a request: the cart is as it was when it was first looked at, and the guest after the logout,
# and the next customer, see the former one's. The cache, which the README names for rendering on the server, is on by
# itself in the browser too, knows the address only, and has no time.
# Why it matters: each page works when it is loaded. In a shop that changes pages without loading, the cart page never
# shows what was put in since. Set useCache to false where the hooks are made (makeUseAxios with defaultOptions).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error axios-hooks@5.1.1 axios@1.21.1 react@19.3.1 react-dom@19.3.1 jsdom@26.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<div></div>", { url: "https://shop.example/" });
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
const { act, createElement } = await import("react");
const { createRoot } = await import("react-dom/client");
const { default: axios } = await import("axios");
const { makeUseAxios } = await import("axios-hooks");

let who;
let requests;
const instance = axios.create({
  adapter: async (config) => {
    requests += 1;
    return { data: `the cart of ${config.headers.Authorization}`, status: 200, statusText: "OK", headers: { "cache-control": "no-store" }, config };
  },
});
instance.interceptors.request.use((config) => {
  config.headers.Authorization = who;
  return config;
});
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
/** Opens a page that reads the cart, and leaves it. */
const visit = async (useAxios, config, options) => {
  requests = 0;
  const root = createRoot(window.document.querySelector("div"));
  const page = {};
  const Cart = () => {
    [page.state, page.read] = useAxios(config, options);
    return null;
  };
  await act(async () => root.render(createElement(Cart)));
  await act(() => wait(20));
  const { data } = page.state;
  act(() => root.unmount());
  return `${data}, ${requests} ${requests === 1 ? "request" : "requests"}`;
};
for (const [name, options] of [["as it is", undefined], ["useCache: false", { useCache: false }]]) {
  const useAxios = makeUseAxios({ axios: instance });
  for (const [what, visitor] of [["the customer", "buyer"], ["a minute later, signed out", "guest"], ["the next customer", "other"]]) {
    who = visitor;
    console.log(`${name}, ${what} sees ${await visit(useAxios, "/cart", options)}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
as it is, the customer sees the cart of buyer, 1 request
as it is, a minute later, signed out sees the cart of buyer, 0 requests
as it is, the next customer sees the cart of buyer, 0 requests
useCache: false, the customer sees the cart of buyer, 1 request
useCache: false, a minute later, signed out sees the cart of guest, 1 request
useCache: false, the next customer sees the cart of other, 1 request
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axios-hooks-first-answer-stays no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
