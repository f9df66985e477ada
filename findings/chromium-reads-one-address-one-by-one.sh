#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian 12; it must be on the path), three reads of one address that a page starts together,
# whose answers say no-store, and Vary: Authorization.
# Expected: they are made together, as nothing of them may be stored, and as calls with another token have nothing in
# common.
# Seen: one after the other: the second is sent when the head of the first one's answer is there. Three parts of a page
# that read the cart by themselves wait three times as long, whatever the answers say, and a call with a new token waits
# for the one with the old. A time limit runs while the request has not been sent: of three reads that take one second
# each, with a limit of one and a half, two end with a TimeoutError. With cache: "no-store" at the request, or by POST,
# all are sent at once.
# Why it matters: in Node.js and in a test with a stand-in for fetch they go together. In the shop one slow read holds
# up those behind it, and costs them their time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";

const page = `<!doctype html><script type="module">
const read = (path, init, limit) => fetch(path, { ...init, signal: limit ? AbortSignal.timeout(limit) : null }).then((answer) => answer.text(), ({ name }) => name);
const ways = {
  "fetch()": () => ({}),
  "fetch() with a token each": (number) => ({ headers: { authorization: "Bearer " + number } }),
  'cache: "no-store"': () => ({ cache: "no-store" }),
  "method: POST": () => ({ method: "POST" }),
};
for (const [name, init] of Object.entries(ways)) {
  const start = performance.now();
  await Promise.all([1, 2, 3].map((number) => read("/cart?" + encodeURIComponent(name), init(number))));
  await fetch("/end?" + encodeURIComponent(name + ": three at once of one address take " + Math.round((performance.now() - start) / 1000) + " s"));
}
const limited = await Promise.all([1, 2, 3].map(() => read("/cart?limit", {}, 1500)));
await fetch("/end?" + encodeURIComponent("fetch() with a limit of 1.5 s, answers that take 1 s: " + limited.join(", ")));
await fetch("/done");
</script>`;
const lines = [];
let done;
const all = new Promise((finish) => (done = finish));
const server = http.createServer((request, answer) => {
  const [path, query = ""] = request.url.split("?");
  if (path === "/") return answer.writeHead(200, { "content-type": "text/html" }).end(page);
  if (path === "/cart") return setTimeout(() => answer.writeHead(200, { "cache-control": "no-store", vary: "authorization" }).end("the cart"), 1000);
  if (path === "/end") lines.push(decodeURIComponent(query));
  answer.end();
  if (path === "/done") done();
});
await new Promise((finish) => server.listen(0, "127.0.0.1", finish));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=profile"];
const child = spawn(process.argv[2], [...flags, `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
await Promise.race([all, new Promise((finish) => setTimeout(finish, 40_000))]);
console.log(lines.join("\n"));
child.once("exit", () => process.exit());
child.kill();
JS

cat >expected <<'TEXT'
fetch(): three at once of one address take 3 s
fetch() with a token each: three at once of one address take 3 s
cache: "no-store": three at once of one address take 1 s
method: POST: three at once of one address take 1 s
fetch() with a limit of 1.5 s, answers that take 1 s: the cart, TimeoutError, TimeoutError
TEXT

node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: chromium-reads-one-address-one-by-one no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
