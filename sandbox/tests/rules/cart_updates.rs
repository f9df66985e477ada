//! What can be done with a cart as a whole, and with one item of it.

use crate::shop::Shop;
use sandbox::Answer;
use serde_json::{Value, json};

/// A cart on the main site with two mugs and a kettle.
fn filled(shop: &mut Shop, bearer: &str) -> String {
    let answer = shop.get("/cart/acme/carts?siteCode=main&create=true", bearer);
    let cart = answer.json()["id"].as_str().expect("an id").to_owned();
    for (product, quantity) in [("harbour-mug", 2), ("copper-kettle", 1)] {
        let body = json!({
            "itemYrn": format!("urn:yaas:saasag:caasproduct:product:acme;{product}"),
            "price": { "priceId": format!("price-{product}"), "originalAmount": 1, "effectiveAmount": 1, "currency": "EUR" },
            "quantity": quantity,
        });
        let target = format!("/cart/acme/carts/{cart}/items?siteCode=main");
        assert_eq!(shop.post(&target, bearer, body).status, 201);
    }
    cart
}

fn put(shop: &mut Shop, bearer: &str, cart: &str, body: Value) -> Answer {
    shop.send("PUT", &format!("/cart/acme/carts/{cart}"), bearer, body)
}

fn read(shop: &mut Shop, bearer: &str, cart: &str) -> Value {
    let answer = shop.get(&format!("/cart/acme/carts/{cart}"), bearer);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[test]
fn one_item_can_be_read_and_all_removed() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = filled(&mut shop, &guest.access);
    let items = format!("/cart/acme/carts/{cart}/items");
    let item = shop.get(&format!("{items}/1"), &guest.access).json();
    assert_eq!(
        (&item["product"]["id"], &item["quantity"]),
        (&json!("copper-kettle"), &json!(1.0))
    );
    assert_eq!(shop.get(&format!("{items}/7"), &guest.access).status, 404);
    assert_eq!(shop.delete(&items, &guest.access).status, 204);
    assert_eq!(shop.get(&items, &guest.access).json(), json!([]));
}

#[test]
fn a_cart_is_updated() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let cart = filled(&mut shop, &buyer.access);
    let version = read(&mut shop, &buyer.access, &cart)["metadata"]["version"].clone();
    let change = json!({
        "currency": "EUR", "type": "wishlist", "legalEntityId": "le-south", "zipCode": "20457", "countryCode": "DE",
        "channel": { "name": "storefront" }, "metadata": { "version": version },
        "addresses": [{ "type": "SHIPPING", "city": "Kiel" }, { "type": "OTHER" }],
    });
    assert_eq!(
        put(&mut shop, &buyer.access, &cart, change.clone()).status,
        204
    );
    let view = read(&mut shop, &buyer.access, &cart);
    assert_eq!(
        (&view["type"], &view["legalEntityId"], &view["zipCode"]),
        (&json!("wishlist"), &json!("le-south"), &json!("20457"))
    );
    assert_eq!(
        view["addresses"],
        json!([{ "type": "SHIPPING", "city": "Kiel", "origin": "REQUEST" }])
    );
    assert_eq!(
        put(&mut shop, &buyer.access, &cart, change).status,
        409,
        "a stale version"
    );
    assert_eq!(put(&mut shop, &buyer.access, &cart, json!({})).status, 204);
    assert_eq!(
        read(&mut shop, &buyer.access, &cart)["addresses"],
        view["addresses"]
    );

    let other = filled(&mut shop, &buyer.access);
    assert_ne!(other, cart);
    let same = json!({ "type": "wishlist", "legalEntityId": "le-south" });
    assert_eq!(
        put(&mut shop, &buyer.access, &other, same).status,
        409,
        "the same criteria"
    );
    for (body, status) in [
        (json!({ "currency": "CHF" }), 400),
        (json!({ "status": "LOST" }), 400),
        (json!({ "addresses": "here" }), 400),
        (json!({ "customerId": "13869002" }), 403),
        (json!({ "legalEntityId": "le-west" }), 403),
    ] {
        assert_eq!(put(&mut shop, &buyer.access, &other, body).status, status);
    }
}

