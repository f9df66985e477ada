#!/usr/bin/env bash
# wasm-bindgen 0.2.130, exported functions that take bytes (`&[u8]`, `Vec<u8>`, `Option<Vec<u8>>`), called in Node.js 20 or later with what
# crypto.subtle and Response give; made with and without its own debug assertions, Bindgen::debug().
# Expected: an ArrayBuffer is read, as fetch, Blob and TextDecoder read it, or refused: a vector of text refuses a number ("array
# contains a value of the wrong type"), an enum a value that it does not have, in what is shipped as well.
# Seen: without the assertions, which is how `wasm-bindgen` and a release of wasm-pack make it, an ArrayBuffer, a DataView and a Set arrive as
# no bytes at all, without an error; Option gives Some of none. They have no `length`, and what is undefined is written as 0. With the
# assertions they are refused. digest(), sign(), exportKey() and arrayBuffer() all resolve with an ArrayBuffer; only TypeScript refuses it.
# Why it matters: the challenge of every login by PKCE is that of no bytes, every request is signed with the key of no bytes, and two
# visitors' hashes are equal, in production only. Wrap what subtle gives in `new Uint8Array(…)`, or take a js_sys::ArrayBuffer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true

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
[dependencies]
wasm-bindgen = "=0.2.130"
TOML
cat >shop/src/lib.rs <<'RUST'
use wasm_bindgen::prelude::*;

/// The bytes in hexadecimal digits, as a challenge is written.
#[wasm_bindgen]
pub fn challenge(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[wasm_bindgen]
pub fn count(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[wasm_bindgen]
pub fn count_if_any(bytes: Option<Vec<u8>>) -> String {
    format!("{:?}", bytes.map(|bytes| bytes.len()))
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
    for (name, debug) in [("shipped", false), ("asserting", true)] {
        let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
        bindgen.input_path("target/wasm32-unknown-unknown/debug/shop.wasm").nodejs(true).unwrap();
        bindgen.debug(debug).typescript(false).generate(name).unwrap();
    }
}
RUST
export CARGO_TARGET_DIR="$work/target"
cargo build --quiet --package shop --target wasm32-unknown-unknown
cargo run --quiet --package bind

cat >probe.mjs <<'JS'
import { createRequire } from "node:module";

const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("verifier"));
const other = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("another visitor's"));
const body = await new Response("cart").arrayBuffer();
const given = {
  "Uint8Array of the hash": new Uint8Array(hash), "array of numbers": [...new Uint8Array(hash)],
  "the hash": hash, "another hash": other, "a body": body, "a DataView": new DataView(body), "a Set": new Set([1, 2]),
};
for (const made of ["shipped", "asserting"]) {
  const shop = createRequire(import.meta.url)(`./${made}/shop.js`);
  for (const [name, bytes] of Object.entries(given)) {
    let end;
    try {
      end = `challenge "${shop.challenge(bytes).slice(0, 8)}", bytes ${shop.count(bytes)}, ${shop.count_if_any(bytes)}`;
    } catch (error) {
      end = error.message;
    }
    console.log(`${made}, ${name}: ${end}`);
  }
}
JS

cat >expected <<'TEXT'
shipped, Uint8Array of the hash: challenge "88c9eae6", bytes 32, Some(32)
shipped, array of numbers: challenge "88c9eae6", bytes 32, Some(32)
shipped, the hash: challenge "", bytes 0, Some(0)
shipped, another hash: challenge "", bytes 0, Some(0)
shipped, a body: challenge "", bytes 0, Some(0)
shipped, a DataView: challenge "", bytes 0, Some(0)
shipped, a Set: challenge "", bytes 0, Some(0)
asserting, Uint8Array of the hash: challenge "88c9eae6", bytes 32, Some(32)
asserting, array of numbers: challenge "88c9eae6", bytes 32, Some(32)
asserting, the hash: expected an array or Uint8Array, found ArrayBuffer
asserting, another hash: expected an array or Uint8Array, found ArrayBuffer
asserting, a body: expected an array or Uint8Array, found ArrayBuffer
asserting, a DataView: expected an array or Uint8Array, found DataView
asserting, a Set: expected an array or Uint8Array, found Set
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: wasm-bindgen-array-buffer-is-empty no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
