#!/usr/bin/env bash
# @tanstack/query-broadcast-client-experimental 5.104.0 with query-core 5.108.4, two tabs (over the "simulate" channel
# of broadcast-channel 7.4.0).
# Expected: what tabs tell each other keeps them on one state: clear() at a logout empties the other tab, or leaves it to
# load anew; an answer that one tab has asked for as a guest does not replace what another has loaded since.
# Seen: clear() takes the query from the other tab's cache while its page goes on showing it. The cart of the one who
# signed out stays there, and neither invalidateQueries() nor resetQueries() reaches it any more: nothing is
# sent until the component is mounted anew. And a guest's slow read in one tab replaces the customer's cart in
# the other, where it was loaded after the login, because whichever answer comes last counts.
# Why it matters: the tab in the background is the one that nobody looks at when he signs out. Data needs to be told apart
# by whose it is (a key with the identity in it), before tabs share it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @tanstack/query-broadcast-client-experimental@5.104.0 @tanstack/query-core@5.108.4 broadcast-channel@7.4.0 >/dev/null

cat >probe.mjs <<'JS'
import { broadcastQueryClient } from "@tanstack/query-broadcast-client-experimental";
import { QueryClient, QueryObserver } from "@tanstack/query-core";

const turns = async (count) => {
  for (let times = 0; times < count; times += 1) await new Promise((done) => setTimeout(done, 1));
};
const until = async (holds) => {
  for (let times = 0; times < 5_000 && !holds(); times += 1) await turns(1);
};
const tab = () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.mount();
  broadcastQueryClient({ queryClient: client, broadcastChannel: "shop", options: { type: "simulate" } });
  const it = { client, sent: 0, read: async () => "guest" };
  const cart = new QueryObserver(client, {
    queryKey: ["cart"],
    queryFn: () => {
      it.sent += 1;
      return it.read();
    },
  });
  cart.subscribe(() => {});
  it.shows = () => cart.getCurrentResult().data;
  return it;
};
const first = tab();
const second = tab();
const show = (name) => console.log(`${name}: the first shows the cart of ${first.shows()}, the second of ${second.shows()}`);

await until(() => first.shows() && second.shows());
// What the tabs have told each other so far has arrived.
await turns(100);
show("at the start");
let answer;
first.read = () => new Promise((done) => (answer = () => done("guest")));
first.client.invalidateQueries();
await until(() => answer);
await turns(100);
second.read = async () => "Bea";
await second.client.resetQueries();
await until(() => first.shows() === "Bea");
await turns(100);
show("a read under way in the first, and a login in the second");
answer();
await until(() => second.shows() === "guest");
show("the first's read is answered");
first.read = second.read;
await first.client.invalidateQueries();
await until(() => second.shows() === "Bea");
await turns(100);
show("loaded anew");
first.client.clear();
await until(() => second.client.getQueryCache().getAll().length === 0);
second.sent = 0;
second.read = async () => "nobody";
await second.client.invalidateQueries();
await second.client.resetQueries();
await turns(50);
console.log(`clear() in the first: the second shows the cart of ${second.shows()}, holds ${second.client.getQueryCache().getAll().length} queries, and has sent ${second.sent} requests`);
process.exit();
JS

cat >expected <<'TEXT'
at the start: the first shows the cart of guest, the second of guest
a read under way in the first, and a login in the second: the first shows the cart of Bea, the second of Bea
the first's read is answered: the first shows the cart of guest, the second of guest
loaded anew: the first shows the cart of Bea, the second of Bea
clear() in the first: the second shows the cart of Bea, holds 0 queries, and has sent 0 requests
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tanstack-broadcast-clear-leaves-the-customer-shown no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