#[test]
fn a_guests_cart_has_no_company() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = filled(&mut shop, &guest.access);
    for (body, status) in [
        (json!({ "legalEntityId": "le-north" }), 400),
        (json!({ "customerId": "13869001" }), 403),
    ] {
        assert_eq!(put(&mut shop, &guest.access, &cart, body).status, status);
    }
}

#[test]
fn a_cart_can_be_closed_and_deleted() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let closed = filled(&mut shop, &guest.access);
    let close = json!({ "status": "CLOSED" });
    assert_eq!(put(&mut shop, &guest.access, &closed, close).status, 204);
    let deleted = filled(&mut shop, &guest.access);
    let target = format!("/cart/acme/carts/{deleted}");
    assert_eq!(shop.delete(&target, &guest.access).status, 204);
    for cart in [closed, deleted] {
        let target = format!("/cart/acme/carts/{cart}");
        assert_eq!(shop.get(&target, &guest.access).status, 404);
        assert_eq!(shop.delete(&target, &guest.access).status, 404);
    }
    let context = shop.get("/session-context/acme/me/context", &guest.access);
    assert!(context.json().get("cartId").is_none());
    let states: Vec<_> = shop.platform.state().carts;
    assert_eq!(
        states.iter().map(|cart| cart.status).collect::<Vec<_>>(),
        ["CLOSED"]
    );
}

#[test]
fn a_cart_moves_to_another_site() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = filled(&mut shop, &guest.access);
    let target = format!("/cart/acme/carts/{cart}/changeSite");
    let to = |shop: &mut Shop, body: Value| shop.post(&target, &guest.access, body).status;
    assert_eq!(to(&mut shop, json!({})), 400);
    assert_eq!(to(&mut shop, json!({ "siteCode": "nowhere" })), 400);
    assert_eq!(to(&mut shop, json!({ "siteCode": "outlet" })), 200);
    let found = shop.get("/cart/acme/carts?siteCode=outlet", &guest.access);
    assert_eq!(found.json()["id"], cart);
    filled(&mut shop, &guest.access);
    assert_eq!(to(&mut shop, json!({ "siteCode": "main" })), 409);
}

#[test]
fn a_cart_is_refreshed_and_validated() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let cart = filled(&mut shop, &buyer.access);
    let target = |what: &str| format!("/cart/acme/carts/{cart}/{what}");
    let refreshed = shop.send("PUT", &target("refresh"), &buyer.access, json!(null));
    assert_eq!((refreshed.status, refreshed.body.as_str()), (204, ""));
    let valid = shop.get(&target("validate"), &buyer.access);
    assert_eq!(valid.json(), json!({ "isValid": true }));
    for (currency, status) in [("EUR", 200), ("USD", 200), ("CHF", 400)] {
        let body = json!({ "currency": currency });
        let answer = shop.post(&target("changeCurrency"), &buyer.access, body);
        assert_eq!(answer.status, status);
    }
    assert_eq!(shop.get(&target("validate"), &guest.access).status, 403);
}

#[test]
fn a_search_finds_what_is_the_callers_own() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let guests = filled(&mut shop, &guest.access);
    let buyers = filled(&mut shop, &buyer.access);
    let search = |shop: &mut Shop, bearer: &str, query: &str| {
        let answer = shop.post("/cart/acme/carts/search", bearer, json!({ "q": query }));
        let ids = answer.json();
        let ids = ids.as_array().into_iter().flatten();
        let ids: Vec<String> = ids
            .map(|cart| cart["id"].as_str().expect("an id").to_owned())
            .collect();
        (answer.status, ids)
    };
    let open = "status:OPEN siteCode:main";
    assert_eq!(
        search(&mut shop, &guest.access, open),
        (200, vec![guests.clone()])
    );
    assert_eq!(
        search(&mut shop, &buyer.access, open),
        (200, vec![buyers.clone()])
    );
    assert_eq!(search(&mut shop, &buyer.access, "status:CLOSED").1.len(), 0);
    let backend = shop.backend();
    assert_eq!(search(&mut shop, &backend, "").1.len(), 2);
    assert_eq!(search(&mut shop, &buyer.access, "colour:blue").0, 400);
}
