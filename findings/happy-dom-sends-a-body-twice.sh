#!/usr/bin/env bash
# happy-dom 21.0.4, a Request with a body that is sent again after a 401.
# Expected: a Request's body is read once: `new Request(request)` takes it over and leaves the first
# one used, so a second copy is a TypeError (Fetch standard; browsers and Node do so). What a Request
# was made with can be read from it: keepalive, cache.
# Seen: bodyUsed stays false after a copy and after sending; the second copy is made and sent with the
# whole body. keepalive and cache are undefined on every Request.
# Why it matters: "renew the token, then fetch(new Request(request, { headers }))" passes every test
# here and fails in each browser for each POST (see elasticpath-post-costs-the-token); a test that a
# logout is sent with keepalive can only fail, or look elsewhere.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { Window } from "happy-dom";

const got = [];
const server = http.createServer(async (request, answer) => {
  let body = "";
  for await (const part of request) body += part;
  got.push(body);
  answer.writeHead(request.headers.authorization === "Bearer new" ? 200 : 401).end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;
const window = new Window({ url });
for (const [where, { Request, fetch }] of Object.entries({ "happy-dom": { Request: window.Request, fetch: window.fetch.bind(window) }, Node: globalThis })) {
  got.length = 0;
  const request = new Request(url, { method: "POST", body: "item", keepalive: true, cache: "no-store" });
  const send = async (token) => {
    const answer = await fetch(new Request(request, { headers: { authorization: `Bearer ${token}` } }));
    return answer.status;
  };
  const first = await send("old");
  const used = request.bodyUsed;
  const second = await send("new").catch((error) => error.name);
  console.log(`${where}: ${first}, used ${used}, then ${second}; the server got ${got.join(", ")}; keepalive ${request.keepalive}, cache ${request.cache}`);
}
process.exit();
JS

cat >expected <<'TEXT'
happy-dom: 401, used false, then 200; the server got item, item; keepalive undefined, cache undefined
Node: 401, used true, then TypeError; the server got item; keepalive true, cache no-store
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-sends-a-body-twice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
