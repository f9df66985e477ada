#!/usr/bin/env bash
# node-cache 5.1.2, keyv 5.6.0, cache-manager 7.2.9, lru-cache 11.5.3 and cacheable 2.5.0, with a time to live per
# entry; @isaacs/ttlcache, memory-cache and quick-lru beside them.
# Expected: what has no time left is not there: a token is kept for what remains of its life, and in its last second,
# rounded down as a lifetime in seconds is, that is 0. What has ended is less than 0.
# Seen: with 0 each of the five keeps it without an end, also where the cache has a default that would end it, which 0
# takes away; so does cacheable with what is less than 0. With one second, and in the four others with less than 0, it
# is gone in time. Of those beside them two throw, and one keeps nothing.
# Why it matters: a token that is stored in the last second of its life is handed out until the process ends, to every
# caller, and so is a price that was just running out. It takes one request in an hour, and no test with a lifetime of a
# second or a minute shows it. Store nothing where the rest is not above 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node-cache@5.1.2 keyv@5.6.0 cache-manager@7.2.9 lru-cache@11.5.3 cacheable@2.5.0 @isaacs/ttlcache@2.1.5 memory-cache@0.2.0 quick-lru@7.3.0 >/dev/null

cat >probe.mjs <<'JS'
import { TTLCache } from "@isaacs/ttlcache";
import { createCache } from "cache-manager";
import { Cacheable } from "cacheable";
import Keyv from "keyv";
import { LRUCache } from "lru-cache";
import memoryCache from "memory-cache";
import NodeCache from "node-cache";
import QuickLRU from "quick-lru";

const by = (cache, set) => ({ get: (key) => cache.get(key), set: (key, ms) => set(cache, key, ms) });
const milliseconds = (cache, key, ms) => cache.set(key, "token", ms);
const caches = {
  "node-cache": by(new NodeCache(), (cache, key, ms) => cache.set(key, "token", ms / 1000)),
  "node-cache, default of a second": by(new NodeCache({ stdTTL: 1 }), (cache, key, ms) => cache.set(key, "token", ms / 1000)),
  keyv: by(new Keyv(), milliseconds),
  "keyv, default of a second": by(new Keyv({ ttl: 1000 }), milliseconds),
  "cache-manager": by(createCache(), milliseconds),
  "cache-manager, default of a second": by(createCache({ ttl: 1000 }), milliseconds),
  "lru-cache": by(new LRUCache({ max: 9 }), (cache, key, ttl) => cache.set(key, "token", { ttl })),
  "lru-cache, default of a second": by(new LRUCache({ max: 9, ttl: 1000 }), (cache, key, ttl) => cache.set(key, "token", { ttl })),
  cacheable: by(new Cacheable(), milliseconds),
  "cacheable, default of a second": by(new Cacheable({ ttl: 1000 }), milliseconds),
  "@isaacs/ttlcache": by(new TTLCache(), (cache, key, ttl) => cache.set(key, "token", { ttl })),
  "memory-cache": by(memoryCache, (cache, key, ms) => cache.put(key, "token", ms)),
  "quick-lru": by(new QuickLRU({ maxSize: 9 }), (cache, key, maxAge) => cache.set(key, "token", { maxAge })),
};
const lives = [1000, 0, -1000];
const thrown = {};
for (const [name, cache] of Object.entries(caches)) {
  for (const life of lives) {
    try {
      await cache.set(String(life), life);
    } catch {
      thrown[`${name} ${life}`] = true;
    }
  }
}
await new Promise((done) => setTimeout(done, 1500));
for (const [name, cache] of Object.entries(caches)) {
  const told = [];
  for (const life of lives) told.push(`${life / 1000} s ${thrown[`${name} ${life}`] ? "throws" : (await cache.get(String(life))) ? "there" : "gone"}`);
  console.log(`${name}, after 1.5 s: ${told.join(", ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
node-cache, after 1.5 s: 1 s gone, 0 s there, -1 s gone
node-cache, default of a second, after 1.5 s: 1 s gone, 0 s there, -1 s gone
keyv, after 1.5 s: 1 s gone, 0 s there, -1 s gone
keyv, default of a second, after 1.5 s: 1 s gone, 0 s there, -1 s gone
cache-manager, after 1.5 s: 1 s gone, 0 s there, -1 s gone
cache-manager, default of a second, after 1.5 s: 1 s gone, 0 s there, -1 s gone
lru-cache, after 1.5 s: 1 s gone, 0 s there, -1 s gone
lru-cache, default of a second, after 1.5 s: 1 s gone, 0 s there, -1 s gone
cacheable, after 1.5 s: 1 s gone, 0 s there, -1 s there
cacheable, default of a second, after 1.5 s: 1 s gone, 0 s there, -1 s there
@isaacs/ttlcache, after 1.5 s: 1 s gone, 0 s throws, -1 s throws
memory-cache, after 1.5 s: 1 s gone, 0 s throws, -1 s throws
quick-lru, after 1.5 s: 1 s gone, 0 s gone, -1 s gone
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: a-life-of-no-seconds-is-for-ever no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
