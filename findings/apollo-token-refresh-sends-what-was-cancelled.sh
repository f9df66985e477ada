#!/usr/bin/env bash
# apollo-link-token-refresh 0.7.0 with @apollo/client 3.14.0: an operation that waits for the new token.
# Expected: who unsubscribes before anything was sent (a component that is unmounted, a call that is
# aborted) has not sent it; an observable does nothing for nobody. So it is without this link.
# Seen: what waits in the link's queue is sent when the token comes, whether or not somebody is
# still there: an order that was given up during the renewal is placed, and its answer goes nowhere.
# Why it matters: a renewal is the slow moment in which visitors go back and click again. What was
# cancelled while it waited must leave the queue, or the order is there twice.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @apollo/client@3.14.0 graphql@16.11.0 apollo-link-token-refresh@0.7.0 >/dev/null

cat >probe.mjs <<'JS'
import { ApolloLink, execute, gql, Observable } from "@apollo/client/core/index.js";
import tokenRefresh from "apollo-link-token-refresh";

const query = gql`mutation PlaceOrder { placeOrder }`;
const turn = () => new Promise((done) => setTimeout(done, 10));
const scenario = async (name, wait) => {
  let sent = 0, heard = 0, answer, isValid = false;
  const renewal = new tokenRefresh.TokenRefreshLink({
    accessTokenField: "accessToken",
    isTokenValidOrUndefined: async () => isValid,
    fetchAccessToken: () => new Promise((done) => (answer = done)),
    handleFetch: () => (isValid = true),
  });
  // A link that waits as long, and is left in the usual way.
  const plain = new ApolloLink((operation, forward) => new Observable((observer) => {
    let inner;
    new Promise((done) => (answer = done)).then(() => (inner = observer.closed ? undefined : forward(operation).subscribe(observer)));
    return () => inner?.unsubscribe();
  }));
  const server = new ApolloLink(() => new Observable((observer) => {
    sent += 1;
    observer.next({ data: { placeOrder: true } });
    observer.complete();
  }));
  const link = ApolloLink.from([wait === "renewal" ? renewal : plain, server]);
  const subscription = execute(link, { query }).subscribe({ next: () => (heard += 1) });
  await turn();
  if (name !== "waited for") subscription.unsubscribe();
  await turn();
  answer(Response.json({ accessToken: "new" }));
  await turn();
  console.log(`${wait}, ${name}: sent ${sent}, answers heard ${heard}`);
};
for (const wait of ["plain link", "renewal"]) for (const name of ["waited for", "given up"]) await scenario(name, wait);
process.exit();
JS

cat >expected <<'TEXT'
plain link, waited for: sent 1, answers heard 1
plain link, given up: sent 0, answers heard 0
renewal, waited for: sent 1, answers heard 1
renewal, given up: sent 1, answers heard 0
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: apollo-token-refresh-sends-what-was-cancelled no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
