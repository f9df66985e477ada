#!/usr/bin/env bash
# msw 2.15.0 in Node.js, after one mocked answer that sets a session cookie.
# Expected: Node.js keeps no cookies, so a later request carries none unless the code under test sends it; least of all
# one with `credentials: "omit"`, or after `resetHandlers()` and `close()`.
# Seen: the library keeps a jar for the whole process and adds its cookies to every later request for that host: with
# "omit", in the next test, after a new `listen()`. The handler is told of a cookie named `Path` besides, and who reads
# the header gets the cookie twice, attributes and all. What is not mocked goes out with it: the real server below
# receives a session that nobody sent. There is no documented way to empty the jar.
# Why it matters: a client that forgets to send its session, or a logout that keeps it, passes under test; a server's
# session of one test is met by the next. A test that is to see whether a cookie is sent must look at a real server.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error msw@2.15.0 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";

const shop = createServer((request, answer) => answer.end(request.headers.cookie ?? "no cookie"));
await new Promise((done) => shop.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${shop.address().port}`;
const read = async (path, init) => (await fetch(url + path, init)).text();
const mock = setupServer(
  http.post(`${url}/login`, () => new HttpResponse(null, { headers: { "set-cookie": "session=guest; HttpOnly; Path=/" } })),
  http.get(`${url}/cart`, ({ request, cookies }) => HttpResponse.text(`${JSON.stringify(cookies)}, header ${request.headers.get("cookie")}`)),
);

mock.listen({ onUnhandledRequest: "bypass" });
console.log("before the login:", await read("/cart"));
await read("/login", { method: "POST" });
console.log("after it:", await read("/cart"));
console.log("with omit:", await read("/cart", { credentials: "omit" }));
mock.resetHandlers();
console.log("after resetHandlers():", await read("/cart"));
mock.close();
console.log("closed, the real server gets:", await read("/real"));
mock.listen({ onUnhandledRequest: "bypass" });
console.log("listening anew:", await read("/cart"));
console.log("not mocked, the real server gets:", (await read("/real")).includes("session=guest") ? "the session" : "no session");
mock.close();
shop.close();
JS

cat >expected <<'TEXT'
before the login: {}, header null
after it: {"session":"guest","Path":"/"}, header session=guest; Path=/; HttpOnly; session=guest; Path=/; HttpOnly
with omit: {"session":"guest","Path":"/"}, header session=guest; Path=/; HttpOnly; session=guest; Path=/; HttpOnly
after resetHandlers(): {"session":"guest","Path":"/"}, header session=guest; Path=/; HttpOnly; session=guest; Path=/; HttpOnly
closed, the real server gets: no cookie
listening anew: {"session":"guest","Path":"/"}, header session=guest; Path=/; HttpOnly; session=guest; Path=/; HttpOnly
not mocked, the real server gets: the session
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: msw-sends-the-cookies-of-its-answers no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
