#!/usr/bin/env bash
# hono 4.13.19: etag() with cookies and cors(), beside Express 5.3.0 and Koa 3.3.0 with @koa/etag and koa-conditional-get.
# Expected: RFC 9110 (15.4.5) says what a 304 has to carry and that other *representation metadata* should be left out;
# Set-Cookie and Access-Control-Allow-Origin are none, they tell of this answer. The cookie arrives whatever the status.
# Seen: once the page has not changed, the answer is made anew with six headers, and Set-Cookie is not among them: a token
# that the middleware has renewed in this request never arrives, and its refresh token is spent. Nor is the permission of
# cors(): the shop's page cannot read the answer, from its second read on. It depends on which of the two comes first
# whether one is lost: what is set outside of etag() is kept by session middleware that adds its cookie after next() only.
# Express and Koa keep both.
# Why it matters: a first visit is right, and so is every test that does not send If-None-Match; the customer who looks at the
# same page again is signed out. Name the headers (retainedHeaders: [...RETAINED_304_HEADERS, "set-cookie", …]).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error hono@4.13.19 @hono/node-server@2.1.9 express@5.3.0 koa@3.3.0 @koa/etag@5.0.2 koa-conditional-get@3.0.0 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import Koa from "koa";
import conditional from "koa-conditional-get";
import koaEtag from "@koa/etag";

const origin = "https://shop.example";
const page = "<p>two lamps</p>";
const renew = async (c, next) => {
  setCookie(c, "session", "renewed", { httpOnly: true });
  await next();
};
const renewAfter = async (c, next) => {
  await next();
  setCookie(c, "session", "renewed", { httpOnly: true });
};
const hono = (...parts) => {
  const app = new Hono();
  for (const part of parts) app.use(part);
  return getRequestListener(app.get("/", (c) => c.html(page)).fetch);
};
const access = cors({ origin, credentials: true });
const koa = new Koa();
koa.use(conditional()).use(koaEtag()).use((c) => {
  c.cookies.set("session", "renewed");
  c.set("Access-Control-Allow-Origin", origin);
  c.body = page;
});
const express5 = express().get("/", (_request, answer) => answer.cookie("session", "renewed").set("Access-Control-Allow-Origin", origin).send(page));

for (const [name, app] of [
  ["Hono, etag() first", hono(etag(), access, renew)],
  ["Hono, etag() last", hono(access, renew, etag())],
  ["Hono, etag() last, cookie after next()", hono(access, renewAfter, etag())],
  ["Hono, etag() with names", hono(etag({ retainedHeaders: [...RETAINED_304_HEADERS, "set-cookie", "access-control-allow-origin"] }), access, renew)],
  ["Express", express5],
  ["Koa", koa.callback()],
]) {
  const server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const ask = (headers) => fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { origin, "cache-control": "max-age=0", ...headers } });
  const first = await ask({});
  const second = await ask({ "if-none-match": first.headers.get("etag") });
  for (const answer of [first, second]) {
    const cookie = answer.headers.getSetCookie().map((text) => text.split(";")[0]).join() || "no cookie";
    console.log(`${name}: ${answer.status}, ${cookie}, ${answer.headers.has("access-control-allow-origin") ? "readable" : "not readable"}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
Hono, etag() first: 200, session=renewed, readable
Hono, etag() first: 304, no cookie, not readable
Hono, etag() last: 200, session=renewed, readable
Hono, etag() last: 304, no cookie, not readable
Hono, etag() last, cookie after next(): 200, session=renewed, readable
Hono, etag() last, cookie after next(): 304, session=renewed, not readable
Hono, etag() with names: 200, session=renewed, readable
Hono, etag() with names: 304, session=renewed, readable
Express: 200, session=renewed, readable
Express: 304, session=renewed, readable
Koa: 200, session=renewed, readable
Koa: 304, session=renewed, readable
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hono-etag-drops-the-cookie-of-a-renewal no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
