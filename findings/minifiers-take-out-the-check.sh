#!/usr/bin/env bash
# @swc/core 1.16.22 and oxc-minify 0.157.0 against terser 5.51.4 and esbuild 0.28.2, each with its own defaults.
# Expected: a statement in a `try` stands there because it may throw; a minifier leaves it, as long as it does not know
# that it cannot. That localStorage throws a SecurityError where site data is blocked is in the standard (HTML, 12.2.3),
# that decodeURIComponent throws a URIError where text is malformed too (ECMAScript, 19.2.6).
# Seen: swc leaves `localStorage` and `window.localStorage`, and takes out `globalThis.localStorage`; oxc takes
# out decodeURIComponent and encodeURIComponent. What is left is `try{return!0}catch{return!1}`: every check passes. Whether
# the value is assigned to a variable that nobody reads makes no difference. terser and esbuild leave all of them.
# Why it matters: the check is there for the few visitors whose storage is blocked, or whose cookie is cut: in production,
# and only there, the storage is taken for usable, and the cookie for readable, and the first use throws outside of any
# `try`. Use what was read: give back the storage itself, or the decoded text, and it is left.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @swc/core@1.16.22 oxc-minify@0.157.0 terser@5.51.4 esbuild@0.28.2 >/dev/null

cat >probe.mjs <<'JS'
import { transform } from "esbuild";
import { minifySync } from "oxc-minify";
import swc from "@swc/core";
import { minify } from "terser";

const tools = {
  "as written": (code) => code,
  terser: async (code) => (await minify(code, { module: true })).code,
  esbuild: async (code) => (await transform(code, { minify: true })).code,
  swc: async (code) => (await swc.minify(code, { module: true, compress: true, mangle: true })).code,
  oxc: (code) => minifySync("check.js", code, { module: true, compress: true, mangle: true }).code,
};
const checks = ["localStorage", "window.localStorage", "globalThis.localStorage", "const storage = globalThis.localStorage", "decodeURIComponent(text)", "encodeURIComponent(text)"];

// A page whose site data is blocked, and text that can neither be decoded nor encoded.
globalThis.window = globalThis;
Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
const text = "100%\uD83D";

for (const [name, tool] of Object.entries(tools)) {
  const passed = [];
  for (const check of checks) {
    const code = await tool(`export function check(text) { try { ${check}; return true } catch { return false } }`);
    const { check: run } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    if (run(text)) passed.push(check);
  }
  console.log(`${name}: ${passed.length ? `passes by ${passed.join("; ")}` : "every check fails, as it should"}`);
}
JS

cat >expected <<'TEXT'
as written: every check fails, as it should
terser: every check fails, as it should
esbuild: every check fails, as it should
swc: passes by globalThis.localStorage; const storage = globalThis.localStorage
oxc: passes by decodeURIComponent(text); encodeURIComponent(text)
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: minifiers-take-out-the-check no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
