#!/usr/bin/env bash
# tsify 0.5.8 (serde-wasm-bindgen 0.6.5, wasm-bindgen 0.2.130) with its feature `js`, which "will be the default in future
# versions", against its feature `json`; the types are checked by TypeScript 5.9.3.
# Expected: tsify writes the TypeScript type of what a function gives and takes, and says that it knows serde's `flatten`
# and `default`. What compiles against the type works, and works alike with either feature.
# Seen: the types are the same, the values are not. With `js` a struct with a flattened field arrives as a Map, while its type
# is an interface: every property that the compiler knows is undefined. And an optional property of a struct with
# defaults refuses an explicit undefined, which its type allows, and which `json` takes for left out.
# Why it matters: `sessionId` is undefined in code that compiles, JSON.stringify gives {}; and { timeoutMs: settings.timeoutMs }
# works until nobody has set it. A test with a complete object sees neither.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error typescript@5.9.3 >/dev/null

mkdir -p shop/src bind/src
cat >Cargo.toml <<'TOML'
[workspace]
members = ["shop", "bind"]
resolver = "3"
[profile.dev]
debug = 0
TOML
cat >shop/Cargo.toml <<'TOML'
[package]
name = "shop"
version = "0.1.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[features]
js = ["tsify/js"]
json = ["tsify/json"]
[dependencies]
serde = { version = "1", features = ["derive"] }
serde-wasm-bindgen = "=0.6.5"
tsify = { version = "=0.5.8", default-features = false }
wasm-bindgen = "=0.2.130"
TOML
cat >shop/src/lib.rs <<'RUST'
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    pub session_id: String,
}

#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    #[serde(flatten)]
    pub identity: Identity,
    pub kind: String,
}

#[derive(Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    pub timeout_ms: u32,
    pub tenant: String,
}

#[wasm_bindgen]
pub fn snapshot() -> Result<Ts<Snapshot>, JsError> {
    let identity = Identity { session_id: "s-1".into() };
    Ok(Snapshot { identity, kind: "customer".into() }.into_ts()?)
}

#[wasm_bindgen]
pub fn open(options: Ts<Options>) -> Result<String, JsError> {
    let Options { timeout_ms, tenant } = options.to_rust()?;
    Ok(format!("{tenant}, {timeout_ms} ms"))
}
RUST
cat >bind/Cargo.toml <<'TOML'
[package]
name = "bind"
version = "0.1.0"
edition = "2024"
[dependencies]
wasm-bindgen-cli-support = "=0.2.130"
TOML
cat >bind/src/main.rs <<'RUST'
fn main() {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path("target/wasm32-unknown-unknown/release/shop.wasm").nodejs(true).unwrap();
    bindgen.typescript(true).generate(std::env::args().nth(1).unwrap()).unwrap();
}
RUST
export CARGO_TARGET_DIR="$work/target"

cat >use.cts <<'TS'
import { open, snapshot } from "./out/shop.js";

const settings: { timeoutMs?: number } = {};
const said = (call: () => unknown) => {
  try {
    return call();
  } catch (error) {
    return `refused, ${(error as Error).message}`;
  }
};
const { sessionId, kind } = snapshot();
console.log(`${feature}: sessionId ${sessionId}, kind ${kind}, as JSON ${JSON.stringify(snapshot())}`);
console.log(`${feature}: timeoutMs left out: ${said(() => open({ tenant: "acme" }))}`);
console.log(`${feature}: timeoutMs undefined: ${said(() => open({ tenant: "acme", timeoutMs: settings.timeoutMs }))}`);
declare const feature: string;
TS

for feature in json js; do
  cargo build --quiet --release --package shop --features "$feature" --target wasm32-unknown-unknown
  cargo run --quiet --package bind out
  node_modules/.bin/tsc --strict --target es2022 --module nodenext use.cts
  sed -i "s/feature/\"$feature\"/g" use.cjs
  grep -A2 '^export interface \(Snapshot\|Options\)' out/shop.d.ts | sed "s/^ *\(.*\)/$feature: \1/; /--$/d"
  node use.cjs
done >seen

cat >types <<'TEXT'
export interface Options {
timeoutMs?: number;
tenant?: string;
export interface Snapshot extends Identity {
kind: string;
}
TEXT
{
  sed 's/^/json: /' types
  cat <<'TEXT'
json: sessionId s-1, kind customer, as JSON {"sessionId":"s-1","kind":"customer"}
json: timeoutMs left out: acme, 0 ms
json: timeoutMs undefined: acme, 0 ms
TEXT
  sed 's/^/js: /' types
  cat <<'TEXT'
js: sessionId undefined, kind undefined, as JSON {}
js: timeoutMs left out: acme, 0 ms
js: timeoutMs undefined: refused, Failed to deserialize JsValue into type `shop::Options`: Error: invalid type: unit value, expected u32
TEXT
} >expected
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tsify-types-describe-another-object no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
