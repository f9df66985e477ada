#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian 12; it must be on the path), a cart whose answer says private, max-age=60, read with
# fetch() and a token in the Authorization header, and then without one, and with another's.
# Expected: what has been answered to one Authorization is not the answer to another: who is signed out gets the 401.
# Seen: the browser's cache knows the address only. For a minute the guest after the logout gets the customer's cart
# with the status 200, and so does the next customer who signs in, without a request. HTTP allows it, for private says
# "for this browser" and not "for this user" (RFC 9111, 5.2.2.7), and only a shared cache has to mind the header (3.5).
# With Vary: Authorization, or where each use is to be asked for (no-cache), the answers are each one's own.
# Why it matters: a token in a header is not a cookie, yet the shop's logout does not touch what was read with it; a
# test in Node.js has no such cache. Read with cache: "no-store" whatever belongs to somebody, or have the server say
# Vary: Authorization.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";

const page = `<!doctype html><script type="module">
const as = async (path, who, init) => {
  const answer = await fetch(path, { ...init, headers: who ? { authorization: "Bearer " + who } : {} });
  return answer.status + " " + await answer.text();
};
const tell = (text) => fetch("/end?" + encodeURIComponent(text), { cache: "no-store" });
for (const path of ["/cart?private", "/cart?private-vary", "/cart?etag"]) {
  const told = [];
  for (const who of ["buyer", "", "other"]) told.push((who || "signed out") + ": " + await as(path, who));
  told.push('signed out, cache: "no-store": ' + await as(path, "", { cache: "no-store" }));
  await tell(path.slice(6) + ": " + told.join("; "));
}
await fetch("/done");
</script>`;
const lines = [];
let done;
const all = new Promise((finish) => (done = finish));
const server = http.createServer((request, answer) => {
  const [path, query = ""] = request.url.split("?");
  if (path === "/") return answer.writeHead(200, { "content-type": "text/html" }).end(page);
  if (path === "/cart") {
    const who = request.headers.authorization?.slice("Bearer ".length);
    const head = query === "etag" ? { "cache-control": "private, no-cache", etag: '"1"' } : { "cache-control": "private, max-age=60", ...(query.endsWith("vary") ? { vary: "authorization" } : {}) };
    if (!who) return answer.writeHead(401).end("sign in");
    return answer.writeHead(200, head).end(`the cart of ${who}`);
  }
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
private: buyer: 200 the cart of buyer; signed out: 200 the cart of buyer; other: 200 the cart of buyer; signed out, cache: "no-store": 401 sign in
private-vary: buyer: 200 the cart of buyer; signed out: 401 sign in; other: 200 the cart of other; signed out, cache: "no-store": 401 sign in
etag: buyer: 200 the cart of buyer; signed out: 401 sign in; other: 200 the cart of other; signed out, cache: "no-store": 401 sign in
TEXT

node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: chromium-cache-knows-no-visitor no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
