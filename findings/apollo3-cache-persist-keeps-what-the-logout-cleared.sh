#!/usr/bin/env bash
# apollo3-cache-persist 0.15.0 with @apollo/client 3.14.1, client.clearStore() at the logout, as its FAQ recommends.
# Expected: at a logout it will "eventually reset persistence layer".
# Seen: the cache in memory is empty, and the stored one stays as it was for good: what is listened to are write, evict,
# modify and gc, and not reset. The next page, and the next customer on this device, begins with all that the former one
# has seen, without a request, under the fetch policy that is the default. resetStore() and cache.reset() are the same.
# Why it matters: name, address and cart of who has signed out are shown to who opens the shop next. Call purge() of the
# CachePersistor besides, which persistCache() does not give.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error apollo3-cache-persist@0.15.0 @apollo/client@3.14.1 graphql@16.15.0 >/dev/null

cat >probe.mjs <<'JS'
import apollo from "@apollo/client/core/core.cjs";
import persist from "apollo3-cache-persist";

const { ApolloClient, ApolloLink, gql, InMemoryCache, Observable } = apollo;

const QUERY = gql`query { me { id email } }`;
const stored = new Map();
const storage = new persist.LocalStorageWrapper({ getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value), removeItem: (key) => void stored.delete(key) });
let who = "buyer";
let requests = 0;
const link = new ApolloLink(
  () =>
    new Observable((observer) => {
      requests += 1;
      observer.next({ data: { me: who && { __typename: "Customer", id: "1", email: who } } });
      observer.complete();
    }),
);
const wait = () => new Promise((done) => setTimeout(done, 300));
const open = async () => {
  const cache = new InMemoryCache();
  const persistor = new persist.CachePersistor({ cache, storage, debounce: 50 });
  await persistor.restore();
  return { persistor, client: new ApolloClient({ cache, link }) };
};
const ways = {
  "client.clearStore()": (page) => page.client.clearStore(),
  "client.resetStore()": (page) => page.client.resetStore(),
  "cache.reset()": (page) => page.client.cache.reset(),
  "client.clearStore() and persistor.purge()": (page) => page.client.clearStore().then(() => page.persistor.purge()),
};
for (const [name, logout] of Object.entries(ways)) {
  stored.clear();
  who = "buyer";
  const page = await open();
  await page.client.query({ query: QUERY });
  await wait();
  who = null;
  await logout(page);
  await wait();
  const left = page.client.readQuery({ query: QUERY });
  requests = 0;
  const { data } = await (await open()).client.query({ query: QUERY });
  console.log(`${name}: in memory ${left ? left.me.email : "nothing"}, the next page shows ${data.me ? data.me.email : "a guest"} after ${requests} requests`);
}
process.exit();
JS

cat >expected <<'TEXT'
client.clearStore(): in memory nothing, the next page shows buyer after 0 requests
client.resetStore(): in memory nothing, the next page shows buyer after 0 requests
cache.reset(): in memory nothing, the next page shows buyer after 0 requests
client.clearStore() and persistor.purge(): in memory nothing, the next page shows a guest after 1 requests
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: apollo3-cache-persist-keeps-what-the-logout-cleared no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
