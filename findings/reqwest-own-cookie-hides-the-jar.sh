#!/usr/bin/env bash
# The crate reqwest 0.13.5 with the feature cookies, ClientBuilder::cookie_store(true) as its documentation shows it,
# against a local server.
# Expected: "cookies received in responses will be preserved and included in additional requests". A cookie that a request
# or the client brings itself is sent beside them, as a browser's script, or another client's jar, would have it.
# Seen: as soon as a request has a Cookie header, nothing of the jar is sent with it. One cookie of its own,
# "currency=EUR", and the server sees a guest; as a default header of the client, and no login ever has an effect, though
# the jar has the session. Nor is a session sent that a login has set which redirects: the request that follows has the
# header of the first.
# Why it matters: a server in Rust that calls a shop for a visitor loses his session, and his cart, where somebody adds a
# harmless cookie, and each such call opens a new one. Put all cookies into the jar (cookie_provider with a Jar of one's
# own).
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
reqwest = { version = "=0.13.5", default-features = false, features = ["cookies"] }
idna_adapter = "=1.0.0" # less to compile
tokio = { version = "1", features = ["io-util", "macros", "net", "rt"] }
TOML
cat >src/main.rs <<'RUST'
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Signs in at /login, at /login-and-on with a redirect, and says which cookies it was sent elsewhere.
async fn serve(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut read = Vec::new();
            let mut part = [0; 4096];
            while !read.ends_with(b"\r\n\r\n") {
                match stream.read(&mut part).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => read.extend_from_slice(&part[..count]),
                }
            }
            let text = String::from_utf8_lossy(&read).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let sent: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("cookie: ")).collect();
            let (status, head, body) = match path {
                "/login" => ("200 OK", "set-cookie: session=buyer; Path=/\r\n", String::new()),
                "/login-and-on" => ("302 Found", "set-cookie: session=buyer; Path=/\r\nlocation: /cart\r\n", String::new()),
                _ => ("200 OK", "", if sent.is_empty() { "no cookie".to_owned() } else { sent.join(" and ") }),
            };
            let answer = format!("HTTP/1.1 {status}\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let shop = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener));

    let client = reqwest::Client::builder().cookie_store(true).build()?;
    client.get(format!("{shop}/login")).send().await?;
    let plain = client.get(format!("{shop}/cart")).send().await?.text().await?;
    println!("after the login: {plain}");
    let own = client.get(format!("{shop}/cart")).header(COOKIE, "currency=EUR").send().await?.text().await?;
    println!("with a cookie of the request's own: {own}");

    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_static("currency=EUR"));
    let client = reqwest::Client::builder().cookie_store(true).default_headers(headers).build()?;
    client.get(format!("{shop}/login")).send().await?;
    let every = client.get(format!("{shop}/cart")).send().await?.text().await?;
    println!("with a default cookie, after the login: {every}");

    let client = reqwest::Client::builder().cookie_store(true).build()?;
    let plain = client.get(format!("{shop}/login-and-on")).send().await?.text().await?;
    println!("a login that redirects: {plain}");
    let client = reqwest::Client::builder().cookie_store(true).build()?;
    let own = client.get(format!("{shop}/login-and-on")).header(COOKIE, "currency=EUR").send().await?.text().await?;
    println!("the same with a cookie of the request's own: {own}");
    Ok(())
}
RUST

cat >expected <<'TEXT'
after the login: session=buyer
with a cookie of the request's own: currency=EUR
with a default cookie, after the login: currency=EUR
a login that redirects: session=buyer
the same with a cookie of the request's own: currency=EUR
TEXT

CARGO_TARGET_DIR="$work/target" cargo run --quiet >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: reqwest-own-cookie-hides-the-jar no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
