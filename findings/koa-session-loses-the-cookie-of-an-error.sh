#!/usr/bin/env bash
# koa-session 7.0.2 with koa 3.3.0, a session that is changed by a request which then fails: ctx.throw(), or an error of a
# service behind.
# Expected: the session is committed at the end of each request, "automatically", and an error answer carries its cookie;
# or nothing is committed.
# Seen: it is committed by half. Koa removes all headers of an answer that becomes an error, the cookie among them, but
# with a store the session is written, or destroyed, before that. A guest's first article that ends in 409 is stored under
# a name he is not told; a login that calls regenerate() and then meets a 502 has destroyed the guest's session, and his
# cart, and he is not signed in either. With the session in the cookie itself the change is lost, a logout too.
# Why it matters: one failing service after the login costs the cart; after a logout the customer is still signed in. The
# error has to be caught, and answered, before the session's middleware sees it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error koa-session@7.0.2 koa@3.3.0 >/dev/null

cat >probe.mjs <<'JS'
import Koa from "koa";
import session from "koa-session";

const kept = new Map();
const store = { get: async (name) => kept.get(name), set: async (name, data) => void kept.set(name, structuredClone(data)), destroy: async (name) => void kept.delete(name) };
const acts = {
  "/add": async (ctx) => (ctx.session.cart = "lamp"),
  "/login": async (ctx) => {
    if (ctx.session.regenerate) await ctx.session.regenerate();
    ctx.session.customer = "buyer";
  },
  "/logout": async (ctx) => (ctx.session = null),
  "/show": async (ctx) => (ctx.body = JSON.stringify(ctx.session)),
};
for (const [name, options] of [["a store", { store }], ["the cookie", {}]]) {
  const app = new Koa();
  app.silent = true;
  app.use(session({ signed: false, ...options }, app));
  app.use(async (ctx) => {
    ctx.body = "";
    await acts[ctx.path](ctx);
    if (ctx.query.then) ctx.throw(Number(ctx.query.then));
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  let cookie = "";
  const get = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers: { cookie } });
    const [line] = answer.headers.getSetCookie();
    if (line) cookie = line.split(";")[0];
    return path === "/show" ? answer.text() : `${answer.status}, ${line ? "a cookie" : "no cookie"}`;
  };
  kept.clear();
  console.log(`${name}: a first article and a 409: ${await get("/add?then=409")}; sessions stored ${kept.size}; then ${await get("/show")}`);
  await get("/add");
  console.log(`  with the cart ${await get("/show")} a login and a 502: ${await get("/login?then=502")}; then ${await get("/show")}`);
  await get("/login");
  console.log(`  as ${await get("/show")} a logout and a 502: ${await get("/logout?then=502")}; then ${await get("/show")}`);
  server.closeAllConnections();
  server.close();
}
JS

cat >expected <<'TEXT'
a store: a first article and a 409: 409, no cookie; sessions stored 1; then {}
  with the cart {"cart":"lamp"} a login and a 502: 502, no cookie; then {}
  as {"customer":"buyer"} a logout and a 502: 502, no cookie; then {}
the cookie: a first article and a 409: 409, no cookie; sessions stored 0; then {}
  with the cart {"cart":"lamp"} a login and a 502: 502, no cookie; then {"cart":"lamp"}
  as {"cart":"lamp","customer":"buyer"} a logout and a 502: 502, no cookie; then {"cart":"lamp","customer":"buyer"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: koa-session-loses-the-cookie-of-an-error no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
