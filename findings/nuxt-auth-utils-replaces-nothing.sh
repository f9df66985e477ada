#!/usr/bin/env bash
# nuxt-auth-utils 0.5.30 with h3 1.15.11 (the one virtual module of Nuxt it needs is given by hand), setUserSession() and
# replaceUserSession().
# Expected: the first merges, so that what is named is as it was set; the second "does not merge data with existing data".
# Seen: both do. The first merges by defu, for which what is set is wanted and what there is are defaults: an empty list
# and null want nothing, and lists are joined. A cart that is set without the lamp has the lamp, and the chair twice; an
# emptied one is full; a company that is set to null is the one before. The second clears the session and updates it,
# and the update reads the request's cookie again: all that the new data do not name is there still.
# Why it matters: a login gives the next customer whatever of the former's session his own does not say, by either way, and
# no entry can be taken out of a session within one request; clearUserSession() has to come a request earlier.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --omit=optional --no-audit --no-fund --loglevel=error nuxt-auth-utils@0.5.30 h3@1.15.11 >/dev/null

cat >nuxt.mjs <<'JS'
const source = 'export const useRuntimeConfig = () => ({ nitro: {}, session: { name: "shop", password: "a password of thirty-two letters!!", cookie: { secure: false } } });';
export const resolve = (name, context, next) => (name === "#imports" ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true } : next(name, context));
JS
cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { register } from "node:module";
import { createApp, eventHandler, readBody, toNodeListener } from "h3";

register("./nuxt.mjs", import.meta.url);
const { getUserSession, replaceUserSession, setUserSession } = await import("./node_modules/nuxt-auth-utils/dist/runtime/server/utils/session.js");
const app = createApp().use("/", eventHandler(async (event) => {
  const { way, data } = await readBody(event);
  await (way === "replace" ? replaceUserSession : setUserSession)(event, data);
  return getUserSession(event);
}));
const server = createServer(toNodeListener(app)).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
let cookie = "";
const set = async (data, way = "set") => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", body: JSON.stringify({ way, data }), headers: { cookie, "content-type": "application/json" } });
  cookie = answer.headers.getSetCookie().at(-1).split(";")[0];
  const { id, ...session } = await answer.json();
  console.log(`${way} ${JSON.stringify(data)}\n  ${JSON.stringify(session)}`);
};
await set({ user: { name: "north", company: "North Ltd", phone: "1" }, cart: ["lamp", "chair"] });
await set({ cart: ["chair"] });
await set({ cart: [] });
await set({ user: { company: null } });
await set({ user: { name: "south" } });
await set({ user: { name: "west" } }, "replace");
await set({});
process.exit();
JS

cat >expected <<'TEXT'
set {"user":{"name":"north","company":"North Ltd","phone":"1"},"cart":["lamp","chair"]}
  {"user":{"name":"north","company":"North Ltd","phone":"1"},"cart":["lamp","chair"]}
set {"cart":["chair"]}
  {"user":{"name":"north","company":"North Ltd","phone":"1"},"cart":["chair","lamp","chair"]}
set {"cart":[]}
  {"user":{"name":"north","company":"North Ltd","phone":"1"},"cart":["chair","lamp","chair"]}
set {"user":{"company":null}}
  {"user":{"name":"north","company":"North Ltd","phone":"1"},"cart":["chair","lamp","chair"]}
set {"user":{"name":"south"}}
  {"user":{"name":"south","company":"North Ltd","phone":"1"},"cart":["chair","lamp","chair"]}
replace {"user":{"name":"west"}}
  {"user":{"name":"west"},"cart":["chair","lamp","chair"]}
set {}
  {"user":{"name":"west"},"cart":["chair","lamp","chair"]}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: nuxt-auth-utils-replaces-nothing no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
