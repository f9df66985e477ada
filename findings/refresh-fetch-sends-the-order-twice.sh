#!/usr/bin/env bash
# refresh-fetch 0.9.0 with its fetchJSON, set up as its README shows it, Node.js 20 or later, a local server that holds its answer to the
# renewal of the token.
# Expected: a call that starts while the token is renewed waits, and is sent once, whether the renewal works or not: "even if the
# refreshing fails, do the fetch so we reject with error of that request", says its source.
# Seen: the handler for a renewal that fails stands behind the call itself, so that it sees the call's failures as well: an order that starts
# during a renewal that works is sent, and where it is refused (409, 503) or its connection is cut, sent again at once. The same order without
# a renewal is sent once. shouldRefreshToken is not asked, and the caller sees the second answer only.
# Why it matters: renewals are when a page is opened again with a cart that is full: an order whose first answer is 503, though it was placed,
# is placed twice, and a wrong coupon or password counts twice. `then(run, run)` is not `then(run).catch(run)`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error refresh-fetch@0.9.0 lodash@4.17.21 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { configureRefreshFetch, fetchJSON } from "refresh-fetch";

let token, sent, ends, renewalStatus, hold;
const server = createServer(async (request, answer) => {
  request.resume();
  const reply = (status, body) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/token") {
    await hold;
    return reply(renewalStatus, { token: "t2" });
  }
  if (request.url === "/cart") return request.headers.authorization === "Bearer t2" ? reply(200, "cart") : reply(401, "token has ended");
  sent.push(request.headers.authorization.slice("Bearer ".length));
  const end = ends[sent.length - 1] ?? 200;
  if (end === "cut") return request.socket.destroy();
  return reply(end, `answer ${sent.length}`);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const url = `http://127.0.0.1:${server.address().port}`;

let asked;
const call = configureRefreshFetch({
  fetch: (path, options = {}) => fetchJSON(url + path, { ...options, headers: { Authorization: `Bearer ${token}`, ...options.headers } }),
  shouldRefreshToken: (error) => {
    asked += 1;
    return error.status === 401;
  },
  refreshToken: () => fetchJSON(`${url}/token`, { method: "POST" }).then(({ body }) => (token = body.token)),
});
const order = () => call("/order", { method: "POST", body: "{}" }).then(({ body }) => `resolves, ${body}`, (error) => `rejects, ${error.status ?? error.name}${error.body ? `, ${error.body}` : ""}`);
const turn = () => new Promise((done) => setTimeout(done, 50));

for (const isRenewing of [false, true]) {
  for (const [what, status, ...of] of [["taken", 200, 200], ["refused by 409", 200, 409, 409], ["answered by 503", 200, 503], ["cut", 200, "cut"], ["taken, the renewal refused", 400, 200]]) {
    if (!isRenewing && status !== 200) continue;
    [token, sent, ends, renewalStatus] = [isRenewing ? "t1" : "t2", [], of, status];
    let answer;
    hold = new Promise((done) => (answer = done));
    const cart = isRenewing ? call("/cart").catch(() => {}) : undefined;
    await turn();
    asked = 0;
    const ending = order();
    await turn();
    answer();
    const end = await ending;
    await cart;
    console.log(`${isRenewing ? "during a renewal" : "without a renewal"}, an order that is ${what}: sent ${sent.length} (${sent}); ${end}; shouldRefreshToken is asked ${asked}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
without a renewal, an order that is taken: sent 1 (t2); resolves, answer 1; shouldRefreshToken is asked 0
without a renewal, an order that is refused by 409: sent 1 (t2); rejects, 409, answer 1; shouldRefreshToken is asked 1
without a renewal, an order that is answered by 503: sent 1 (t2); rejects, 503, answer 1; shouldRefreshToken is asked 1
without a renewal, an order that is cut: sent 1 (t2); rejects, TypeError; shouldRefreshToken is asked 1
during a renewal, an order that is taken: sent 1 (t2); resolves, answer 1; shouldRefreshToken is asked 0
during a renewal, an order that is refused by 409: sent 2 (t2,t2); rejects, 409, answer 2; shouldRefreshToken is asked 0
during a renewal, an order that is answered by 503: sent 2 (t2,t2); resolves, answer 2; shouldRefreshToken is asked 0
during a renewal, an order that is cut: sent 2 (t2,t2); resolves, answer 2; shouldRefreshToken is asked 0
during a renewal, an order that is taken, the renewal refused: sent 1 (t1); resolves, answer 1; shouldRefreshToken is asked 0
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: refresh-fetch-sends-the-order-twice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
