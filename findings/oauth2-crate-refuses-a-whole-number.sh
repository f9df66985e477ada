#!/usr/bin/env bash
# The crate oauth2 5.0.0, BasicTokenResponse.
# Expected: "numerical values are included as JSON numbers" (RFC 6749, 5.1), and JSON knows one kind of
# number: 3600, 3600.0 and 3.6e3 are the same lifetime (RFC 8259, 6). Whoever cannot read a lifetime
# goes without it: expires_in may be missing.
# Seen: with 3600.0, 3.6e3 or "3600" the whole answer is an error; the access token and the refresh
# token in it are not to be had from the crate. null counts as missing, and so does a missing field.
# Why it matters: servers whose language keeps numbers as floats (PHP, Lua, Java's Double) write 3600.0.
# At a renewal with rotation the answer thrown away is the only copy of the next refresh token: the
# session is over. Read a lifetime tolerantly, and never at the price of the tokens beside it.
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
[dependencies]
oauth2 = { version = "=5.0.0", default-features = false }
serde_json = "1"
TOML
cat >src/main.rs <<'RUST'
use oauth2::{TokenResponse, basic::BasicTokenResponse};

fn main() {
    for life in [r#""expires_in":3600"#, r#""expires_in":3600.0"#, r#""expires_in":3.6e3"#, r#""expires_in":"3600""#, r#""expires_in":null"#, r#""scope":"shop""#] {
        let answer = format!(r#"{{"access_token":"access-2","refresh_token":"refresh-2","token_type":"Bearer",{life}}}"#);
        match serde_json::from_str::<BasicTokenResponse>(&answer) {
            Ok(token) => println!("{life}: {:?}, {}", token.expires_in(), token.refresh_token().unwrap().secret()),
            Err(_) => println!("{life}: the answer is refused"),
        }
    }
}
RUST

cat >expected <<'TEXT'
"expires_in":3600: Some(3600s), refresh-2
"expires_in":3600.0: the answer is refused
"expires_in":3.6e3: the answer is refused
"expires_in":"3600": the answer is refused
"expires_in":null: None, refresh-2
"scope":"shop": None, refresh-2
TEXT

CARGO_TARGET_DIR="$work/target" cargo run --quiet >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: oauth2-crate-refuses-a-whole-number no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
