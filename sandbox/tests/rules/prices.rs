//! Prices by session context and company.

use crate::shop::{Pair, Shop, pair};
use sandbox::Request;
use serde_json::{Value, json};

fn prices(shop: &mut Shop, bearer: &str) -> Value {
    let items = json!([
        { "itemId": { "itemType": "PRODUCT", "id": "harbour-mug" }, "quantity": { "quantity": 2, "unitCode": "pc" } },
        { "itemId": { "itemType": "PRODUCT", "id": "unknown" } },
    ]);
    let target = "/price/acme/match-prices-by-context";
    let answer = shop.post(target, bearer, json!({ "items": items }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn guest_with(shop: &mut Shop, parameters: &str) -> Pair {
    let target = format!(
        "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront&{parameters}"
    );
    pair(&shop.platform.handle(&Request::get(target)))
}

#[test]
fn without_site_and_currency_nothing_matches() {
    let mut shop = Shop::open();
    for parameters in [
        "",
        "siteCode=main",
        "currency=EUR",
        "siteCode=nowhere&currency=EUR",
        "siteCode=main&currency=USD",
    ] {
        let guest = guest_with(&mut shop, parameters);
        assert_eq!(prices(&mut shop, &guest.access), json!([]), "{parameters}");
    }
    let guest = guest_with(&mut shop, "siteCode=main&currency=EUR");
    let matched = prices(&mut shop, &guest.access);
    assert_eq!(matched.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (
            &matched[0]["itemRef"]["id"],
            &matched[0]["effectiveValue"],
            &matched[0]["totalValue"]
        ),
        (&json!("harbour-mug"), &json!(14.9), &json!(29.8))
    );
}

#[test]
fn a_context_that_is_not_there_matches_nothing() {
    let mut shop = Shop::with(json!({ "contextDocument": "at-cart" }));
    let guest = guest_with(&mut shop, "siteCode=main&currency=EUR");
    assert_eq!(prices(&mut shop, &guest.access), json!([]));
    shop.get("/cart/acme/carts?siteCode=main&create=true", &guest.access);
    assert_ne!(prices(&mut shop, &guest.access), json!([]));
}

#[test]
fn a_company_pays_less() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    assert_eq!(prices(&mut shop, &buyer.access)[0]["effectiveValue"], 14.9);
    let north = shop.refresh(&guest.access, &buyer.refresh, Some("le-north"));
    let matched = prices(&mut shop, &north.access);
    assert_eq!(
        (&matched[0]["originalValue"], &matched[0]["effectiveValue"]),
        (&json!(14.9), &json!(13.41))
    );
}

#[test]
fn items_are_checked() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for body in [
        json!({}),
        json!({ "items": [{}] }),
        json!({ "items": [{ "itemId": { "id": "harbour-mug" }, "quantity": { "quantity": 0 } }] }),
    ] {
        let target = "/price/acme/match-prices-by-context";
        assert_eq!(shop.post(target, &guest.access, body).status, 400);
    }
}
