#!/usr/bin/env bash
# The crate cookie_store 0.22.1 (with cookie 0.18.2), which is the cookie jar of reqwest.
# Expected: a cookie with a date in the past is deleted, and dates are read as RFC 6265, 5.1.1 has it: a
# day and an hour may have one digit, and what stands behind the time (GMT, UTC, nothing) is not looked
# at. Chromium and tough-cookie delete in all the forms below.
# Seen: unless the date has two digits everywhere and ends with GMT, it is dropped without an error,
# and the cookie counts as one for the session: the deletion has become an empty cookie that is sent
# with every request.
# Why it matters: "Thu, 01 Jan 1970 00:00:00 UTC" is the most copied way to delete a cookie. A server in
# Rust that calls a shop for a visitor goes on sending "session=" after the sign-out.
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
cookie = "=0.18.2"
cookie_store = { version = "=0.22.1", default-features = false }
url = "2"
TOML
cat >src/main.rs <<'RUST'
fn main() {
    let page = url::Url::parse("https://shop.example/").unwrap();
    for date in [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 01-Jan-70 00:00:00 GMT",
        "Thu Jan  1 00:00:00 1970",
        "Thu, 01 Jan 1970 00:00:00 UTC",
        "Thu, 01 Jan 1970 00:00:00",
        "Thu, 1 Jan 1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 0:00:00 GMT",
    ] {
        let mut jar = cookie_store::CookieStore::default();
        jar.parse("session=customer; Path=/", &page).unwrap();
        jar.parse(&format!("session=; Path=/; Expires={date}"), &page).unwrap();
        let sent: Vec<_> = jar.get_request_values(&page).map(|(name, value)| format!("{name}={value}")).collect();
        println!("{date}: {}", if sent.is_empty() { "deleted".to_owned() } else { format!("sends {}", sent.join("; ")) });
    }
}
RUST

cat >expected <<'TEXT'
Thu, 01 Jan 1970 00:00:00 GMT: deleted
Thu, 01-Jan-70 00:00:00 GMT: deleted
Thu Jan  1 00:00:00 1970: deleted
Thu, 01 Jan 1970 00:00:00 UTC: sends session=
Thu, 01 Jan 1970 00:00:00: sends session=
Thu, 1 Jan 1970 00:00:00 GMT: sends session=
Thu, 01 Jan 1970 0:00:00 GMT: sends session=
TEXT

CARGO_TARGET_DIR="$work/target" cargo run --quiet >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: cookie-store-keeps-what-was-deleted no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
