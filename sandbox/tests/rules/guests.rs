//! Anonymous login and refresh.

use crate::shop::{DAY, HOUR, Shop, error_code, pair};
use sandbox::{Request, Status};
use serde_json::json;

const LOGIN: &str = "/customerlogin/auth/anonymous/login";

#[test]
fn a_login_answers_as_documented() {
    let mut shop = Shop::open();
    let target = format!("{LOGIN}?tenant=acme&client_id=storefront&currency=EUR&siteCode=main");
    let answer = shop.platform.handle(&Request::get(target));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header_value("content-type"),
        Some("application/json")
    );
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["refresh_token_expires_in"], 86400);
    assert_eq!(body["scope"], "tenant=acme");
    assert_eq!(body.as_object().map(|fields| fields.len()), Some(7));
    let guest = pair(&answer);
    assert_eq!(
        (guest.access.len(), guest.refresh.len(), guest.session.len()),
        (28, 32, 36)
    );
}

#[test]
fn each_login_is_a_session_of_its_own() {
    let mut shop = Shop::open();
    assert_ne!(shop.guest().session, shop.guest().session);
}

#[test]
fn a_refresh_keeps_the_session() {
    let mut shop = Shop::open();
    let first = shop.guest();
    let second = shop.guest_refresh(&first.refresh);
    assert_eq!(second.session, first.session);
    assert_ne!(second.access, first.access);
    assert_ne!(second.refresh, first.refresh);
}

#[test]
fn a_refresh_token_works_once() {
    let mut shop = Shop::open();
    let first = shop.guest();
    let second = shop.guest_refresh(&first.refresh);
    let again = shop.try_guest_refresh(&first.refresh);
    assert_eq!(again.status, 401);
    assert_eq!(
        error_code(&again),
        "keymanagement.service.invalid_refresh_token"
    );
    assert!(shop.is_live(&second.refresh), "reuse is only rejected");
}

#[test]
fn tokens_expire() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    shop.platform.advance(HOUR - 1);
    assert!(shop.is_live(&guest.access));
    shop.platform.advance(1);
    assert_eq!(shop.status(&guest.access), Status::Expired);
    let answer = shop.get("/customer/acme/me", &guest.access);
    assert_eq!(
        (answer.status, error_code(&answer).as_str()),
        (401, "keymanagement.service.access_token_expired")
    );
    shop.platform.advance(DAY - HOUR);
    let answer = shop.try_guest_refresh(&guest.refresh);
    assert_eq!(
        (answer.status, error_code(&answer).as_str()),
        (401, "keymanagement.service.refresh_token_expired")
    );
}

#[test]
fn a_bad_key_is_the_gateways_business() {
    let mut shop = Shop::open();
    let answer = shop.platform.handle(&Request::get(format!(
        "{LOGIN}?tenant=acme&client_id=nobody"
    )));
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["fault"]["faultstring"], "Invalid ApiKey");
}

#[test]
fn parameters_must_be_there_and_right() {
    let mut shop = Shop::open();
    for query in [
        "tenant=acme",
        "client_id=storefront",
        "tenant=&client_id=storefront",
        "tenant=other&client_id=storefront",
    ] {
        let answer = shop
            .platform
            .handle(&Request::get(format!("{LOGIN}?{query}")));
        assert_eq!(
            (answer.status, &answer.json()["type"]),
            (400, &json!("bad_request")),
            "{query}"
        );
    }
    let refresh = "/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=storefront";
    let answer = shop.platform.handle(&Request::get(refresh));
    assert_eq!(
        (answer.status, &answer.json()["details"][0]["field"]),
        (400, &json!("refresh_token"))
    );
}

#[test]
fn a_customers_refresh_token_is_no_guests() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    assert_eq!(shop.try_guest_refresh(&buyer.refresh).status, 401);
    assert!(shop.is_live(&buyer.refresh));
}
