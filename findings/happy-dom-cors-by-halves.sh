#!/usr/bin/env bash
# happy-dom 21.0.4, window.fetch to another origin.
# Expected: it applies CORS (it refuses answers without Access-Control-Allow-Origin and sends
# preflights), so it hides headers that the server does not expose and sends none for a plain GET.
# Seen: (1) every header is readable, Retry-After included, and response.type is "basic"
# instead of "cors"; (2) a plain GET without any header of the caller's costs a preflight.
# Why it matters: a test that reads Retry-After here passes, while in browsers it is null until
# the server sends Access-Control-Expose-Headers; and request counts differ from a browser's.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { Window } from "happy-dom";

const listen = async (handler) => {
  const server = http.createServer(handler);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
};
const methods = [];
const page = await listen((_request, answer) => answer.end());
const open = await listen((request, answer) => {
  methods.push(request.method);
  answer.writeHead(request.method === "OPTIONS" ? 204 : 429, { "access-control-allow-origin": "*", "retry-after": "7" }).end();
});
const closed = await listen((_request, answer) => answer.end("x"));
const { fetch } = new Window({ url: page });
const answer = await fetch(open);
console.log(`status ${answer.status}, type ${answer.type}, retry-after ${answer.headers.get("retry-after")}`);
console.log(`requests of one plain GET: ${methods.join()}`);
console.log("without Access-Control-Allow-Origin:", await fetch(closed).then(() => "answered", (error) => `refused, ${error.name}`));
process.exit();
JS

cat >expected <<'TEXT'
status 429, type basic, retry-after 7
requests of one plain GET: OPTIONS,GET
without Access-Control-Allow-Origin: refused, NetworkError
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-cors-by-halves no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
