#!/usr/bin/env bash
# connect-redis 9.0.0 with express-session 1.19.0, set up as its README says (resave and saveUninitialized false), `rolling`,
# a cookie of 20 minutes, and a visitor who has been looking around for 25 minutes without changing his cart.
# Expected: each request keeps the session for another 20 minutes, so what he then adds to the cart is stored.
# Seen: where the shop waits for `req.session.save()` before it answers or redirects (the README of express-session
# recommends it there) the session is deleted: save() resolves, the answer shows the full cart, the cookie is sent for
# another 20 minutes, and the next request finds nothing, neither cart nor login. Requests that change nothing
# prolong the key and not the end that is written in the session; save() computes the key's life from the latter,
# and a life below zero is a deletion. Without the call, or with touch() before it, all is stored.
# Why it matters: it meets those who look around longest, and no test with a fresh session. What says when a
# record ends must be one thing, and a store that is asked to keep something must not report success for having
# deleted it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error connect-redis@9.0.0 express-session@1.19.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { mock } from "node:test";
import { RedisStore } from "connect-redis";
import session from "express-session";

mock.timers.enable({ apis: ["Date"], now: Date.now() });
const minutes = (count) => mock.timers.tick(count * 60_000);

// What the store needs of Redis: GET, SET with EX, EXPIRE and DEL.
const keys = new Map();
const live = (key) => {
  if (keys.get(key)?.end <= Date.now()) keys.delete(key);
  return keys.get(key);
};
const client = {
  get: async (key) => live(key)?.value ?? null,
  set: async (key, value, { expiration }) => void keys.set(key, { value, end: Date.now() + expiration.value * 1000 }),
  expire: async (key, seconds) => void (live(key) && (keys.get(key).end = Date.now() + seconds * 1000)),
  del: async (names) => void names.forEach((name) => keys.delete(name)),
};
const use = session({ store: new RedisStore({ client }), secret: "a secret of the shop", resave: false, saveUninitialized: false, rolling: true, cookie: { maxAge: 20 * 60_000 } });
const server = http.createServer((request, response) => use(request, response, () => {
  const visit = request.session;
  const answer = (error) => response.end(error ? error.message : (visit.cart ?? ["nothing"]).join(" and "));
  if (request.url === "/look") return answer();
  (visit.cart ??= []).push(visit.cart.length ? "lamp" : "chair");
  if (request.url === "/add-touch-save") visit.touch();
  if (request.url.endsWith("save")) visit.save(answer);
  else answer();
}));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const scenario = async (quiet, add) => {
  let cookie = "";
  const get = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers: { cookie } });
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answer.text();
  };
  await get("/add");
  for (let passed = 0; passed < quiet; passed += 5) {
    minutes(5);
    await get("/look");
  }
  console.log(`${quiet} minutes of looking around, then ${add}: answered with ${await get(add)}; the next request finds ${await get("/look")}`);
};
for (const add of ["/add", "/add-save", "/add-touch-save"]) for (const quiet of [15, 25]) await scenario(quiet, add);
server.closeAllConnections();
server.close();
JS

cat >expected <<'TEXT'
15 minutes of looking around, then /add: answered with chair and lamp; the next request finds chair and lamp
25 minutes of looking around, then /add: answered with chair and lamp; the next request finds chair and lamp
15 minutes of looking around, then /add-save: answered with chair and lamp; the next request finds chair and lamp
25 minutes of looking around, then /add-save: answered with chair and lamp; the next request finds nothing
15 minutes of looking around, then /add-touch-save: answered with chair and lamp; the next request finds chair and lamp
25 minutes of looking around, then /add-touch-save: answered with chair and lamp; the next request finds chair and lamp
TEXT

timeout 60 node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: connect-redis-save-deletes-a-session-in-use no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
