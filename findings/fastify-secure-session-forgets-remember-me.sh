#!/usr/bin/env bash
# @fastify/secure-session 8.4.0 with fastify 5.12.8, session.options(), set() and delete() in routes, as its README shows
# them.
# Expected: the lifetime that a sign-in gives its cookie ("remember me") is the session's until somebody gives it another;
# what is set after delete() is in the session, as what is done last holds.
# Seen: options() is for this one answer, and not kept in the session. The next request that sets anything sends the
# cookie without Max-Age, and the browser forgets it when it is closed; who changes nothing keeps the thirty days. After
# delete() everything that is set is visible in this request, beside all that was there before, and the answer deletes the
# cookie. A change within what get() gives is visible in this request and sent to nobody.
# Why it matters: who asked to be remembered is, until he puts an article into the cart. A login that first deletes the
# session signs nobody in: use regenerate(), and call options() in a hook that knows what was asked for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @fastify/secure-session@8.4.0 fastify@5.12.8 >/dev/null

cat >probe.mjs <<'JS'
import secureSession from "@fastify/secure-session";
import fastify from "fastify";

const app = fastify();
app.register(secureSession, { key: Buffer.alloc(32, 1), cookie: { path: "/", httpOnly: true } });
app.get("/sign-in", async ({ session }) => {
  session.options({ maxAge: 30 * 24 * 3600 });
  session.set("customer", "buyer");
  session.set("cart", ["lamp"]);
});
app.get("/look", async () => {});
app.get("/add", async ({ session }) => session.set("cart", [...session.get("cart"), "chair"]));
app.get("/push", async ({ session }) => void session.get("cart").push("chair"));
app.get("/sign-out", async ({ session }) => session.delete());
app.get("/sign-out-and-in", async ({ session }) => {
  session.delete();
  session.set("customer", "other");
  return { seen: session.data() };
});
app.get("/regenerate-and-in", async ({ session }) => {
  session.regenerate();
  session.set("customer", "other");
  return { seen: session.data() };
});
app.get("/show", async ({ session }) => session.data());
let jar;
const get = async (url) => {
  const answer = await app.inject({ url, cookies: jar ? { session: jar } : {} });
  const [cookie] = answer.cookies;
  if (cookie) jar = cookie.maxAge === 0 ? undefined : cookie.value;
  return { body: answer.body, line: cookie ? (cookie.maxAge === undefined ? "a cookie until the browser is closed" : `a cookie for ${cookie.maxAge / 86400} days`) : "no cookie" };
};
const shown = async () => (await get("/show")).body;
for (const path of ["/look", "/add", "/push", "/sign-out", "/sign-out-and-in", "/regenerate-and-in"]) {
  jar = undefined;
  const first = await get("/sign-in");
  const { line, body } = await get(path);
  console.log(`sign-in: ${first.line}; ${path}: ${line}${body ? `, in this request ${body}` : ""}; then ${await shown()}`);
}
process.exit();
JS

cat >expected <<'TEXT'
sign-in: a cookie for 30 days; /look: no cookie; then {"customer":"buyer","cart":["lamp"]}
sign-in: a cookie for 30 days; /add: a cookie until the browser is closed; then {"customer":"buyer","cart":["lamp","chair"]}
sign-in: a cookie for 30 days; /push: no cookie; then {"customer":"buyer","cart":["lamp"]}
sign-in: a cookie for 30 days; /sign-out: a cookie for 0 days; then {}
sign-in: a cookie for 30 days; /sign-out-and-in: a cookie for 0 days, in this request {"seen":{"customer":"other","cart":["lamp"]}}; then {}
sign-in: a cookie for 30 days; /regenerate-and-in: a cookie until the browser is closed, in this request {"seen":{"customer":"other"}}; then {"customer":"other"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fastify-secure-session-forgets-remember-me no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
