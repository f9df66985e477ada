//! Several items at once, and coupons.

use crate::shop::Shop;
use serde_json::{Value, json};

fn cart(shop: &mut Shop, bearer: &str) -> String {
    let answer = shop.get("/cart/acme/carts?siteCode=main&create=true", bearer);
    format!(
        "/cart/acme/carts/{}",
        answer.json()["id"].as_str().expect("an id")
    )
}

fn item(product: &str, quantity: Value) -> Value {
    json!({
        "itemYrn": format!("urn:yaas:saasag:caasproduct:product:acme;{product}"),
        "price": { "priceId": format!("price-{product}"), "originalAmount": 1, "effectiveAmount": 1, "currency": "EUR" },
        "quantity": quantity,
    })
}

#[test]
fn a_batch_tells_of_each_item() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let cart = cart(&mut shop, &guest);
    let batch = format!("{cart}/itemsBatch");
    let items = json!([
        item("harbour-mug", json!(2)),
        item("nothing", json!(1)),
        item("tea-tin", json!("one")),
        item("tea-tin", json!(1)),
        7
    ]);
    let added = shop.post(&batch, &guest, items);
    let body = added.json();
    let statuses: Vec<_> = body
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(
        (added.status, statuses),
        (
            200,
            vec![json!(201), json!(400), json!(400), json!(201), json!(400)]
        )
    );
    assert_eq!(
        body[1]["errorMessage"],
        "There is no product urn:yaas:saasag:caasproduct:product:acme;nothing"
    );
    assert_eq!(
        (
            &body[3]["index"],
            &body[3]["id"],
            &body[3]["headers"]["location"]
        ),
        (&json!(3), &json!("1"), &json!(format!("{cart}/items/1")))
    );
    let changed = shop.send("PUT", &batch, &guest, json!([
        { "id": "0", "quantity": 5 }, { "id": "1", "quantity": -1 }, { "id": "9", "quantity": 1 }, { "quantity": 1 }
    ]));
    let body = changed.json();
    let codes: Vec<_> = body
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["code"].clone())
        .collect();
    assert_eq!(
        (changed.status, codes),
        (207, vec![json!(204), json!(400), json!(404), json!(400)])
    );
    let read = shop.get(&format!("{cart}/items"), &guest).json();
    assert_eq!(
        (&read[0]["quantity"], &read[1]["quantity"]),
        (&json!(5.0), &json!(1.0))
    );

    for (method, most) in [("POST", 200), ("PUT", 50)] {
        let many: Vec<Value> = (0..=most).map(|_| item("tea-tin", json!(1))).collect();
        for body in [json!(many), json!({}), json!("x")] {
            assert_eq!(shop.send(method, &batch, &guest, body).status, 400);
        }
    }
    let stranger = shop.guest().access;
    assert_eq!(shop.post(&batch, &stranger, json!([])).status, 404);
}

#[test]
fn a_coupon_is_taken_once() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let cart = cart(&mut shop, &buyer.access);
    shop.post(
        &format!("{cart}/itemsBatch"),
        &buyer.access,
        json!([item("harbour-mug", json!(2))]),
    );
    let discounts = format!("{cart}/discounts");
    let code = json!({ "code": "WELCOME10" });
    let applied = shop.post(&discounts, &buyer.access, code.clone());
    assert_eq!(
        (applied.status, &applied.json()["discountIndex"]),
        (201, &json!(0))
    );
    assert_eq!(
        applied.header_value("location"),
        Some(format!("{discounts}/0").as_str())
    );
    let read = shop.get(&cart, &buyer.access).json();
    assert_eq!(
        (
            &read["subTotalPrice"]["amount"],
            &read["totalPrice"]["amount"],
            &read["totalDiscount"]["amount"]
        ),
        (&json!(29.8), &json!(26.82), &json!(2.98))
    );
    assert_eq!(read["calculatedPrice"]["finalPrice"]["grossValue"], 26.82);
    assert_eq!(
        read["calculatedPrice"]["totalDiscount"]["appliedDiscounts"][0]["value"],
        10
    );
    assert_eq!(
        read["discounts"],
        shop.get(&discounts, &buyer.access).json()
    );

    let twice = shop.post(&discounts, &buyer.access, code.clone());
    assert_eq!(
        (twice.status, &twice.json()["message"]),
        (
            409,
            &json!("Another discount already exists in cart. Discount code found: WELCOME10")
        )
    );
    for (body, status) in [
        (json!({ "code": "welcome10" }), 404),
        (json!({ "code": "" }), 400),
        (json!({}), 400),
        (json!({ "code": 1 }), 400),
        (json!({ "code": "WELCOME10", "currency": "USD" }), 400),
    ] {
        assert_eq!(shop.post(&discounts, &buyer.access, body).status, status);
    }
    for (target, status) in [
        (format!("{discounts}/1"), 404),
        (format!("{discounts}/x"), 404),
        (format!("{discounts}/0"), 204),
        (format!("{discounts}/0"), 404),
    ] {
        assert_eq!(
            shop.delete(&target, &buyer.access).status,
            status,
            "{target}"
        );
    }
    for (query, left) in [("?codes=OTHER", 1), ("?codes=OTHER,WELCOME10", 0), ("", 0)] {
        shop.post(&discounts, &buyer.access, code.clone());
        assert_eq!(
            shop.delete(&format!("{discounts}{query}"), &buyer.access)
                .status,
            204
        );
        let kept = shop.get(&discounts, &buyer.access).json();
        assert_eq!(kept.as_array().map(Vec::len), Some(left));
    }
    assert_eq!(shop.get(&discounts, &guest.access).status, 403);
}
