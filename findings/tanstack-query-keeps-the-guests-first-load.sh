#!/usr/bin/env bash
# @tanstack/query-core 5.108.4, invalidateQueries() at a login while a query loads for the first time.
# Expected: "cancelRefetch … defaults to true: a currently running request will be cancelled before a new
# request is made"; after the login the cart is the customer's.
# Seen: so it is where the query has data already. While it loads for the FIRST time the call joins the
# request under way: nothing is cancelled, nothing sent, and when the guest's answer comes it is
# stored as fresh, "invalidated" false. With a staleTime nobody asks again. refetchQueries() and the
# observer's own refetch() do the same; resetQueries(), or cancelQueries() first, sends a new request.
# Why it matters: the page that is still loading when the visitor signs in, or changes the company, goes
# on showing the guest's cart and prices, though the shop has invalidated everything, as it is told to.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @tanstack/query-core@5.108.4 >/dev/null

cat >probe.mjs <<'JS'
import { QueryClient, QueryObserver } from "@tanstack/query-core";

const turn = () => new Promise((done) => setTimeout(done, 5));
const scenario = async (name, hasData, change) => {
  let who = "guest";
  const open = [], log = [];
  const queryFn = ({ signal }) => {
    const asker = who;
    log.push(`${asker} asks`);
    signal.addEventListener("abort", () => log.push(`${asker} aborted`));
    return new Promise((done) => open.push(() => done(`the ${asker}'s cart`)));
  };
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 3_600_000, retry: false } } });
  const observer = new QueryObserver(client, { queryKey: ["cart"], queryFn });
  const leave = observer.subscribe(() => {});
  if (hasData) {
    await turn();
    open.shift()();
    await turn();
    observer.refetch();
  }
  await turn();
  log.length = 0;
  who = "customer";
  change(client, observer);
  await turn();
  while (open.length) {
    open.shift()();
    await turn();
  }
  const { data, isStale } = observer.getCurrentResult();
  console.log(`${hasData ? "loads again" : "loads first"}, ${name}: ${log.join(", ") || "nothing sent"}; shown ${data}, stale ${isStale}`);
  leave();
  client.clear();
};
for (const hasData of [true, false]) {
  await scenario("invalidateQueries", hasData, (client) => client.invalidateQueries());
  await scenario("refetchQueries", hasData, (client) => client.refetchQueries());
  await scenario("refetch", hasData, (_client, observer) => observer.refetch());
  await scenario("resetQueries", hasData, (client) => client.resetQueries());
  await scenario("cancelQueries, then invalidateQueries", hasData, async (client) => {
    await client.cancelQueries();
    await client.invalidateQueries();
  });
}
process.exit();
JS

cat >expected <<'TEXT'
loads again, invalidateQueries: guest aborted, customer asks; shown the customer's cart, stale false
loads again, refetchQueries: guest aborted, customer asks; shown the customer's cart, stale false
loads again, refetch: guest aborted, customer asks; shown the customer's cart, stale false
loads again, resetQueries: guest aborted, customer asks; shown the customer's cart, stale false
loads again, cancelQueries, then invalidateQueries: guest aborted, customer asks; shown the customer's cart, stale false
loads first, invalidateQueries: nothing sent; shown the guest's cart, stale false
loads first, refetchQueries: nothing sent; shown the guest's cart, stale false
loads first, refetch: nothing sent; shown the guest's cart, stale false
loads first, resetQueries: guest aborted, customer asks; shown the customer's cart, stale false
loads first, cancelQueries, then invalidateQueries: guest aborted, customer asks; shown the customer's cart, stale false
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tanstack-query-keeps-the-guests-first-load no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
