//! Refusals that concern all endpoints: paths, methods, tenants, bearers.

use crate::shop::{Shop, error_code};
use sandbox::Request;
use serde_json::json;

#[test]
fn unknown_paths_and_methods() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    assert_eq!(shop.get("/nowhere", &guest.access).status, 404);
    assert_eq!(
        shop.get("/customer/acme/nowhere", &guest.access).status,
        404
    );
    let answer = shop
        .platform
        .handle(&Request::new("DELETE", "/customer/acme/me").bearer(&guest.access));
    assert_eq!(
        (answer.status, answer.header_value("allow")),
        (405, Some("GET, PATCH, PUT"))
    );
}

/// The operations of the official files that the sandbox does not have. A line leaves when its operation is built.
const MISSING: &str = include_str!("../../src/gateway/missing.txt");

#[test]
fn what_the_sandbox_does_not_have_says_so() {
    let mut shop = Shop::open();
    let backend = shop.backend();
    let operations: Vec<&str> = MISSING.lines().collect();
    assert!(operations.len() <= 127, "the list may only shrink");
    for operation in operations {
        let (method, pattern) = operation.split_once(' ').expect("a method and a path");
        let path: Vec<&str> = pattern
            .split('/')
            .map(|segment| match segment {
                "{tenant}" => "acme",
                segment if segment.starts_with('{') => "any",
                segment => segment,
            })
            .collect();
        for target in [path.join("/"), format!("{}/?q=1", path.join("/"))] {
            for request in [
                Request::new(method, target.clone()).bearer(&backend),
                Request::new(method, target.clone()),
            ] {
                let answer = shop.platform.handle(&request);
                let body = answer.json();
                let told = if body["code"].is_number() {
                    "code"
                } else {
                    "status"
                };
                assert_eq!(
                    (answer.status, &body[told], &body["message"]),
                    (
                        501,
                        &json!(501),
                        &json!(format!("The sandbox does not have {operation}"))
                    )
                );
            }
        }
    }
    let other = shop.send("PUT", "/iam/acme/users/me/scopes", &backend, json!({}));
    assert_eq!(other.status, 405, "of no official file");
}

#[test]
fn another_tenant_is_refused_in_each_services_words() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let customer = shop.get("/customer/other/me", &guest.access);
    assert_eq!(
        (customer.status, &customer.json()["type"]),
        (400, &json!("bad_request"))
    );
    let companies = shop.get("/customer-management/other/legal-entities", &buyer.access);
    assert_eq!(
        (companies.status, &companies.json()["status"]),
        (400, &json!("Bad Request"))
    );
    let cart = shop.get("/cart/other/carts?siteCode=main", &guest.access);
    assert_eq!(
        (cart.status, &cart.json()["status"]),
        (400, &json!("BAD_REQUEST"))
    );
}

#[test]
fn a_bearer_is_needed() {
    let mut shop = Shop::open();
    for target in [
        "/customer/acme/me",
        "/product/acme/products",
        "/cart/acme/carts?siteCode=main",
        "/site/acme/sites",
    ] {
        let answer = shop.platform.handle(&Request::get(target));
        assert_eq!(
            (answer.status, error_code(&answer).as_str()),
            (401, "oauth.v2.InvalidAccessToken")
        );
    }
}

#[test]
fn a_service_token_costs_a_secret() {
    let mut shop = Shop::open();
    let mut token = |form: &str| {
        let request = Request {
            body: form.to_owned(),
            ..Request::new("POST", "/oauth/token")
        };
        shop.platform.handle(&request)
    };
    let key = "grant_type=client_credentials&client_id=backend&client_secret=backend-secret";
    let answer = token(key);
    let body = answer.json();
    assert_eq!(
        (answer.status, &body["expires_in"], &body["refresh_token"]),
        (200, &json!(14_399), &json!(""))
    );
    assert!(
        body["scope"]
            .as_str()
            .is_some_and(|scope| scope.ends_with(" tenant=acme"))
    );
    let narrow = token(&format!("{key}&scope=cart.cart_manage+unknown.scope"));
    assert_eq!(narrow.json()["scope"], "cart.cart_manage tenant=acme");
    assert_eq!(
        token("grant_type=client_credentials&client_id=backend&client_secret=wrong").status,
        401
    );
    assert_eq!(
        token("grant_type=password&client_id=backend&client_secret=backend-secret").status,
        400
    );
    assert_eq!(token(r#"{"grant_type":"client_credentials"}"#).status, 400);
}
