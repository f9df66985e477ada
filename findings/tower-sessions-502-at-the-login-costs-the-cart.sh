#!/usr/bin/env bash
# The crate tower-sessions 0.15.0 over MemoryStore, a login with cycle_id() and insert() as its documentation shows it,
# which is answered with 200, 409 or 502.
# Expected: the session is saved at the end of the request, or, if the answer says that it has failed, all is as it was.
# Seen: under 5xx nothing is saved and no cookie is sent, which the documentation does not say; but cycle_id() has deleted
# the former session from the store at once. A login after which a service behind answers 502 has destroyed the guest's
# session, with his cart, and he is not signed in either. An article that was put in is lost under 502, and kept under
# 409. A logout by flush() is done in any case.
# Why it matters: one failing service at the login costs the cart; and what a failed request has done elsewhere, an order,
# a spent token, is forgotten here. Call session.save() before what may fail, and cycle_id() as the last thing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "probe"
version = "0.1.0"
edition = "2024"
[profile.dev]
debug = 0
incremental = false
[dependencies]
http = "1"
tokio = { version = "1", features = ["macros", "rt"] }
tower = { version = "0.5", features = ["util"] }
tower-sessions = { version = "=0.15.0", default-features = false, features = ["memory-store"] }
TOML
cat >src/main.rs <<'RUST'
use std::convert::Infallible;

use http::{Request, Response, StatusCode, header};
use tower::{Layer, ServiceExt, service_fn};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

/// What the shop does with the session, and how it answers.
async fn shop(request: Request<String>) -> Result<Response<String>, Infallible> {
    let session = request.extensions().get::<Session>().unwrap().clone();
    let mut answer = Response::new(String::new());
    match request.uri().path() {
        "/lamp" | "/chair" => session.insert("cart", request.uri().path().trim_start_matches('/')).await.unwrap(),
        "/login" => {
            session.cycle_id().await.unwrap();
            session.insert("customer", "buyer").await.unwrap();
        }
        "/logout" => session.flush().await.unwrap(),
        _ => {
            let cart = session.get::<String>("cart").await.unwrap().unwrap_or("nothing".to_owned());
            let customer = session.get::<String>("customer").await.unwrap().unwrap_or("a guest".to_owned());
            *answer.body_mut() = format!("{customer} with {cart}");
        }
    }
    if let Some(status) = request.uri().query() {
        *answer.status_mut() = status.parse::<u16>().ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap();
    }
    Ok(answer)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for status in ["200", "409", "502"] {
        let layer = SessionManagerLayer::new(MemoryStore::default());
        let mut cookie = String::new();
        println!("{status}");
        for (what, path) in [
            ("a guest has a lamp", "/lamp".to_owned()),
            ("  then", "/show".to_owned()),
            ("a login", format!("/login?{status}")),
            ("  then", "/show".to_owned()),
            ("a chair in its place", format!("/chair?{status}")),
            ("  then", "/show".to_owned()),
            ("a logout", format!("/logout?{status}")),
            ("  then", "/show".to_owned()),
        ] {
            let request = Request::builder().uri(&path).header(header::COOKIE, &cookie).body(String::new()).unwrap();
            let answer = layer.layer(service_fn(shop)).oneshot(request).await.unwrap();
            let line = answer.headers().get(header::SET_COOKIE).map(|line| line.to_str().unwrap().to_owned());
            if let Some(line) = &line {
                cookie = line.split(';').next().unwrap().to_owned();
            }
            if path == "/show" {
                println!("  {what}: {}", answer.body());
            } else {
                println!("  {what}: {}", if line.is_some() { "a cookie" } else { "no cookie" });
            }
        }
    }
}
RUST

cat >expected <<'TEXT'
200
  a guest has a lamp: a cookie
    then: a guest with lamp
  a login: a cookie
    then: buyer with lamp
  a chair in its place: a cookie
    then: buyer with chair
  a logout: a cookie
    then: a guest with nothing
409
  a guest has a lamp: a cookie
    then: a guest with lamp
  a login: a cookie
    then: buyer with lamp
  a chair in its place: a cookie
    then: buyer with chair
  a logout: a cookie
    then: a guest with nothing
502
  a guest has a lamp: a cookie
    then: a guest with lamp
  a login: no cookie
    then: a guest with nothing
  a chair in its place: no cookie
    then: a guest with nothing
  a logout: a cookie
    then: a guest with nothing
TEXT

CARGO_TARGET_DIR="$work/target" cargo run --quiet >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: tower-sessions-502-at-the-login-costs-the-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
