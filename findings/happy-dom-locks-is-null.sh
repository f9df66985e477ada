#!/usr/bin/env bash
# happy-dom 21.0.4, navigator.locks.
# Expected: a feature that a simulator lacks is absent (undefined, not "in" its object), as
# BroadcastChannel and indexedDB are in happy-dom; or it works.
# Seen: "locks" in navigator is true and its value is null; the same holds for geolocation
# and credentials. So `"locks" in navigator` and `navigator.locks !== undefined` say that
# Web Locks exist, and the first request() throws.
# Why it matters: feature detection must ask for a usable value, not for presence.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import { Window } from "happy-dom";

const window = new Window({ url: "https://shop.example/" });
const { navigator } = window;
for (const name of ["locks", "credentials", "geolocation"]) console.log(`${name}: in navigator ${name in navigator}, value ${navigator[name]}`);
for (const name of ["BroadcastChannel", "indexedDB"]) console.log(`${name}: in window ${name in window}`);
try {
  await navigator.locks.request("a", () => {});
} catch (error) {
  console.log(`request: ${error.name}`);
}
process.exit();
JS

cat >expected <<'TEXT'
locks: in navigator true, value null
credentials: in navigator true, value null
geolocation: in navigator true, value null
BroadcastChannel: in window false
indexedDB: in window false
request: TypeError
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-locks-is-null no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
