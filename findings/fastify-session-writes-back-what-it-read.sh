#!/usr/bin/env bash
# @fastify/session 11.1.3 with fastify 5.12.8, its options as they come, the store in memory.
# Expected: a request that only reads the session changes nothing in the store. `rolling` (true by default) is
# described as setting the cookie on every response and its lifetime anew; a store has touch() for that elsewhere.
# Seen: with `rolling` every request stores the whole session as it was when the request began. A slow
# report that never touches the session takes back the cart that was filled meanwhile; and where the visitor signed
# out meanwhile, destroy() is undone: the same cookie is signed in again. With `rolling: false` neither happens.
# Why it matters: pages make several requests at once, and one of them is always the slow one. A session
# that lives on a server needs a revision that is compared when it is stored, and a mark where it has ended.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fastify@5.12.8 @fastify/cookie@11.1.5 @fastify/session@11.1.3 >/dev/null

cat >probe.mjs <<'JS'
import cookies from "@fastify/cookie";
import sessions from "@fastify/session";
import Fastify from "fastify";

const scenario = async (name, options, act) => {
  const app = Fastify();
  app.register(cookies);
  app.register(sessions, { secret: "a secret of at least 32 characters", cookie: { secure: false }, ...options });
  let begun, goOn;
  const reached = new Promise((done) => (begun = done));
  const held = new Promise((done) => (goOn = done));
  app.post("/login", async ({ session }) => {
    session.user = "Bea";
    session.cart = [];
  });
  app.post("/cart", async ({ session }) => void (session.cart = [...session.cart, "shoes"]));
  app.post("/logout", async ({ session }) => session.destroy());
  app.get("/report", async () => {
    begun();
    await held;
    return "the report does not use the session";
  });
  app.get("/session", async ({ session }) => ({ user: session.user ?? "nobody", cart: session.cart ?? [] }));

  const cookie = (await app.inject({ method: "POST", url: "/login" })).cookies[0];
  const send = async (method, url) => (await app.inject({ method, url, cookies: { [cookie.name]: cookie.value } })).body;
  const slow = send("GET", "/report");
  await reached;
  await send("POST", act);
  const between = await send("GET", "/session");
  goOn();
  await slow;
  console.log(`${name}, ${act}: ${between}; once the report has ended: ${await send("GET", "/session")}`);
  await app.close();
};
for (const [name, options] of [["as it comes", {}], ["rolling: false", { rolling: false }]]) {
  for (const act of ["/cart", "/logout"]) await scenario(name, options, act);
}
JS

cat >expected <<'TEXT'
as it comes, /cart: {"user":"Bea","cart":["shoes"]}; once the report has ended: {"user":"Bea","cart":[]}
as it comes, /logout: {"user":"nobody","cart":[]}; once the report has ended: {"user":"Bea","cart":[]}
rolling: false, /cart: {"user":"Bea","cart":["shoes"]}; once the report has ended: {"user":"Bea","cart":["shoes"]}
rolling: false, /logout: {"user":"nobody","cart":[]}; once the report has ended: {"user":"nobody","cart":[]}
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fastify-session-writes-back-what-it-read no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
