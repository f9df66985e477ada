#!/usr/bin/env bash
# wasm-bindgen-futures 0.4.80 (js-sys 0.3.107, wasm-bindgen 0.2.130) under @sinonjs/fake-timers 15.5.0, the clock of Jest
# and Sinon, which replaces queueMicrotask too, in Node.js 20 or later.
# Expected: an exported async function that waits for no timer settles under a clock that stands still, as an async
# function of JavaScript does. At the least all is well again once the clock has been uninstalled.
# Seen: it does not settle, because the only queue of all tasks asks queueMicrotask for its turn at each round. Where the
# clock is uninstalled meanwhile, the turn that was asked for never comes, and none is asked for again: from then on no
# async function of this module settles for as long as the process lives, whoever calls it.
# Why it matters: a test that ends, or fails, with one call under way takes all tests behind it in the file along, which
# time out without a word about the reason. Leave queueMicrotask real (`toNotFake`), or let the clock run its microtasks
# before it goes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @sinonjs/fake-timers@15.5.0 >/dev/null

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
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
pub async fn token() -> String {
    "token".into()
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
import { createRequire } from "node:module";
import FakeTimers from "@sinonjs/fake-timers";

const { token: rust } = createRequire(import.meta.url)("./out/shop.js");
const script = async () => (await null, "token");
const later = setTimeout;
/** Whether the call has settled after 300 real milliseconds. */
const settled = (call) => Promise.race([call.then(() => "settles"), new Promise((done) => later(done, 300, "does not settle"))]);

async function show(language, token) {
  const say = async (when, call) => console.log(`${language}, ${when}: ${await settled(call)}`);
  await say("before", token());
  let clock = FakeTimers.install({ toNotFake: ["queueMicrotask"] });
  await say("under a clock without queueMicrotask", token());
  clock.uninstall();
  clock = FakeTimers.install();
  const call = token();
  await say("under a clock", call);
  clock.runMicrotasks();
  await say("once that runs its microtasks", call);
  const last = token();
  clock.uninstall();
  await say("begun under a clock that is uninstalled", last);
  await say("begun when there is no clock any more", token());
}
await show("JavaScript", script);
await show("Rust", rust);
JS

cat >expected <<'TEXT'
JavaScript, before: settles
JavaScript, under a clock without queueMicrotask: settles
JavaScript, under a clock: settles
JavaScript, once that runs its microtasks: settles
JavaScript, begun under a clock that is uninstalled: settles
JavaScript, begun when there is no clock any more: settles
Rust, before: settles
Rust, under a clock without queueMicrotask: settles
Rust, under a clock: does not settle
Rust, once that runs its microtasks: settles
Rust, begun under a clock that is uninstalled: does not settle
Rust, begun when there is no clock any more: does not settle
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: wasm-bindgen-futures-stop-with-a-fake-clock no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
