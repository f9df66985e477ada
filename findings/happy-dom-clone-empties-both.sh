#!/usr/bin/env bash
# happy-dom 21.0.4, window.fetch and Response.clone().
# Expected: a clone and its original can both be read, each gives the whole body (Fetch
# standard: clone tees the body); so it is in happy-dom for a Response made by hand.
# Seen: for a Response that fetch returned, after clone() BOTH give an empty text, without an
# error; json() on either throws "Unexpected end of JSON input". Without clone() it is whole.
# Why it matters: what looks at an answer before it hands it on (a session's 401 check, a
# logger, a cache) is tested here against empty bodies and blames the server.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { Window } from "happy-dom";

const server = http.createServer((_request, answer) => answer.setHeader("content-type", "application/json").end('{"a":1}'));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;
const window = new Window({ url });
const said = (what) => what.then((text) => JSON.stringify(text), (error) => error.message);

console.log("not cloned:", await said((await window.fetch(url)).text()));
const made = new window.Response('{"a":1}');
const copy = made.clone();
console.log("made by hand: original", await said(made.text()), "clone", await said(copy.text()));
const first = await window.fetch(url);
const other = first.clone();
console.log("fetched: original", await said(first.text()), "clone", await said(other.text()));
const second = await window.fetch(url);
second.clone();
console.log("fetched, json of the original:", await said(second.json()));
process.exit();
JS

cat >expected <<'TEXT'
not cloned: "{\"a\":1}"
made by hand: original "{\"a\":1}" clone "{\"a\":1}"
fetched: original "" clone ""
fetched, json of the original: Unexpected end of JSON input
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-clone-empties-both no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
