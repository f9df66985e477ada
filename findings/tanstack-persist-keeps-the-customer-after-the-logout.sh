#!/usr/bin/env bash
# @tanstack/query-persist-client-core 5.104.5 with query-sync-storage-persister 5.104.4 (localStorage) and query-core
# 5.108.4: a logout that calls queryClient.clear() and leaves the page, as a shop that redirects does.
# Expected: what was removed from the cache is not in what the next page restores: localStorage could be written at once,
# or at the latest when the page is left. What removeClient() has deleted stays deleted until something changes.
# Seen: each change is stored a second later, removals too, and nothing when the page is left. So the next page restores
# all that the customer had and shows it to whoever comes: cart, orders, address. `persister.removeClient()` deletes at
# once, but does not call off what is waiting: where the cart changed in the second before, the whole cache
# is stored again after it.
# Why it matters: a test that waits a second after the logout finds nothing, and a shop that redirects keeps everything.
# At a logout first clear(), then removeClient(), then leave; and have who is signed in within the keys or the `buster`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @tanstack/query-core@5.108.4 @tanstack/query-persist-client-core@5.104.5 @tanstack/query-sync-storage-persister@5.104.4 >/dev/null

cat >probe.mjs <<'JS'
import { setTimeout as wait } from "node:timers/promises";
import { QueryClient } from "@tanstack/query-core";
import { persistQueryClient } from "@tanstack/query-persist-client-core";
import { createSyncStoragePersister } from "@tanstack/query-sync-storage-persister";

const open = async (storage) => {
  const queryClient = new QueryClient();
  const persister = createSyncStoragePersister({ storage });
  await persistQueryClient({ queryClient, persister })[1];
  return { queryClient, persister };
};
const scenario = async (name, logout) => {
  const entries = new Map();
  const page = { isOpen: true };
  const storage = {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void (page.isOpen && entries.set(key, value)),
    removeItem: (key) => void (page.isOpen && entries.delete(key)),
  };
  const { queryClient, persister } = await open(storage);
  for (const key of ["cart", "orders", "address"]) queryClient.setQueryData([key], key);
  await wait(2000);
  await logout(queryClient, persister);
  await wait(50);
  page.isOpen = false;
  const next = await open({ ...storage, setItem() {} });
  console.log(`${name}: the next page has ${next.queryClient.getQueryCache().getAll().map(({ state }) => state.data).join(", ") || "nothing"}`);
};
await scenario("clear()", (queryClient) => queryClient.clear());
await scenario("clear(), two seconds", (queryClient) => (queryClient.clear(), wait(2000)));
await scenario("clear(), removeClient()", (queryClient, persister) => (queryClient.clear(), persister.removeClient()));
await scenario("removeClient(), two seconds", (_, persister) => (persister.removeClient(), wait(2000)));
await scenario("a change, removeClient(), two seconds", (queryClient, persister) => {
  queryClient.setQueryData(["cart"], "fuller cart");
  persister.removeClient();
  return wait(2000);
});
process.exit();
JS

cat >expected <<'TEXT'
clear(): the next page has cart, orders, address
clear(), two seconds: the next page has nothing
clear(), removeClient(): the next page has nothing
removeClient(), two seconds: the next page has nothing
a change, removeClient(), two seconds: the next page has fuller cart, orders, address
TEXT

timeout 90 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tanstack-persist-keeps-the-customer-after-the-logout no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
