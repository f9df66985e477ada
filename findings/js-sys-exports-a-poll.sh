#!/usr/bin/env bash
# js-sys 0.3.107 with wasm-bindgen 0.2.130, compiled for wasm32-unknown-unknown.
# Expected: a library that uses one function of js-sys (Math::random) carries that, and after
# link-time optimisation nothing of what waits for promises.
# Seen: the module exports two functions more, one of which js-sys itself has:
# __wbg_jspi_task_poll, marked #[no_mangle] whether or not anybody uses JavaScript Promise
# Integration. What it refers to, its wakers too, cannot be taken out by the linker: an exported
# function is in use by definition. A library without js-sys exports its own function alone.
# Why it matters: size of a module that waits for promises by other means, or for none. The
# command of wasm-bindgen drops the export later, but the wakers stay in the module's table of
# functions, where wasm-opt does not look either.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true

package() {
  mkdir -p "$1/src"
  printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n[profile.release]\nopt-level = "z"\nlto = true\ncodegen-units = 1\npanic = "abort"\n[dependencies]\n%s\n' "$1" "$2" >"$1/Cargo.toml"
  printf '%s\n' "$3" >"$1/src/lib.rs"
  (cd "$1" && CARGO_TARGET_DIR="$work/target" cargo build --quiet --release --target wasm32-unknown-unknown)
}
package with 'wasm-bindgen = "=0.2.130"
js-sys = "=0.3.107"' '#[unsafe(no_mangle)]
pub extern "C" fn number() -> f64 {
    js_sys::Math::random()
}'
package without '' '#[unsafe(no_mangle)]
pub extern "C" fn number() -> f64 {
    0.5
}'

cat >probe.mjs <<'JS'
import { readFileSync } from "node:fs";
for (const name of ["without", "with"]) {
  const module = new WebAssembly.Module(readFileSync(`target/wasm32-unknown-unknown/release/${name}.wasm`));
  const functions = WebAssembly.Module.exports(module).filter(({ kind, name }) => kind === "function" && !/^__(wbindgen_describe|externref)/.test(name));
  console.log(`${name} js-sys: ${functions.map(({ name }) => name).filter((name) => name === "number" || name.includes("jspi")).sort().join(", ")}`);
}
JS

cat >expected <<'TEXT'
without js-sys: number
with js-sys: __wbg_jspi_task_poll, __wbindgen_jspi_set_rejected, number
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: js-sys-exports-a-poll no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
