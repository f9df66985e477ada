//! Whatever number a request holds, there is an answer, and the platform goes on.

use crate::shop::Shop;
use sandbox::{Answer, Request};
use serde_json::{Value, json};

/// Numbers at which arithmetic breaks, and some that are none.
fn numbers() -> Vec<Value> {
    let text = r#"[0, -1, 0.5, 1e-308, 8e12, 9007199254740993, 9223372036854775807, 9223372036854775808,
        18446744073709551615, -9223372036854775808, 1e17, 1e19, 1e300, 1.7976931348623157e308, -1e308]"#;
    let mut numbers: Vec<Value> = serde_json::from_str(text).expect("numbers");
    numbers.extend([json!("1"), json!(true), json!([1]), json!({})]);
    numbers
}

fn check(answer: &Answer) {
    assert!((200..500).contains(&answer.status), "{}", answer.body);
    if !answer.body.is_empty() {
        serde_json::from_str::<Value>(&answer.body).expect("JSON");
    }
}

#[test]
fn any_quantity_can_be_read_back() {
    for quantity in numbers() {
        let mut shop = Shop::open();
        let guest = shop.guest().access;
        let id = shop
            .get("/cart/acme/carts?siteCode=main&create=true", &guest)
            .json()["id"]
            .clone();
        let cart = format!("/cart/acme/carts/{}", id.as_str().expect("an id"));
        let item = json!({
            "itemYrn": "urn:yaas:saasag:caasproduct:product:acme;wool-throw",
            "price": { "priceId": "price-wool-throw", "originalAmount": quantity, "effectiveAmount": quantity, "currency": "EUR" },
            "quantity": quantity,
        });
        let items = format!("{cart}/items");
        for _ in 0..3 {
            check(&shop.post(&format!("{items}?siteCode=main"), &guest, item.clone()));
        }
        let one = json!({ "itemYrn": item["itemYrn"], "price": item["price"], "quantity": 1 });
        check(&shop.post(&format!("{items}?siteCode=main"), &guest, one));
        check(&shop.send(
            "PUT",
            &format!("{items}/0"),
            &guest,
            json!({ "quantity": quantity }),
        ));
        let read = shop.get(&cart, &guest);
        check(&read);
        let (total, units) = (
            &read.json()["totalPrice"]["amount"],
            &read.json()["totalUnitsCount"],
        );
        assert!(total.is_number() && units.is_number(), "{}", read.body);
        check(&shop.get(&items, &guest));
        check(&shop.get(&format!("{cart}/validate"), &guest));
        check(&shop.post(
            "/cart/acme/carts/search",
            &guest,
            json!({ "q": "status:OPEN" }),
        ));
        let order = json!({ "cartId": id, "customer": { "guest": true } });
        check(&shop.post("/checkout/acme/checkouts/order", &guest, order));
        let prices = json!({ "items": [
            { "itemId": { "itemType": "PRODUCT", "id": "wool-throw" }, "quantity": { "quantity": quantity, "unitCode": "pc" } },
        ] });
        check(&shop.post("/price/acme/match-prices-by-context", &guest, prices));
        shop.platform.state();
    }
}

#[test]
fn any_version_and_page_is_answered() {
    for number in numbers() {
        let mut shop = Shop::open();
        let (_, buyer) = shop.buyer();
        let stale = json!({ "metadata": { "version": number } });
        for (method, target) in [
            ("PATCH", "/customer/acme/me"),
            ("PATCH", "/session-context/acme/me/context"),
        ] {
            check(&shop.send(method, target, &buyer.access, stale.clone()));
        }
        for target in [
            "/product/acme/products",
            "/site/acme/sites",
            "/order-v2/acme/orders",
            "/customer-management/acme/legal-entities",
        ] {
            for name in ["pageNumber", "pageSize"] {
                check(&shop.get(&format!("{target}?{name}={number}"), &buyer.access));
            }
        }
    }
}

#[test]
fn any_number_in_a_control_call_is_answered() {
    for number in numbers() {
        let mut shop = Shop::open();
        for name in [
            "anonymousExpiresIn",
            "anonymousRefreshExpiresIn",
            "customerExpiresIn",
            "customerRefreshExpiresIn",
            "saasExpiresIn",
            "legalEntityRefusal",
        ] {
            let patch = Request::new("PATCH", "/_sandbox/profile").json(&json!({ name: number }));
            check(&shop.platform.handle(&patch));
        }
        let clock = json!({ "advanceSeconds": number });
        for body in [
            clock.clone(),
            clock,
            json!([{ "path": "/x", "kind": "delay", "delayMs": number, "times": number }]),
        ] {
            let name = if body.is_array() { "faults" } else { "clock" };
            check(
                &shop
                    .platform
                    .handle(&Request::post(format!("/_sandbox/{name}"), &body)),
            );
            let guest = Request::get(
                "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront",
            );
            let guest = shop.platform.handle(&guest);
            check(&guest);
            if let Some(bearer) = guest.json()["access_token"].as_str() {
                let answer = shop.try_login(bearer, "buyer@example.com", "sandbox-pass");
                check(&answer);
                let answer = answer.json();
                for secret in [&answer["access_token"], &answer["accessToken"]] {
                    check(&shop.validate(secret.as_str().unwrap_or_default()));
                }
            }
        }
        shop.platform.state();
    }
}
