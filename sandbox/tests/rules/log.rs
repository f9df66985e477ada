//! The log of requests: who asked what, and no secret.

use crate::shop::{HOUR, Shop};
use crate::truth::{control, look};
use sandbox::{BearerKind, Fingerprint, Request, Status};
use serde_json::json;

#[test]
fn the_log_tells_who_asked_what() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    shop.refresh(&guest.access, &buyer.refresh, Some("le-south"));
    shop.platform
        .handle(&Request::new("OPTIONS", "/customer/acme/me").header("Origin", "http://shop.test"));
    shop.get("/customer/acme/me?expand=addresses", "nonsense");
    let rows = look(&mut shop.platform, "requests");
    let told: Vec<_> = rows
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            json!([
                row["seq"],
                row["method"],
                row["path"],
                row["status"],
                row["bearer"],
                row["legalEntityId"]
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!([
                1,
                "GET",
                "/customerlogin/auth/anonymous/login",
                200,
                "none",
                null
            ]),
            json!([2, "POST", "/customer/acme/login", 200, "anonymous", null]),
            json!([
                3,
                "GET",
                "/customer/acme/refreshauthtoken",
                200,
                "anonymous",
                "le-south"
            ]),
            json!([4, "OPTIONS", "/customer/acme/me", 204, "none", null]),
            json!([5, "GET", "/customer/acme/me", 401, "unknown", null]),
        ]
    );
    for row in 0..3 {
        assert_eq!(rows[row]["sessionId"], guest.session);
    }
    assert_eq!(rows[3]["origin"], "http://shop.test");
    assert_eq!(rows[2]["delivered"], true);
}

#[test]
fn the_log_holds_no_secrets() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    shop.refresh(&guest.access, &buyer.refresh, None);
    shop.get(
        &format!("/customer/acme/logout?accessToken={}", buyer.access),
        &buyer.access,
    );
    let text = look(&mut shop.platform, "requests").to_string()
        + &look(&mut shop.platform, "state").to_string();
    for secret in [
        &guest.access,
        &guest.refresh,
        &buyer.access,
        &buyer.refresh,
        &"sandbox-pass".to_owned(),
    ] {
        assert!(!text.contains(secret.as_str()));
    }
    let rows: Vec<_> = shop.platform.log().cloned().collect();
    assert_eq!(rows[2].token, Some(Fingerprint::of(&guest.access)));
    assert_eq!(rows[2].refresh_token, Some(Fingerprint::of(&buyer.refresh)));
}

#[test]
fn the_log_knows_expired_tokens() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    shop.platform.advance(HOUR);
    shop.get("/customer/acme/me", &guest.access);
    let row = shop.platform.log().last().expect("a row").clone();
    assert_eq!(
        (row.bearer, row.bearer_status),
        (BearerKind::Anonymous, Some(Status::Expired))
    );
    assert_eq!(row.session_id, Some(guest.session));
}

#[test]
fn the_log_can_be_cleared() {
    let mut shop = Shop::open();
    shop.guest();
    assert_eq!(
        control(&mut shop.platform, "DELETE", "requests", json!(null)).status,
        200
    );
    shop.guest();
    let rows = look(&mut shop.platform, "requests");
    assert_eq!(
        (rows.as_array().map(Vec::len), &rows[0]["seq"]),
        (Some(1), &json!(2))
    );
}
