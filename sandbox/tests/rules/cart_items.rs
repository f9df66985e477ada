//! What is in a cart: how it comes, changes and goes, and what it costs.

use crate::carts::{MUG, add, current, quantities};
use crate::shop::Shop;
use sandbox::Request;
use serde_json::{Value, json};

#[test]
fn items_come_change_and_go() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = current(&mut shop, &guest.access, "");
    let added = add(&mut shop, &guest.access, &cart, "harbour-mug", 2);
    assert_eq!((added.status, &added.json()["yrn"]), (201, &json!(MUG)));
    let item = added.json()["itemId"].as_str().expect("an id").to_owned();
    assert_eq!(
        add(&mut shop, &guest.access, &cart, "harbour-mug", 1).json()["itemId"],
        item
    );
    add(&mut shop, &guest.access, &cart, "wool-throw", 1);
    assert_eq!(
        quantities(&mut shop, &guest.access, &cart),
        [
            ("harbour-mug".to_owned(), 3.0),
            ("wool-throw".to_owned(), 1.0)
        ]
    );

    let item_path = format!("/cart/acme/carts/{cart}/items/{item}");
    let change = |quantity: Value| {
        Request::new("PUT", format!("{item_path}?partial=true"))
            .json(&json!({ "quantity": quantity }))
            .bearer(&guest.access)
    };
    assert_eq!(shop.platform.handle(&change(json!(5))).status, 204);
    assert_eq!(shop.platform.handle(&change(json!(-1))).status, 400);
    let view = shop
        .get(&format!("/cart/acme/carts/{cart}"), &guest.access)
        .json();
    assert_eq!(view["totalPrice"]["amount"], 193.5);
    assert_eq!(view["totalUnitsCount"], 6.0);
    assert_eq!(view["items"][0]["itemPrice"]["amount"], 74.5);

    let remove = Request::new("DELETE", item_path.as_str()).bearer(&guest.access);
    assert_eq!(shop.platform.handle(&remove).status, 204);
    assert_eq!(shop.platform.handle(&remove).status, 404);
    assert_eq!(quantities(&mut shop, &guest.access, &cart).len(), 1);
}

#[test]
fn a_line_can_stay_separate() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = current(&mut shop, &guest.access, "");
    let target = format!("/cart/acme/carts/{cart}/items?siteCode=main");
    let body = json!({
        "itemYrn": MUG, "quantity": 1, "price": { "priceId": "price-harbour-mug" }, "keepAsSeparateLineItem": true,
    });
    for _ in 0..2 {
        assert_eq!(shop.post(&target, &guest.access, body.clone()).status, 201);
    }
    assert_eq!(quantities(&mut shop, &guest.access, &cart).len(), 2);
}

#[test]
fn an_item_must_be_well_formed() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = current(&mut shop, &guest.access, "");
    let target = format!("/cart/acme/carts/{cart}/items?siteCode=main");
    let price = json!({ "priceId": "price-harbour-mug" });
    for body in [
        json!({ "quantity": 1, "price": price }),
        json!({ "itemYrn": "urn:nothing", "quantity": 1, "price": price }),
        json!({ "itemYrn": MUG, "price": price }),
        json!({ "itemYrn": MUG, "quantity": 1 }),
        json!({ "itemYrn": MUG, "quantity": "one", "price": price }),
        json!({ "itemYrn": MUG, "quantity": 1, "price": { "priceId": "price-wool-throw" } }),
    ] {
        assert_eq!(
            shop.post(&target, &guest.access, body.clone()).status,
            400,
            "{body}"
        );
    }
}

#[test]
fn a_cart_shows_its_companys_prices() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let cart = current(&mut shop, &buyer.access, "&legalEntityId=le-north");
    add(&mut shop, &buyer.access, &cart, "harbour-mug", 2);
    let view = shop
        .get(&format!("/cart/acme/carts/{cart}"), &buyer.access)
        .json();
    assert_eq!(view["legalEntityId"], "le-north");
    assert_eq!(view["customerId"], "13869001");
    assert_eq!(view["calculatedPrice"]["finalPrice"]["grossValue"], 26.82);
}
