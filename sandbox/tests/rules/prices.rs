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
        "siteCode=main&currency=CHF",
    ] {
        let guest = guest_with(&mut shop, parameters);
        assert_eq!(prices(&mut shop, &guest.access), json!([]), "{parameters}");
    }
    let guest = guest_with(&mut shop, "siteCode=main&currency=EUR");
    let matched = prices(&mut shop, &guest.access);
    assert_eq!(matched.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (
            &matched[0]["itemId"]["id"],
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

#[test]
fn a_match_is_as_the_official_example() {
    let mut shop = Shop::open();
    let guest = guest_with(&mut shop, "siteCode=main&currency=EUR&targetLocation=AT");
    let matched = &prices(&mut shop, &guest.access)[0];
    let item = json!({ "itemType": "PRODUCT", "id": "harbour-mug", "name": { "en": "Harbour Mug", "de": "Hafenbecher" } });
    assert_eq!(matched["itemId"], item);
    assert_eq!(matched["site"], json!({ "code": "main" }));
    assert_eq!(matched["location"], json!({ "countryCode": "AT" }));
    let price = |gross: f64, net: f64, tax: f64| json!({ "grossValue": gross, "netValue": net, "taxValue": tax });
    let taxed = json!({
        "originalValue": price(14.9, 12.52, 2.38),
        "effectiveValue": price(14.9, 12.52, 2.38),
        "totalValue": price(29.8, 25.04, 4.76),
    });
    assert_eq!(
        (&matched["tax"]["prices"], &matched["tax"]["taxRate"]),
        (&taxed, &json!(19))
    );
    assert_eq!(matched["tierValues"][0]["priceValue"], 14.9);
    assert_eq!(
        matched["quantity"],
        json!({ "quantity": 2.0, "unitCode": "pc" })
    );
    assert!(matched.get("itemRef").is_none() && matched.get("siteCode").is_none());
}

#[test]
fn another_context_means_another_price() {
    let mut shop = Shop::open();
    let guest = guest_with(&mut shop, "siteCode=main&currency=EUR");
    let version = shop
        .get("/session-context/acme/me/context", &guest.access)
        .json()["metadata"]["version"]
        .clone();
    let change = json!({ "currency": "USD", "metadata": { "version": version } });
    let target = "/session-context/acme/me/context";
    assert_eq!(
        shop.send("PATCH", target, &guest.access, change).status,
        204
    );
    let matched = prices(&mut shop, &guest.access);
    assert_eq!(
        (
            &matched[0]["currency"],
            &matched[0]["effectiveValue"],
            &matched[0]["priceId"]
        ),
        (&json!("USD"), &json!(16.5), &json!("price-harbour-mug-usd"))
    );
    let cart = shop
        .get("/cart/acme/carts?siteCode=main&create=true", &guest.access)
        .json();
    assert_eq!(cart["currency"], "USD");
    let items = format!(
        "/cart/acme/carts/{}/items",
        cart["id"].as_str().expect("an id")
    );
    let item = |price: &str| {
        json!({
            "itemYrn": "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
            "price": { "priceId": price },
            "quantity": 2,
        })
    };
    assert_eq!(
        shop.post(&items, &guest.access, item("price-harbour-mug"))
            .status,
        400
    );
    assert_eq!(
        shop.post(&items, &guest.access, item("price-harbour-mug-usd"))
            .status,
        201
    );
    let id = cart["id"].as_str().expect("an id");
    let read = |shop: &mut Shop| {
        shop.get(&format!("/cart/acme/carts/{id}"), &guest.access)
            .json()
    };
    assert_eq!(
        read(&mut shop)["totalPrice"],
        json!({ "amount": 33.0, "currency": "USD" })
    );
    let target = format!("/cart/acme/carts/{id}/changeCurrency");
    assert_eq!(
        shop.post(&target, &guest.access, json!({ "currency": "EUR" }))
            .status,
        200
    );
    assert_eq!(
        read(&mut shop)["totalPrice"],
        json!({ "amount": 29.8, "currency": "EUR" })
    );
    assert_eq!(
        shop.post(&target, &guest.access, json!({ "currency": "CHF" }))
            .status,
        400
    );
}
