#!/usr/bin/env bash
# @urql/exchange-auth 3.0.0 with @urql/core 6.0.3: appendHeaders(), and two queries that meet a 401.
# Expected: fetchOptions is a RequestInit, so its headers may be a Headers object or an array; the
# exchange adds Authorization to them. An operation that was sent with the former token and is refused
# after the renewal is sent again with the new one, which is there already.
# Seen: of a Headers object or an array nothing is left, the tenant's or the shop's header is not sent, and
# no error or warning says so. And a 401 that comes after the renewal renews once more: two queries
# that began together cost two renewals where their answers are apart, one where they come together.
# Why it matters: requests without the shop's header are answered for another site, or refused; each
# renewal more is billed, and with rotation one more chance to lose the refresh token.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @urql/core@6.0.3 @urql/exchange-auth@3.0.0 graphql@16.11.0 >/dev/null

cat >probe.mjs <<'JS'
import { Client, fetchExchange, gql } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";

const turn = () => new Promise((done) => setTimeout(done, 10));
const start = (headers) => {
  const open = [], state = { renewals: 0, shops: new Set() };
  const client = new Client({
    url: "https://api.example/graphql",
    fetchOptions: { headers },
    preferGetMethod: false,
    fetch: (_url, init) => new Promise((done) => {
      const sent = new Headers(init.headers);
      state.shops.add(sent.get("x-shop") ?? "nothing");
      open.push(() => done(sent.get("authorization") === "Bearer 0" ? Response.json({}, { status: 401 }) : Response.json({ data: { cart: 1, me: 1 } })));
    }),
    exchanges: [
      authExchange(async (utilities) => ({
        addAuthToOperation: (operation) => utilities.appendHeaders(operation, { Authorization: `Bearer ${state.renewals}` }),
        didAuthError: (error) => error.response?.status === 401,
        refreshAuth: async () => void (state.renewals += 1),
      })),
      fetchExchange,
    ],
  });
  return { client, open, state };
};
for (const [kind, headers] of [["plain object", { "x-shop": "main" }], ["Headers", new Headers({ "x-shop": "main" })], ["array", [["x-shop", "main"]]]]) {
  const { client, open, state } = start(headers);
  const query = client.query(gql`{ cart }`, {}).toPromise();
  await turn();
  while (open.length) {
    open.shift()();
    await turn();
  }
  await query;
  console.log(`${kind}: the server sees x-shop ${[...state.shops].join(", ")}`);
}
for (const apart of [false, true]) {
  const { client, open, state } = start({});
  const queries = [client.query(gql`{ cart }`, {}).toPromise(), client.query(gql`{ me }`, {}).toPromise()];
  await turn();
  const [first, late] = open.splice(0);
  first();
  if (!apart) late();
  await turn();
  while (open.length) {
    open.shift()();
    await turn();
  }
  if (apart) late();
  await turn();
  while (open.length) {
    open.shift()();
    await turn();
  }
  const errors = (await Promise.all(queries)).filter(({ error }) => error).length;
  console.log(`two queries, answers ${apart ? "apart" : "together"}: renewals ${state.renewals}, errors ${errors}`);
}
process.exit();
JS

cat >expected <<'TEXT'
plain object: the server sees x-shop main
Headers: the server sees x-shop nothing
array: the server sees x-shop nothing
two queries, answers together: renewals 1, errors 0
two queries, answers apart: renewals 2, errors 0
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: urql-auth-by-halves no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
