#!/usr/bin/env bash
# @zodios/core 10.9.6 and @zodios/plugins 10.6.0, pluginToken({ getToken, renewToken }), against a shop whose refresh
# tokens hold once.
# Expected: renewToken() is called once where the token has ended, however many calls meet it; a 401 to a guest's call
# is told as a 401; the repeated call is made as the first one was.
# Seen: each call that meets a 401 renews by itself: of three at once two send the refresh token that the first has
# used, and a server that takes a second use for a theft ends the session. A call that had no token, a guest's or one
# whose token was just removed, renews, and then rejects with a TypeError about "includes", whose status nobody can
# read. The repeat is made by the global axios and not by the client's instance: what its interceptors do with the
# answer is left out.
# Why it matters: a page makes several calls, and its token ends. Share one promise within renewToken(), and give
# getToken() an empty text in place of nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @zodios/core@10.9.6 @zodios/plugins@10.6.0 axios@1.21.1 zod@3.25.76 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { makeApi, Zodios } from "@zodios/core";
import { pluginToken } from "@zodios/plugins";
import { z } from "zod";

let [valid, refreshToken, refused] = ["", "", 0];
const server = createServer((request, answer) => {
  answer.setHeader("content-type", "application/json");
  answer.statusCode = request.headers.authorization === `Bearer ${valid}` ? 200 : 401;
  answer.end('{"currency":"EUR"}');
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const api = makeApi([{ method: "get", path: "/cart", alias: "cart", response: z.object({ currency: z.string(), seen: z.boolean().optional() }) }]);
for (const [name, first, count] of [["one call, a token that has ended", "ended", 1], ["three calls at once", "ended", 3], ["a guest, without a token", undefined, 1]]) {
  [valid, refreshToken, refused] = ["second", "r1", 0];
  let token = first;
  let renewals = 0;
  const renewToken = async () => {
    const sent = refreshToken;
    renewals += 1;
    const number = renewals;
    await new Promise((done) => setTimeout(done, 500));
    if (sent !== refreshToken) {
      refused += 1;
      return token;
    }
    refreshToken = `r${number + 1}`;
    return (token = "second");
  };
  const shop = new Zodios(`http://127.0.0.1:${server.address().port}`, api);
  shop.axios.interceptors.response.use((answer) => ({ ...answer, data: { ...answer.data, seen: true } }));
  shop.use(pluginToken({ getToken: async () => token, renewToken }));
  const results = await Promise.allSettled(Array.from({ length: count }, () => shop.cart()));
  const told = results.map(({ value, reason }) => (value ? `an answer${value.seen ? "" : " past the interceptor"}` : `${reason.constructor.name}, status ${reason.response?.status}`));
  console.log(`${name}: ${renewals} renewals, ${refused} with a refresh token that was used; ${told.join(", ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
one call, a token that has ended: 1 renewals, 0 with a refresh token that was used; an answer past the interceptor
three calls at once: 3 renewals, 2 with a refresh token that was used; an answer past the interceptor, an answer past the interceptor, an answer past the interceptor
a guest, without a token: 1 renewals, 0 with a refresh token that was used; TypeError, status undefined
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: zodios-renews-for-each-call no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
