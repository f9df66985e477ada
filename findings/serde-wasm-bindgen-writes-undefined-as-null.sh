#!/usr/bin/env bash
# serde-wasm-bindgen 0.6.5 (serde 1, serde_json 1, wasm-bindgen 0.2.130): from_value() into a serde_json::Value that is sent
# on as JSON, and into structs with serde's `flatten` and `tag`.
# Expected: what the shop has put into an object is sent as JSON.stringify would: a property that is undefined is left out, a
# Date, a URL and what has toJSON() are texts. The crate says that it is not JSON in what it *makes*, and that undefined is
# `()` and `None`. A property that no field is for is passed over, as serde does unless it is told to deny it.
# Seen: undefined becomes null, in Value and in what `flatten` collects, and null is what clears a field in a PATCH. Dates,
# URLs and amounts with toJSON() become {} or what they are made of inside, without an error. With `flatten`, or an
# enum with `tag`, an object that has a function anywhere is refused whole, which the same struct without it takes.
# Why it matters: { couponCode: form.coupon, deliverOn: date } takes the customer's coupon away and sends {} for the day; an
# order event with a callback in it never arrives. Hand such objects over as text (JSON.stringify).
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
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde-wasm-bindgen = "=0.6.5"
wasm-bindgen = "=0.2.130"
TOML
cat >shop/src/lib.rs <<'RUST'
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

#[derive(Deserialize, Serialize)]
pub struct Plain {
    id: String,
}

#[derive(Deserialize, Serialize)]
pub struct Flattened {
    id: String,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize, Serialize)]
pub struct Common {
    id: String,
}

#[derive(Deserialize, Serialize)]
pub struct Joined {
    #[serde(flatten)]
    common: Common,
}

#[derive(Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Tagged {
    Order { id: String },
}

/// What would be sent for this object once it was read as a `T`.
fn sent<T: DeserializeOwned + Serialize>(value: JsValue) -> Result<String, JsError> {
    Ok(serde_json::to_string(&serde_wasm_bindgen::from_value::<T>(value)?)?)
}

#[wasm_bindgen]
pub fn value(value: JsValue) -> Result<String, JsError> {
    sent::<serde_json::Value>(value)
}

#[wasm_bindgen]
pub fn plain(value: JsValue) -> Result<String, JsError> {
    sent::<Plain>(value)
}

#[wasm_bindgen]
pub fn flattened(value: JsValue) -> Result<String, JsError> {
    sent::<Flattened>(value)
}

#[wasm_bindgen]
pub fn joined(value: JsValue) -> Result<String, JsError> {
    sent::<Joined>(value)
}

#[wasm_bindgen]
pub fn tagged(value: JsValue) -> Result<String, JsError> {
    sent::<Tagged>(value)
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

const { flattened, joined, plain, tagged, value } = createRequire(import.meta.url)("./out/shop.js");
const show = (call) => {
  try {
    return call();
  } catch (error) {
    return `refused, ${error.message}`;
  }
};
class Amount {
  cents = 1999;
  toJSON() {
    return "19.99";
  }
}
for (const [name, object] of [
  ["an undefined property", { id: "c1", couponCode: undefined }],
  ["a date", { id: "c1", deliverOn: new Date(0) }],
  ["an address", { id: "c1", returnTo: new URL("https://shop.example/") }],
  ["an amount", { id: "c1", total: new Amount() }],
]) {
  console.log(`${name}: JSON.stringify ${JSON.stringify(object)}`);
  console.log(`  as a Value ${show(() => value(object))}`);
  console.log(`  as a struct that flattens the rest ${show(() => flattened(object))}`);
}
const event = { kind: "order", id: "c1", onDone() {} };
for (const [name, read] of Object.entries({ "a plain struct": plain, "a struct that flattens a map": flattened, "a struct that flattens a struct": joined, "a tagged enum": tagged })) {
  console.log(`with a function, as ${name}: ${show(() => read(event))}`);
}
JS

cat >expected <<'TEXT'
an undefined property: JSON.stringify {"id":"c1"}
  as a Value {"couponCode":null,"id":"c1"}
  as a struct that flattens the rest {"id":"c1","couponCode":null}
a date: JSON.stringify {"id":"c1","deliverOn":"1970-01-01T00:00:00.000Z"}
  as a Value {"deliverOn":{},"id":"c1"}
  as a struct that flattens the rest {"id":"c1","deliverOn":{}}
an address: JSON.stringify {"id":"c1","returnTo":"https://shop.example/"}
  as a Value {"id":"c1","returnTo":{}}
  as a struct that flattens the rest {"id":"c1","returnTo":{}}
an amount: JSON.stringify {"id":"c1","total":"19.99"}
  as a Value {"id":"c1","total":{"cents":1999}}
  as a struct that flattens the rest {"id":"c1","total":{"cents":1999}}
with a function, as a plain struct: {"id":"c1"}
with a function, as a struct that flattens a map: refused, Error: invalid type: JsValue(Function(onDone)), expected any value
with a function, as a struct that flattens a struct: refused, Error: invalid type: JsValue(Function(onDone)), expected any value
with a function, as a tagged enum: refused, Error: invalid type: JsValue(Function(onDone)), expected any value
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: serde-wasm-bindgen-writes-undefined-as-null no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
