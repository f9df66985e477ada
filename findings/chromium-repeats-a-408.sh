#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian 12; it must be on the path), fetch() that is answered with 408.
# Expected: an answer is an answer. A client "MAY repeat" after 408 (RFC 9110, 15.5.9), but "SHOULD NOT
# automatically retry a request with a non-idempotent method" unless it knows that nothing was done
# (9.2.2); the Fetch standard repeats after 421 and after authentication.
# Seen: a request that is answered with 408 on a connection that was used before is sent again, POST
# and body included, though the server has read it all: once for each such connection that is at hand (two
# or three requests were seen). The page learns of the last answer only. On a new connection it is sent
# once. 503 and 429 are not repeated. Firefox ESR 153 and WebKitGTK 2.50 repeat none of these.
# Why it matters: gateways answer 408 when the server behind them was too slow, that is, when the login,
# the order or the renewal may well be done: a doubled login attempt, a refresh token spent twice. A page
# cannot prevent it; a gateway should answer 504, or close the connection with its 408.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";

const browser = process.argv[2];
const counts = {};
let said;
const heard = new Promise((done) => (said = done));
const serve = async (handler) => {
  const server = http.createServer(async (request, answer) => {
    let body = "";
    for await (const part of request) body += part;
    handler(request, body, answer);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
};
const refuse = (place) => (request, body, answer) => {
  const status = Number(request.url.slice(1));
  const what = `${place}, ${request.method} ${status}`;
  counts[what] = (counts[what] ?? 0) + (body === (request.method === "POST" ? "order" : ""));
  answer.writeHead(status, { "access-control-allow-origin": "*" }).end();
};
const fresh = await serve(refuse("new connection"));
const page = `<!doctype html><script type="module">
const send = async (address, init) => (await fetch(address, init)).text();
for (const status of [408, 503, 429]) {
  for (const method of ["GET", "POST"]) {
    // Whichever connections there are, they have been used, and are free again.
    await Promise.all(Array.from({ length: 6 }, (_, number) => send("/used?" + number)));
    await send("/" + status, { method, body: method === "POST" ? "order" : undefined });
  }
}
await send("${fresh}/408", { method: "POST", body: "order" });
await send("/done");
</script>`;
const used = refuse("used connection");
const shop = await serve((request, body, answer) => {
  if (/^\/\d+$/.test(request.url)) return used(request, body, answer);
  if (request.url === "/done") said("done");
  answer.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" }).end(page);
});
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=profile"];
const child = spawn(browser, [...flags, `${shop}/`], { stdio: "ignore" });
const end = await Promise.race([heard, new Promise((done) => setTimeout(done, 60_000, "the page did not finish"))]);
for (const [what, count] of Object.entries(counts)) console.log(`${what}: asked ${count === 1 ? "once" : "more than once"}`);
console.log(end);
child.once("exit", () => process.exit());
child.kill();
JS

cat >expected <<'TEXT'
used connection, GET 408: asked more than once
used connection, POST 408: asked more than once
used connection, GET 503: asked once
used connection, POST 503: asked once
used connection, GET 429: asked once
used connection, POST 429: asked once
new connection, POST 408: asked once
done
TEXT

node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: chromium-repeats-a-408 no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
