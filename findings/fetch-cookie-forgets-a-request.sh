#!/usr/bin/env bash
# fetch-cookie 3.2.0 around Node's fetch, called with a Request object.
# Expected: as fetch: after 307 and 308 the request is repeated with its method, body and headers;
# after 301 and 302 a GET keeps its headers. The same call with an address and options does so.
# Seen: only the options (the second argument) are carried over. What a Request holds is forgotten
# at the first redirect: a POST becomes a GET without body, Authorization and every other header are
# gone. The answer to the bare GET is returned as the answer to the POST.
# Why it matters: openapi-fetch, ky and other clients call fetch with a Request. Behind a redirect
# (a trailing slash, a tenant's own host) "add to cart" reads a cart, as nobody, with status 200.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fetch-cookie@3.2.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import fetchCookie from "fetch-cookie";

const server = http.createServer(async (request, answer) => {
  let body = "";
  for await (const part of request) body += part;
  const code = /^\/go\/(\d+)/.exec(request.url)?.[1];
  if (code) answer.writeHead(Number(code), { location: "/end" }).end();
  else answer.end(`${request.method}, body ${body || "none"}, authorization ${request.headers.authorization ?? "none"}`);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
const inits = { 302: { headers: { authorization: "Bearer a" } }, 308: { method: "POST", body: "item", headers: { authorization: "Bearer a" } } };
const ways = {
  "fetch of a Request": (url, init) => fetch(new Request(url, init)),
  "fetch-cookie, address and options": (url, init) => fetchCookie(fetch)(url, init),
  "fetch-cookie, a Request": (url, init) => fetchCookie(fetch)(new Request(url, init)),
};
for (const [code, init] of Object.entries(inits)) {
  for (const [way, call] of Object.entries(ways)) {
    const answer = await call(`${base}/go/${code}`, init);
    console.log(`${code}, ${way}: ${answer.status}, arrived as ${await answer.text()}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
302, fetch of a Request: 200, arrived as GET, body none, authorization Bearer a
302, fetch-cookie, address and options: 200, arrived as GET, body none, authorization Bearer a
302, fetch-cookie, a Request: 200, arrived as GET, body none, authorization none
308, fetch of a Request: 200, arrived as POST, body item, authorization Bearer a
308, fetch-cookie, address and options: 200, arrived as POST, body item, authorization Bearer a
308, fetch-cookie, a Request: 200, arrived as GET, body none, authorization none
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fetch-cookie-forgets-a-request no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
