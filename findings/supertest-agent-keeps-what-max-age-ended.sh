#!/usr/bin/env bash
# supertest 7.3.2 with superagent 10.4.2 and cookiejar 2.1.4, request.agent() as its README shows it for cookies.
# Expected: the agent keeps cookies "to persist a request and its cookies" as a browser does: Max-Age ends them, and a
# path of /shop holds for /shop and what is below it (RFC 6265, 5.2.2 and 5.1.4).
# Seen: Max-Age is not read. What Max-Age=0 deletes, as the cookie helpers of Hono and h3 do, is sent on in the value
# that came with it, the former one if a server leaves it; with Max-Age=1 it is never gone. Where a server sends both,
# Expires rules, though Max-Age must. A cookie for /shop is sent to /shopping as well.
# Why it matters: a test that signs out and looks again passes or fails by how the deletion is written: a logout that
# works in every browser is red, and a session that ends in every browser after an hour is green after a day.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error supertest@7.3.2 superagent@10.4.2 cookiejar@2.1.4 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import supertest from "supertest";

const lines = {
  "/shop/in": "session=buyer; Path=/",
  "/shop/out-by-max-age": "session=buyer; Path=/; Max-Age=0",
  "/shop/out-empty-by-max-age": "session=; Path=/; Max-Age=0",
  "/shop/out-by-expires": "session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  "/shop/for-a-second": "session=buyer; Path=/; Max-Age=1",
  "/shop/in-by-both": "session=buyer; Path=/; Max-Age=3600; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  "/shop/here-only": "session=buyer; Path=/shop",
};
const server = createServer((request, answer) => {
  if (lines[request.url]) answer.setHeader("set-cookie", lines[request.url]);
  answer.end(request.headers.cookie ?? "no cookie");
}).listen(0, "127.0.0.1");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const scenario = async (name, paths, look = "/shop/cart", ms = 0) => {
  const agent = supertest.agent(server);
  for (const path of paths) await agent.get(`/shop/${path}`);
  await wait(ms);
  console.log(`${name}: ${(await agent.get(look)).text}`);
};
await scenario("signed in", ["in"]);
await scenario("signed out by Expires", ["in", "out-by-expires"]);
await scenario("signed out by Max-Age=0", ["in", "out-by-max-age"]);
await scenario("signed out by Max-Age=0 and an empty value", ["in", "out-empty-by-max-age"]);
await scenario("two seconds after Max-Age=1", ["for-a-second"], "/shop/cart", 2000);
await scenario("Max-Age=3600 beside a past Expires", ["in-by-both"]);
await scenario("a cookie for /shop, at /shop/cart", ["here-only"]);
await scenario("a cookie for /shop, at /shopping", ["here-only"], "/shopping");
process.exit();
JS

cat >expected <<'TEXT'
signed in: session=buyer
signed out by Expires: no cookie
signed out by Max-Age=0: session=buyer
signed out by Max-Age=0 and an empty value: session=
two seconds after Max-Age=1: session=buyer
Max-Age=3600 beside a past Expires: no cookie
a cookie for /shop, at /shop/cart: session=buyer
a cookie for /shop, at /shopping: session=buyer
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: supertest-agent-keeps-what-max-age-ended no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
