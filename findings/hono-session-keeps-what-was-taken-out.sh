#!/usr/bin/env bash
# @hono/session 0.2.1 with hono 4.13.19, useSession() with the session in its cookie, and with a storage, as its README
# shows both.
# Expected: update() gives the session "the provided session data", and delete() removes "the session cookie and data from
# storage"; what a request has changed is there for the next one.
# Seen: in the cookie, update() joins the new data to the old: what it leaves out is not in session.data for the rest of
# this request, but is back in the next. So a logout that keeps the cart, update(({ cart }) => ({ cart })), signs nobody
# out. With a storage it replaces. There the answer goes out before the storage has taken the change, which nobody waits
# for: the page that a login redirects to still sees the guest; and a delete() that was not preceded by get() leaves the
# data in the storage, under a cookie that some other tab or request may still send.
# Why it matters: one code signs out with a storage and does not without; and behind a real database every login is a
# race. What is to go has to be set to null, and get() to be called before delete().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @hono/session@0.2.1 hono@4.13.19 >/dev/null

cat >probe.mjs <<'JS'
import { useSession, useSessionStorage } from "@hono/session";
import { Hono } from "hono";

const secret = "0123456789abcdef0123456789abcdef";
let stored, writes;
const slow = {
  get: async (sid) => stored.get(sid) ?? null,
  /** Takes its time: until the script lets it. */
  set: (sid, data) => new Promise((done) => writes.push(() => done(stored.set(sid, structuredClone(data))))),
  delete: (sid) => void stored.delete(sid),
};
const quick = { ...slow, set: (sid, data) => void stored.set(sid, structuredClone(data)) };

const browser = (storage) => {
  [stored, writes] = [new Map(), []];
  const app = new Hono();
  if (storage) app.use(useSessionStorage(storage));
  app.use(useSession({ secret }));
  app.get("/login", async (c) => {
    await c.var.session.update((data) => ({ ...data, cart: "lamp", customer: "buyer" }));
    return c.redirect("/");
  });
  app.get("/logout", async (c) => {
    await c.var.session.update(({ cart }) => ({ cart }));
    return c.json(c.var.session.data);
  });
  app.get("/end", (c) => {
    c.var.session.delete();
    return c.text("signed out");
  });
  app.get("/end-after-get", async (c) => {
    await c.var.session.get();
    c.var.session.delete();
    return c.text("signed out");
  });
  app.get("/", async (c) => c.json(await c.var.session.get()));
  const jar = { cookie: "" };
  jar.get = async (path) => {
    const answer = await app.request(path, { headers: { cookie: jar.cookie } });
    for (const line of answer.headers.getSetCookie()) jar.cookie = line.split(";")[0];
    return answer.text();
  };
  return jar;
};
for (const [name, storage] of [["in the cookie", undefined], ["in a storage", quick]]) {
  const { get } = browser(storage);
  await get("/login");
  console.log(`${name}: signed in ${await get("/")}`);
  console.log(`  a logout that keeps the cart: in this request ${await get("/logout")}, in the next ${await get("/")}`);
}
for (const path of ["/end", "/end-after-get"]) {
  const jar = browser(quick);
  await jar.get("/login");
  const former = jar.cookie;
  await jar.get(path);
  console.log(`${path}: left in the storage ${stored.size}, this browser ${await jar.get("/")}, the former cookie ${await Object.assign(jar, { cookie: former }).get("/")}`);
}
const { get } = browser(slow);
await get("/login");
console.log(`a storage that takes its time: after the login's answer ${await get("/")}`);
JS

cat >expected <<'TEXT'
in the cookie: signed in {"cart":"lamp","customer":"buyer"}
  a logout that keeps the cart: in this request {"cart":"lamp"}, in the next {"cart":"lamp","customer":"buyer"}
in a storage: signed in {"cart":"lamp","customer":"buyer"}
  a logout that keeps the cart: in this request {"cart":"lamp"}, in the next {"cart":"lamp"}
/end: left in the storage 1, this browser null, the former cookie {"cart":"lamp","customer":"buyer"}
/end-after-get: left in the storage 0, this browser null, the former cookie null
a storage that takes its time: after the login's answer null
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hono-session-keeps-what-was-taken-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
