//! Carts: uniqueness, visibility, items.

use crate::shop::Shop;
use sandbox::{Answer, Request};
use serde_json::{Value, json};

pub(crate) const MUG: &str = "urn:yaas:saasag:caasproduct:product:acme;harbour-mug";

pub(crate) fn current(shop: &mut Shop, bearer: &str, more: &str) -> String {
    let answer = shop.get(
        &format!("/cart/acme/carts?siteCode=main&create=true{more}"),
        bearer,
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

pub(crate) fn add(
    shop: &mut Shop,
    bearer: &str,
    cart: &str,
    product: &str,
    quantity: u32,
) -> Answer {
    let body = json!({
        "itemYrn": format!("urn:yaas:saasag:caasproduct:product:acme;{product}"),
        "price": { "priceId": format!("price-{product}"), "originalAmount": 1, "effectiveAmount": 1, "currency": "EUR" },
        "quantity": quantity,
    });
    shop.post(
        &format!("/cart/acme/carts/{cart}/items?siteCode=main"),
        bearer,
        body,
    )
}

pub(crate) fn quantities(shop: &mut Shop, bearer: &str, cart: &str) -> Vec<(String, f64)> {
    let items = shop
        .get(&format!("/cart/acme/carts/{cart}/items"), bearer)
        .json();
    let line = |item: &Value| {
        let product = item["product"]["id"]
            .as_str()
            .expect("a product")
            .to_owned();
        (product, item["quantity"].as_f64().expect("a quantity"))
    };
    items.as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn a_cart_is_created_once() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let body = json!({ "siteCode": "main", "currency": "EUR" });
    let answer = shop.post("/cart/acme/carts", &guest.access, body.clone());
    assert_eq!(
        (answer.status, answer.header_value("version")),
        (201, Some("1"))
    );
    let created = answer.json();
    let id = created["cartId"].as_str().expect("an id");
    assert!(created["yrn"].is_string());
    assert_eq!(
        answer.header_value("location"),
        Some(format!("/cart/acme/carts/{id}").as_str())
    );
    assert_eq!(
        shop.post("/cart/acme/carts", &guest.access, body).status,
        409
    );
    assert_eq!(current(&mut shop, &guest.access, ""), id);

    let cart = shop
        .get(&format!("/cart/acme/carts/{id}"), &guest.access)
        .json();
    assert_eq!(
        (&cart["sessionId"], &cart["siteCode"], &cart["currency"]),
        (&json!(guest.session), &json!("main"), &json!("EUR"))
    );
    assert_eq!(
        (&cart["items"], &cart["totalPrice"]["amount"]),
        (&json!([]), &json!(0.0))
    );
    assert!(cart.get("customerId").is_none());
}

#[test]
fn a_cart_must_be_well_formed() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for body in [
        json!({ "siteCode": "main" }),
        json!({ "siteCode": "main", "currency": "CHF" }),
        json!({ "siteCode": "elsewhere", "currency": "EUR" }),
        json!({ "siteCode": 1, "currency": "EUR" }),
        json!([]),
    ] {
        assert_eq!(
            shop.post("/cart/acme/carts", &guest.access, body.clone())
                .status,
            400,
            "{body}"
        );
    }
    assert_eq!(shop.get("/cart/acme/carts", &guest.access).status, 400);
    assert_eq!(
        shop.get("/cart/acme/carts?siteCode=main", &guest.access)
            .status,
        404
    );
}

#[test]
fn there_is_one_for_each_site_type_and_company() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let mut ids = vec![
        current(&mut shop, &buyer.access, ""),
        current(&mut shop, &buyer.access, "&type=wishlist"),
        current(&mut shop, &buyer.access, "&legalEntityId=le-north"),
        current(&mut shop, &buyer.access, "&legalEntityId=le-south"),
    ];
    let outlet = shop
        .get(
            "/cart/acme/carts?siteCode=outlet&create=true",
            &buyer.access,
        )
        .json();
    ids.push(outlet["id"].as_str().expect("an id").to_owned());
    assert_eq!(
        current(&mut shop, &buyer.access, "&legalEntityId=le-north"),
        ids[2]
    );
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn a_cart_for_a_company_of_others_is_forbidden() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let single = shop.login(&guest, "single@example.com");
    let target = "/cart/acme/carts?siteCode=main&create=true&legalEntityId=le-south";
    assert_eq!(shop.get(target, &single.access).status, 403);
    assert_eq!(shop.get(target, &guest.access).status, 400);
}

#[test]
fn who_sees_which_cart() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let guest_cart = current(&mut shop, &guest.access, "");
    let buyer = shop.login(&guest, "buyer@example.com");
    let buyer_cart = current(&mut shop, &buyer.access, "");
    assert_ne!(buyer_cart, guest_cart);
    let stranger = shop.guest();
    let other = shop.login(&stranger, "single@example.com");
    for (cart, bearer, status) in [
        (&guest_cart, &guest.access, 200),
        (&guest_cart, &buyer.access, 200),
        (&guest_cart, &stranger.access, 404),
        (&guest_cart, &other.access, 404),
        (&buyer_cart, &buyer.access, 200),
        (&buyer_cart, &guest.access, 403),
        (&buyer_cart, &other.access, 404),
    ] {
        assert_eq!(
            shop.get(&format!("/cart/acme/carts/{cart}"), bearer).status,
            status
        );
    }
    let by_session = |session: &str| format!("/cart/acme/carts?siteCode=main&sessionId={session}");
    assert_eq!(
        shop.get(&by_session(&guest.session), &buyer.access).json()["id"],
        guest_cart
    );
    assert_eq!(
        shop.get(&by_session(&guest.session), &stranger.access)
            .status,
        404
    );
    assert_eq!(
        shop.get(
            "/cart/acme/carts?siteCode=main&customerId=13869001",
            &guest.access
        )
        .status,
        403
    );
    assert_eq!(
        shop.get(
            "/cart/acme/carts?siteCode=main&customerId=13869001",
            &other.access
        )
        .status,
        403
    );
}

#[test]
fn the_cart_survives_renewal_and_login() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = current(&mut shop, &guest.access, "");
    let guest = shop.guest_refresh(&guest.refresh);
    assert_eq!(current(&mut shop, &guest.access, ""), cart);
}

#[test]
fn the_backend_sees_every_cart() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = current(&mut shop, &guest.access, "");
    let request = Request {
        body: "grant_type=client_credentials&client_id=backend&client_secret=backend-secret"
            .to_owned(),
        ..Request::new("POST", "/oauth/token")
    };
    let backend = shop.platform.handle(&request).json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(
        shop.get(&format!("/cart/acme/carts/{cart}"), &backend)
            .status,
        200
    );
    assert_eq!(
        shop.get("/cart/acme/carts?siteCode=main&create=true", &backend)
            .status,
        400
    );
    assert_eq!(
        current(
            &mut shop,
            &backend,
            &format!("&sessionId={}", guest.session)
        ),
        cart
    );
}

#[test]
fn a_saas_token_beside_a_customers_bearer_meets_an_index() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let mut create = |bearer: &str| {
        let body = json!({ "siteCode": "main", "currency": "EUR" });
        let request = Request::post("/cart/acme/carts", &body).bearer(bearer);
        let request = request.header("saas-token", "any");
        shop.platform.handle(&request).status
    };
    assert_eq!(create(&buyer.access), 409);
    assert_eq!(create(&guest.access), 201);
    assert!(
        shop.platform
            .state()
            .carts
            .iter()
            .all(|cart| cart.customer_number.is_none())
    );
}
