#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian 12; it must be on the path), a page with a service worker that passes
# requests on, respondWith(fetch(event.request)), and a call that the page aborts.
# Expected: the request that a worker is given has a signal that fires when the page aborts (Service
# Workers, "Handle Fetch"; Fetch), so what the worker has sent with it ends as well, as without a worker.
# Seen: the page's fetch rejects at once with the signal's reason. In the worker event.request.signal
# stays silent, and its request goes on; the server is not told. Without the worker the connection is closed.
# Why it matters: reads that a shop aborts at a logout or a change of company go on behind a worker
# (every progressive web app has one): a worker that caches what it fetches may put the former visitor's
# answer into its cache after the logout. Empty such a cache by identity, not by time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";

const worker = `
let fired = false;
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { pathname, search } = new URL(event.request.url);
  if (pathname === "/fired") return event.respondWith(new Response(String(fired)));
  if (pathname !== "/cart" || search !== "?worker") return;
  event.request.signal.addEventListener("abort", () => (fired = true));
  event.respondWith(fetch(event.request));
});`;
const page = `<!doctype html><script type="module">
const controlled = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
await navigator.serviceWorker.register("/worker.js");
if (!navigator.serviceWorker.controller) await controlled;
for (const way of ["direct", "worker"]) {
  const control = new AbortController();
  const end = fetch("/cart?" + way, { signal: control.signal }).then(() => "answered", (error) => error);
  await fetch("/arrived?" + way);
  control.abort("signed out");
  await fetch("/end?" + way + "=" + await end);
}
await fetch("/signal?" + await (await fetch("/fired")).text());
</script>`;
const carts = {};
const arrival = {};
const arrived = Object.fromEntries(["direct", "worker"].map((way) => [way, new Promise((done) => (arrival[way] = done))]));
let done;
const all = new Promise((finish) => (done = finish));
const lines = [];
const server = http.createServer(async (request, answer) => {
  const [path, query] = request.url.split("?");
  if (path === "/worker.js") return answer.writeHead(200, { "content-type": "text/javascript" }).end(worker);
  if (path === "/") return answer.writeHead(200, { "content-type": "text/html" }).end(page);
  if (path === "/cart") {
    carts[query] = new Promise((finish) => {
      answer.once("close", () => finish("told"));
      setTimeout(finish, 2000, "not told within two seconds");
    });
    return arrival[query]();
  }
  if (path === "/arrived") await arrived[query];
  if (path === "/end") {
    const [way, end] = query.split("=");
    lines.push(`${way}: the page gets "${decodeURIComponent(end)}"; the server is ${await carts[way]}`);
  }
  answer.end();
  if (path === "/signal") done(`event.request.signal has fired: ${query}`);
});
await new Promise((finish) => server.listen(0, "127.0.0.1", finish));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=profile"];
const child = spawn(process.argv[2], [...flags, `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
const end = await Promise.race([all, new Promise((finish) => setTimeout(finish, 60_000, "the page did not finish"))]);
console.log([...lines, end].join("\n"));
child.once("exit", () => process.exit());
child.kill();
JS

cat >expected <<'TEXT'
direct: the page gets "signed out"; the server is told
worker: the page gets "signed out"; the server is not told within two seconds
event.request.signal has fired: false
TEXT

node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: chromium-worker-hides-an-abort no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
