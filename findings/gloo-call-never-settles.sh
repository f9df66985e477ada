#!/usr/bin/env bash
# gloo-storage 0.4.0 and gloo-net 0.7.0 (wasm-bindgen 0.2.130, wasm-bindgen-futures 0.4.80), exported async functions in
# Node.js 20 or later, with a localStorage that is blocked as browsers block it: reading the property throws a SecurityError.
# Expected: LocalStorage::get() and set() give a Result, whose error has a variant for what JavaScript throws, and send()
# does so too; an async function that uses `?` rejects.
# Seen: a blocked storage, and a header with a letter that no header can carry (a company in Łódź), are no Err: they are
# thrown through the frames of Rust. A function that is not async throws. An async one does neither resolve nor reject,
# ever, the error goes to the page as an uncaught one, and what the function had is kept: an object that it borrowed refuses
# every later call, and a lock that it was called under is never given back.
# Why it matters: with storage blocked, or for one company only, the shop waits for ever: no error to catch, no `finally`,
# and no other tab gets the lock. Use web_sys::Storage itself, and set headers where an error can be handed on.
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
gloo-net = { version = "=0.7.0", default-features = false, features = ["http"] }
gloo-storage = "=0.4.0"
js-sys = "=0.3.107"
wasm-bindgen = "=0.2.130"
wasm-bindgen-futures = "=0.4.80"
TOML
cat >shop/src/lib.rs <<'RUST'
use gloo_net::http::Request;
use gloo_storage::{LocalStorage, Storage};
use wasm_bindgen::prelude::*;

fn js(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
pub fn read_at_once() -> Result<String, JsError> {
    LocalStorage::get("token").map_err(js)
}

#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    token: String,
}

#[wasm_bindgen]
impl Session {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }

    pub fn token(&self) -> String {
        self.token.clone()
    }

    pub async fn read(&mut self) -> Result<String, JsError> {
        self.token = LocalStorage::get("token").map_err(js)?;
        Ok(self.token.clone())
    }

    pub async fn store(&mut self) -> Result<String, JsError> {
        LocalStorage::set("token", &self.token).map_err(js)?;
        Ok("stored".into())
    }

    pub async fn ask(&mut self, url: String, company: String) -> Result<String, JsError> {
        let answer = Request::get(&url).header("X-Company", &company).send().await.map_err(js)?;
        answer.text().await.map_err(js)
    }
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
    bindgen.input_path("target/wasm32-unknown-unknown/debug/shop.wasm").nodejs(true).unwrap();
    bindgen.typescript(false).generate("out").unwrap();
}
RUST
export CARGO_TARGET_DIR="$work/target"
cargo build --quiet --package shop --target wasm32-unknown-unknown
cargo run --quiet --package bind

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { createRequire } from "node:module";

/** A page: its window's storage is a Map, or blocked. */
let isBlocked = false;
const kept = new Map([["token", '"t1"']]);
class Storage {
  getItem = (key) => kept.get(key) ?? null;
  setItem = (key, text) => void kept.set(key, text);
}
class Window {
  get localStorage() {
    if (isBlocked) throw new DOMException("Access is denied for this document.", "SecurityError");
    return new Storage();
  }
}
Object.defineProperty(globalThis, "localStorage", { get: () => new Window().localStorage, configurable: true });
Object.assign(globalThis, { Storage, Window });
Object.setPrototypeOf(globalThis, Window.prototype);
const { Session, read_at_once } = createRequire(import.meta.url)("./out/shop.js");

let uncaught = 0;
process.on("uncaughtException", () => (uncaught += 1));
const server = createServer((request, answer) => answer.end(`for ${request.headers["x-company"]}`)).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const url = `http://127.0.0.1:${server.address().port}/`;
const nobody = "http://127.0.0.1:1/";

const after = async (call) => {
  const session = new Session();
  uncaught = 0;
  const end = await Promise.race([call(session).then((text) => `resolves, ${text}`, () => "rejects"), new Promise((done) => setTimeout(done, 1500, "does not settle"))]);
  let next = "answers";
  try {
    session.token();
  } catch {
    next = "refuses, recursive use";
  }
  return `${end}; uncaught errors: ${uncaught}; then the object ${next}`;
};
for (isBlocked of [false, true]) {
  const where = isBlocked ? "blocked storage" : "a storage";
  let end;
  try {
    end = `gives ${read_at_once()}`;
  } catch {
    end = "throws";
  }
  console.log(`${where}, read in a function that is not async: ${end}`);
  console.log(`${where}, get(): ${await after((session) => session.read())}`);
  console.log(`${where}, set(): ${await after((session) => session.store())}`);
}
kept.delete("token");
isBlocked = false;
console.log(`nothing stored, get(): ${await after((session) => session.read())}`);
console.log(`a header for Lyon, send(): ${await after((session) => session.ask(url, "Lyon"))}`);
console.log(`no server, send(): ${await after((session) => session.ask(nobody, "Lyon"))}`);
console.log(`a header for Łódź, send(): ${await after((session) => session.ask(url, "Łódź"))}`);
process.exit();
JS

cat >expected <<'TEXT'
a storage, read in a function that is not async: gives t1
a storage, get(): resolves, t1; uncaught errors: 0; then the object answers
a storage, set(): resolves, stored; uncaught errors: 0; then the object answers
blocked storage, read in a function that is not async: throws
blocked storage, get(): does not settle; uncaught errors: 1; then the object refuses, recursive use
blocked storage, set(): does not settle; uncaught errors: 1; then the object refuses, recursive use
nothing stored, get(): rejects; uncaught errors: 0; then the object answers
a header for Lyon, send(): resolves, for Lyon; uncaught errors: 0; then the object answers
no server, send(): rejects; uncaught errors: 0; then the object answers
a header for Łódź, send(): does not settle; uncaught errors: 1; then the object refuses, recursive use
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: gloo-call-never-settles no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
