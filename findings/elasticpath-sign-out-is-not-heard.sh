#!/usr/bin/env bash
# @epcc-sdk/sdks-shopper 0.3.0 (Elastic Path), two tabs with the localStorage adapter.
# Expected: by its README the adapter "syncs auth state across browser tabs", and the token can be
# taken away by hand: auth.isAuthenticated(), auth.clearToken().
# Seen: a token that one tab stores is taken up by the others; that one has deleted it is not. The
# other tabs read that nothing is stored and keep what they have: they go on with the deleted token
# until it expires. The two methods of the README are not there; clear() and getSnapshot() are.
# Why it matters: somebody signs out in one tab and the next one still orders as him. "Nothing stored"
# is news of its own, and the one that must not be missed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error --legacy-peer-deps @epcc-sdk/sdks-shopper@0.3.0 >/dev/null

cat >probe.mjs <<'JS'
const stored = new Map(), listeners = [];
const localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) };
globalThis.window = { localStorage, addEventListener: (_type, listener) => listeners.push(listener), removeEventListener() {} };
const { createShopperClient } = await import("@epcc-sdk/sdks-shopper");

// One storage, a listener for each tab: an event goes to all but the tab that has written.
const open = () => {
  const { auth } = createShopperClient({ baseUrl: "https://api.example" }, {
    clientId: "shop",
    tokenProvider: async () => ({ access_token: "access-1", expires: Math.floor(Date.now() / 1000) + 3600 }),
  });
  const listener = listeners.at(-1);
  return { auth, hear: (key) => listener({ key }) };
};
const first = open(), second = open();
await first.auth.refresh();
const [key] = stored.keys();
second.hear(key);
console.log(`the first tab has stored a token; the second has ${second.auth.getSnapshot()}`);
first.auth.clear();
second.hear(key);
console.log(`the first tab has cleared it, ${stored.size} stored; the second has ${second.auth.getSnapshot()} and sends ${await second.auth.getValidAccessToken()}`);
console.log(`isAuthenticated: ${typeof first.auth.isAuthenticated}, clearToken: ${typeof first.auth.clearToken}`);
JS

cat >expected <<'TEXT'
the first tab has stored a token; the second has access-1
the first tab has cleared it, 0 stored; the second has access-1 and sends access-1
isAuthenticated: undefined, clearToken: undefined
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: elasticpath-sign-out-is-not-heard no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
