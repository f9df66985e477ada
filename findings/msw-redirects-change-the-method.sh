#!/usr/bin/env bash
# msw 2.15.0 (with @mswjs/interceptors 0.41.9), redirects of mocked answers in Node.
# Expected: as the Fetch standard has it: 307 and 308 repeat method and body; 301 and 302 turn
# a POST into a GET and drop its body; 303 turns everything into a GET.
# Seen: a POST with a body is a network error ("Failed to fetch") under 301, 302, 307 and 308,
# and a POST, PUT or DELETE without a body is repeated as GET under 307 and 308.
# Why it matters: "a token request is never sent elsewhere by a 307" passes with msw whether
# or not the code sets redirect: "error"; only a real server shows the difference.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error msw@2.15.0 @mswjs/interceptors@0.41.9 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { http as route, HttpResponse } from "msw";
import { setupServer } from "msw/node";

const codes = [301, 302, 303, 307, 308];
const kinds = { "POST abc": { method: "POST", body: "abc" }, POST: { method: "POST" }, DELETE: { method: "DELETE" } };
const table = async (name, base) => {
  for (const [kind, init] of Object.entries(kinds)) {
    const row = [];
    for (const code of codes) {
      row.push(`${code} ${await fetch(`${base}/go/${code}`, init).then(async (answer) => (await answer.text()).trim(), (error) => error.message)}`);
    }
    console.log(`${name}, ${kind}: ${row.join(" | ")}`);
  }
};

const real = http.createServer(async (request, answer) => {
  let body = "";
  for await (const part of request) body += part;
  const code = /^\/go\/(\d+)/.exec(request.url)?.[1];
  if (code) answer.writeHead(Number(code), { location: "/end" }).end();
  else answer.end(`${request.method} ${body}`);
});
await new Promise((done) => real.listen(0, "127.0.0.1", done));
await table("server", `http://127.0.0.1:${real.address().port}`);

const server = setupServer(
  ...codes.map((code) => route.all(`https://api.example/go/${code}`, () => new HttpResponse(null, { status: code, headers: { location: "/end" } }))),
  route.all("https://api.example/end", async ({ request }) => new HttpResponse(`${request.method} ${await request.text()}`)),
);
server.listen();
await table("msw", "https://api.example");
process.exit();
JS

cat >expected <<'TEXT'
server, POST abc: 301 GET | 302 GET | 303 GET | 307 POST abc | 308 POST abc
server, POST: 301 GET | 302 GET | 303 GET | 307 POST | 308 POST
server, DELETE: 301 DELETE | 302 DELETE | 303 GET | 307 DELETE | 308 DELETE
msw, POST abc: 301 Failed to fetch | 302 Failed to fetch | 303 GET | 307 Failed to fetch | 308 Failed to fetch
msw, POST: 301 GET | 302 GET | 303 GET | 307 GET | 308 GET
msw, DELETE: 301 GET | 302 GET | 303 GET | 307 GET | 308 GET
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: msw-redirects-change-the-method no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
