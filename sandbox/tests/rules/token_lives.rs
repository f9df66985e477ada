//! How long tokens live, as the readings have it: what is said of it, what is so, and what a saas token tells of itself.

use crate::shop::{HOUR, Shop, pair};
use sandbox::Status;
use serde_json::{Value, json};

#[test]
fn lifetimes_are_what_is_said() {
    let mut shop = Shop::with(json!({
        "anonymousExpiresIn": 10, "anonymousRefreshExpiresIn": 20,
        "customerExpiresIn": 30, "customerRefreshExpiresIn": 40,
    }));
    let (guest, buyer) = shop.buyer();
    let start = shop.platform.now();
    for (seconds, token) in [
        (10, &guest.access),
        (20, &guest.refresh),
        (30, &buyer.access),
        (40, &buyer.refresh),
    ] {
        let end = shop.platform.token(token).expect("known").expires_at;
        assert_eq!(end, start + seconds * 1000);
        shop.platform.set_host_time(end - 1);
        assert!(shop.is_live(token));
        shop.platform.set_host_time(end);
        assert_eq!(shop.status(token), Status::Expired);
    }
}

#[test]
fn absurd_lifetimes_are_only_said() {
    for absurd in [json!(0), json!(-1), json!("soon")] {
        let mut shop =
            Shop::with(json!({ "customerExpiresIn": absurd, "customerRefreshExpiresIn": absurd }));
        let guest = shop.guest();
        let answer = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
        assert_eq!(answer.json()["expires_in"], absurd);
        assert_eq!(answer.json()["refresh_token_expires_in"], absurd);
        let buyer = pair(&answer);
        shop.platform.advance(23 * HOUR);
        assert!(shop.is_live(&buyer.access) && shop.is_live(&buyer.refresh));
        shop.platform.advance(HOUR);
        assert!(shop.is_live(&buyer.access) && !shop.is_live(&buyer.refresh));
    }
}

#[test]
fn a_null_lifetime_is_a_missing_field() {
    let mut shop = Shop::with(json!({ "anonymousExpiresIn": null }));
    let target = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
    let body = shop.platform.handle(&sandbox::Request::get(target)).json();
    assert!(body.get("expires_in").is_none());
    assert_eq!(body["refresh_token_expires_in"], 86_400);
}

#[test]
fn the_saas_token_says_its_own_end() {
    let claims = |shop: &mut Shop| {
        let guest = shop.guest();
        let answer = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
        let token = answer.json()["saas_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        json_of_base64url(token.split('.').nth(1).expect("claims"))
    };
    let documented = claims(&mut Shop::open());
    assert_eq!(documented["sub"], "13869001");
    assert_eq!(
        documented["exp"].as_u64(),
        documented["iat"].as_u64().map(|iat| iat + 14_400)
    );
    let short = claims(&mut Shop::with(json!({ "saasExpiresIn": 60 })));
    assert_eq!(
        short["exp"].as_u64(),
        short["iat"].as_u64().map(|iat| iat + 60)
    );
    assert!(
        claims(&mut Shop::with(json!({ "saasExpiresIn": null })))
            .get("exp")
            .is_none()
    );
    assert_eq!(
        claims(&mut Shop::with(json!({ "saasExpiresIn": "soon" })))["exp"],
        "soon"
    );
}

fn json_of_base64url(text: &str) -> Value {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let bits = chunk
            .iter()
            .fold(0u32, |bits, byte| bits << 6 | u32::from(digit(*byte)))
            << (6 * (4 - chunk.len()));
        bytes.extend(bits.to_be_bytes()[1..chunk.len()].iter());
    }
    serde_json::from_slice(&bytes).expect("JSON")
}

#[test]
fn a_number_can_be_a_text() {
    let mut shop = Shop::with(json!({ "expiresInType": "string" }));
    let guest = shop.guest();
    let body = shop
        .try_login(&guest.access, "buyer@example.com", "sandbox-pass")
        .json();
    assert_eq!(
        (&body["expires_in"], &body["refresh_token_expires_in"]),
        (&json!("2592000"), &json!("86400"))
    );
}

#[test]
fn a_refresh_tokens_life_can_count_down() {
    for (reading, said) in [("reset", 86_400), ("countdown", 86_390)] {
        let mut shop = Shop::with(json!({ "refreshLifetime": reading }));
        let (guest, buyer) = shop.buyer();
        let end = shop
            .platform
            .token(&buyer.refresh)
            .expect("known")
            .expires_at;
        shop.platform.advance(10_000);
        let answer = shop.try_refresh(&guest.access, &buyer.refresh, None);
        assert_eq!(answer.json()["refresh_token_expires_in"], said, "{reading}");
        let next = shop
            .platform
            .token(&pair(&answer).refresh)
            .expect("known")
            .expires_at;
        assert_eq!(next == end, reading == "countdown");
    }
}

#[test]
fn a_saas_token_may_hide_when_it_was_issued() {
    for (reading, names) in [
        ("iat-exp", &["exp", "iat", "sub"][..]),
        ("exp", &["exp", "sub"][..]),
    ] {
        let mut shop = Shop::with(json!({ "saasClaims": reading }));
        let guest = shop.guest();
        let body = shop
            .try_login(&guest.access, "buyer@example.com", "sandbox-pass")
            .json();
        let token = body["saas_token"].as_str().expect("a token");
        let claims = json_of_base64url(token.split('.').nth(1).expect("claims"));
        let mut found: Vec<&str> = claims
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        found.sort_unstable();
        assert_eq!(found, names);
    }
}
