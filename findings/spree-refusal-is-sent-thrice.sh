#!/usr/bin/env bash
# @spree/sdk 1.2.1 with its default retries (the first wait cut to a millisecond), an answer that is not written as Spree
# writes its errors: a proxy's or firewall's page under 401, 403 or 413, or the {"message": …} of a gateway.
# Expected: what is refused is not sent again (retryOnStatus names 429, 500, 502, 503 and 504); the call rejects with a
# SpreeError whose status says so. A Retry-After is a number of seconds or a date (RFC 9110, 10.2.3).
# Seen: the error is read within the `try` of the network: a body that cannot be read, or has no `error`, is taken for a lost connection.
# Every call is made three times, a login and an order too, because the SDK itself gives each of them an Idempotency-Key; then the
# call rejects with a SyntaxError or TypeError without a status. Written as Spree writes it the same 403 is sent once. A Retry-After that is
# a date is taken for no wait at all.
# Why it matters: one wrong password counts three times where a firewall counts, a 401 cannot be told from a defect, so that
# nobody renews the token, and who is asked to stay away until noon is back at once. Give `retry: false` and repeat reads yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @spree/sdk@1.2.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { createClient } from "@spree/sdk";

let answer, sent;
const server = createServer((request, response) => {
  sent.push(performance.now());
  request.resume().on("end", () => response.writeHead(answer.status, answer.headers).end(answer.body));
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const client = createClient({ baseUrl: `http://127.0.0.1:${server.address().port}`, publishableKey: "pk", retry: { baseDelay: 1 } });
const login = () => client.auth.login({ email: "a@shop.example", password: "wrong" });
const order = () => client.carts.complete("cart_1", { token: "t1" });
const read = () => client.carts.get("cart_1", { token: "t1" });

const page = { headers: { "content-type": "text/html" }, body: "<h1>Denied</h1>" };
const gateway = { headers: { "content-type": "application/json" }, body: '{"message":"Forbidden"}' };
const own = { headers: { "content-type": "application/json" }, body: '{"error":{"code":"forbidden","message":"Forbidden"}}' };
const empty = { headers: {}, body: "" };
const scenarios = [
  ["login, 401 of Spree", login, 401, own], ["login, 401 as a page", login, 401, page], ["login, 403 of a gateway", login, 403, gateway],
  ["order, 403 of Spree", order, 403, own], ["order, 403 of a gateway", order, 403, gateway], ["order, 413 as a page", order, 413, page],
  ["read, 401 without a body", read, 401, empty],
];
for (const [name, call, status, form] of scenarios) {
  answer = { status, ...form };
  sent = [];
  const end = await call().then(() => "resolves", (error) => `${error.name}, status ${error.status}`);
  console.log(`${name}: sent ${sent.length}; ${end}`);
}
const wait = async (retryAfter) => {
  answer = { status: 503, headers: { ...own.headers, "retry-after": retryAfter }, body: own.body };
  sent = [];
  await read().catch(() => {});
  return `sent ${sent.length}, between the first two ${sent[1] - sent[0] < 500 ? "no wait" : "a second"}`;
};
console.log(`read, 503, Retry-After 1: ${await wait("1")}`);
console.log(`read, 503, Retry-After a date an hour ahead: ${await wait(new Date(Date.now() + 3600_000).toUTCString())}`);
process.exit();
JS

cat >expected <<'TEXT'
login, 401 of Spree: sent 1; SpreeError, status 401
login, 401 as a page: sent 3; SyntaxError, status undefined
login, 403 of a gateway: sent 3; TypeError, status undefined
order, 403 of Spree: sent 1; SpreeError, status 403
order, 403 of a gateway: sent 3; TypeError, status undefined
order, 413 as a page: sent 3; SyntaxError, status undefined
read, 401 without a body: sent 3; SyntaxError, status undefined
read, 503, Retry-After 1: sent 3, between the first two a second
read, 503, Retry-After a date an hour ahead: sent 3, between the first two no wait
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: spree-refusal-is-sent-thrice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
