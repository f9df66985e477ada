#!/usr/bin/env bash
# async-cache-dedupe 3.4.0, a cart that is read while an item is put into it, and invalidated after that.
# Expected: invalidateAll("cart:7") and clear("cart", 7) end what is under way for that cart: who reads afterwards reads
# anew, and what was read before is not stored.
# Seen: only what is stored already is removed. After invalidateAll() the next call joins the read from before the write,
# whose answer is stored with its reference for the whole ttl, as if nothing had been invalidated. After clear() the next
# call does read anew; then the older read is answered, and replaces the newer cart in the cache.
# Why it matters: the customer sees the cart without the item for a minute, on the server, in every tab, and a reload
# does not help. What ends an entry has to end the reads of it that have begun; a count per key that a read compares is enough.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error async-cache-dedupe@3.4.0 >/dev/null

cat >probe.mjs <<'JS'
import { createCache } from "async-cache-dedupe";

const ways = {
  "nothing under way, invalidateAll()": { isSlow: false, end: (cache) => cache.invalidateAll("cart:7") },
  "a read under way, invalidateAll()": { isSlow: true, end: (cache) => cache.invalidateAll("cart:7") },
  "a read under way, clear()": { isSlow: true, end: (cache) => cache.clear("cart", 7) },
};
for (const [name, { isSlow, end }] of Object.entries(ways)) {
  let items = 1, reads = 0, answer, hold = isSlow ? new Promise((done) => (answer = done)) : undefined;
  const cache = createCache({ ttl: 60, storage: { type: "memory", options: { invalidation: true } } });
  cache.define("cart", { references: (id) => [`cart:${id}`] }, async () => {
    reads += 1;
    const then = items;
    await hold;
    return `${then} item${then > 1 ? "s" : ""}`;
  });
  const before = cache.cart(7);
  if (!isSlow) await before;
  await new Promise((done) => setTimeout(done, 50));
  items = 2;
  await end(cache);
  hold = undefined;
  const after = cache.cart(7);
  await new Promise((done) => setTimeout(done, 50));
  answer?.();
  await before;
  console.log(`${name}: the next read says ${await after}, a later one ${await cache.cart(7)}; reads ${reads}`);
}
JS

cat >expected <<'TEXT'
nothing under way, invalidateAll(): the next read says 2 items, a later one 2 items; reads 2
a read under way, invalidateAll(): the next read says 1 item, a later one 1 item; reads 1
a read under way, clear(): the next read says 2 items, a later one 1 item; reads 2
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: async-cache-dedupe-stores-what-was-invalidated no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
