#!/usr/bin/env bash
# fetch-cookie 3.2.0 around Node's fetch, headers given as a Headers object.
# Expected: the Cookie header is the jar's: after a login that sets the session anew, the new one
# only. And the caller's Headers object is read, as fetch itself does, and not written to.
# Seen: the cookie is appended to the caller's object. The request that follows a redirect is made
# from the same object, so it carries the guest's session AND the customer's, the old one first; so
# does the next call with that object. With a plain object or an array all is well.
# Why it matters: most servers take the first of two cookies of one name: the redirect after the
# login shows the guest, or sends him back to the login. "headers: new Headers(…)", as many wrappers
# normalise them, is enough.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fetch-cookie@3.2.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import fetchCookie from "fetch-cookie";

const got = [];
const server = http.createServer((request, answer) => {
  got.push(`${request.url} ${request.headers.cookie ?? "none"}`);
  if (request.url === "/start") answer.setHeader("set-cookie", "session=guest; Path=/");
  if (request.url === "/login") answer.writeHead(302, { location: "/account", "set-cookie": "session=customer; Path=/" });
  answer.end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
const kinds = { "plain object": (entries) => entries, array: Object.entries, Headers: (entries) => new Headers(entries) };
for (const [kind, make] of Object.entries(kinds)) {
  const fetch = fetchCookie(globalThis.fetch);
  const headers = make({ accept: "text/html" });
  await fetch(`${base}/start`);
  got.length = 0;
  await fetch(`${base}/login`, { method: "POST", body: "name", headers });
  await fetch(`${base}/cart`, { headers });
  console.log(`${kind}: ${got.join(" | ")}; the caller's object has a cookie: ${new Headers(headers).has("cookie")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
plain object: /login session=guest | /account session=customer | /cart session=customer; the caller's object has a cookie: false
array: /login session=guest | /account session=customer | /cart session=customer; the caller's object has a cookie: false
Headers: /login session=guest | /account session=guest; session=customer | /cart session=guest; session=customer; session=customer; the caller's object has a cookie: true
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fetch-cookie-sends-both-sessions no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
