#!/usr/bin/env bash
# happy-dom 21.0.4, what window.fetch rejects with.
# Expected: as the Fetch standard has it, and as browsers, Node, Deno and Bun do: every
# failure of the network, a refused redirect (redirect: "error") included, is a TypeError;
# AbortError means that somebody aborted.
# Seen: a broken connection is a DOMException named NetworkError, and a refused redirect is a
# DOMException named AbortError; neither is a TypeError.
# Why it matters: code that tells "offline" by TypeError, or "the caller gave up" by AbortError,
# takes another branch under test than in a browser: a refused redirect looks like a cancel.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { Window } from "happy-dom";

const server = http.createServer((request, answer) => {
  if (request.url === "/cut") return request.socket.destroy();
  answer.writeHead(302, { location: "/elsewhere" }).end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}`;
const window = new Window({ url });
const kind = (error) => `${error.name}, TypeError ${error instanceof window.TypeError || error instanceof TypeError}, DOMException ${error instanceof window.DOMException}`;
for (const [where, fetch] of [["happy-dom", window.fetch.bind(window)], ["Node", globalThis.fetch]]) {
  console.log(`${where}, connection cut:`, await fetch(`${url}/cut`).then(() => "answered", kind));
  console.log(`${where}, redirect refused:`, await fetch(`${url}/go`, { redirect: "error" }).then(() => "answered", kind));
}
process.exit();
JS

cat >expected <<'TEXT'
happy-dom, connection cut: NetworkError, TypeError false, DOMException true
happy-dom, redirect refused: AbortError, TypeError false, DOMException true
Node, connection cut: TypeError, TypeError true, DOMException false
Node, redirect refused: TypeError, TypeError true, DOMException false
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-fetch-errors no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
