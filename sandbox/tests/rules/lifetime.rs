//! The whole life of a storefront, in each spelling of the login's answers.

use crate::checkout::checkout;
use crate::shop::Shop;
use sandbox::Request;
use serde_json::{Value, json};

#[test]
fn a_storefront_lives_in_every_spelling() {
    for style in ["both", "snake", "camel"] {
        for form in ["saasag:caasproduct", "hybris:product"] {
            live(style, form);
        }
    }
}

/// What a client of that age reads.
fn read(style: &str, body: &Value, snake: &str, camel: &str) -> String {
    let names = match style {
        "snake" => vec![snake],
        "camel" => vec![camel],
        _ => vec![snake, camel],
    };
    let texts: Vec<&str> = names
        .into_iter()
        .map(|name| {
            body[name]
                .as_str()
                .unwrap_or_else(|| panic!("{style}: {name} in {body}"))
        })
        .collect();
    assert!(texts.iter().all(|text| *text == texts[0]));
    texts[0].to_owned()
}

fn live(style: &str, form: &str) {
    let mut shop = Shop::with(json!({ "fieldStyle": style }));
    let parameters =
        "hybris-tenant=acme&client_id=storefront&siteCode=main&currency=EUR&targetLocation=DE";
    let target = format!("/customerlogin/auth/anonymous/login?{parameters}");
    let guest = shop.platform.handle(&Request::get(target)).json();
    let session = guest["sessionId"].clone();
    let guest = guest["access_token"].as_str().expect("a token").to_owned();

    let prices = |shop: &mut Shop, bearer: &str| {
        let items = json!({ "items": [{ "itemId": { "itemType": "PRODUCT", "id": "oak-stool" }, "quantity": { "quantity": 1, "unitCode": "pc" } }] });
        shop.post("/price/acme/match-prices-by-context", bearer, items)
            .json()[0]
            .clone()
    };
    let cart = |shop: &mut Shop, bearer: &str, more: &str| {
        let target = format!("/cart/acme/carts?siteCode=default&create=true{more}");
        shop.get(&target, bearer).json()["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let price = prices(&mut shop, &guest);
    let guests_cart = cart(&mut shop, &guest, "");
    let item = json!({
        "itemYrn": format!("urn:yaas:{form}:product:acme;oak-stool"),
        "price": {
            "priceId": price["priceId"], "originalAmount": price["originalValue"], "effectiveAmount": price["effectiveValue"],
            "currency": price["currency"],
        },
        "quantity": 2,
    });
    let added = shop.post(
        &format!("/cart/acme/carts/{guests_cart}/items"),
        &guest,
        item,
    );
    assert_eq!(added.status, 201, "{}", added.body);

    let login = shop
        .try_login(&guest, "buyer@example.com", "sandbox-pass")
        .json();
    let buyer = read(style, &login, "access_token", "accessToken");
    let refresh = read(style, &login, "refresh_token", "refreshToken");
    let saas = read(style, &login, "saas_token", "saasToken");
    let switched = shop.try_refresh(&guest, &refresh, Some("le-north")).json();
    let north = read(style, &switched, "access_token", "accessToken");
    assert_eq!(shop.validate(&north).json()["sessionId"], session);

    let own = cart(&mut shop, &north, "&legalEntityId=le-north");
    let merged = shop.post(
        &format!("/cart/acme/carts/{own}/merge"),
        &north,
        json!({ "carts": [guests_cart] }),
    );
    assert_eq!(merged.status, 200, "{}", merged.body);
    assert_eq!(prices(&mut shop, &north)["effectiveValue"], 80.1);
    assert_eq!(prices(&mut shop, &buyer)["effectiveValue"], 89.0);
    let read_cart = shop.get(&format!("/cart/acme/carts/{own}"), &north).json();
    assert_eq!(read_cart["totalPrice"]["amount"], 160.2);

    let number = shop.get("/customer/acme/me", &north).json()["customerNumber"].clone();
    let request = Request::post(
        "/checkout/acme/checkouts/order",
        &checkout(&own, json!({ "id": number })),
    )
    .bearer(&north)
    .header("saas-token", &saas);
    let ordered = shop.platform.handle(&request);
    assert_eq!(ordered.status, 200, "{}", ordered.body);
    let id = ordered.json()["orderId"].clone();
    let order = shop
        .get(
            &format!("/order-v2/acme/orders/{}", id.as_str().expect("an id")),
            &north,
        )
        .json();
    assert_eq!(order["calculatedPrice"]["finalPrice"]["grossValue"], 170.2);
    assert_eq!(
        (&order["legalEntityId"], &order["entries"][0]["amount"]),
        (&json!("le-north"), &json!(2))
    );
    assert_eq!(
        order["entries"][0]["itemYrn"],
        format!("urn:yaas:{form}:product:acme;oak-stool")
    );
}
