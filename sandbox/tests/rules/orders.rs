//! Orders: whose they are, and how they look.

use crate::checkout::{CHECKOUT, buyer, cart, checkout, order};
use crate::shop::Shop;
use sandbox::Request;
use serde_json::json;

const ORDERS: &str = "/order-v2/acme/orders";

#[test]
fn a_companys_orders_are_for_its_own_token() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let bea = buyer(&mut shop, &guest.access, "buyer@example.com");
    let cart = cart(&mut shop, &bea.access, "&legalEntityId=le-north");
    let me = json!({ "id": "13869001" });
    let plain = order(&mut shop, &bea.access, Some(&bea.saas), &cart, me.clone());
    assert_eq!(plain.status, 403);
    let north = shop.refresh(&guest.access, &bea.refresh, Some("le-north"));
    let ordered = order(&mut shop, &north.access, Some(&bea.saas), &cart, me);
    assert_eq!(ordered.status, 200);

    let sina = buyer(&mut shop, &guest.access, "single@example.com");
    let colleague = shop.refresh(&guest.access, &sina.refresh, Some("le-north"));
    let north_orders = "/order-v2/acme/legal-entity-orders/le-north";
    let orders = shop.get(north_orders, &colleague.access).json();
    assert_eq!(
        (&orders[0]["legalEntityId"], &orders[0]["totalPrice"]),
        (&json!("le-north"), &json!(36.82))
    );
    for (target, bearer) in [
        (north_orders, &bea.access),
        (north_orders, &guest.access),
        ("/order-v2/acme/legal-entity-orders/le-south", &north.access),
    ] {
        assert_eq!(shop.get(target, bearer).status, 403);
    }
}

#[test]
fn an_order_is_as_the_official_file_says() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let bea = buyer(&mut shop, &guest.access, "buyer@example.com");
    let cart = cart(&mut shop, &bea.access, "");
    let mut body = checkout(&cart, json!({ "id": "13869001" }));
    body["paymentMethods"][0] = json!({ "provider": "custom" });
    let request = Request::post(CHECKOUT, &body)
        .bearer(&bea.access)
        .header("saas-token", &bea.saas);
    let ordered = shop.platform.handle(&request);
    assert_eq!(ordered.status, 200, "{}", ordered.body);
    let order = shop.get(&format!("{ORDERS}/EON1001"), &bea.access).json();
    let price = json!({ "netValue": 25.04, "grossValue": 29.8, "taxValue": 4.76, "taxCode": "STANDARD", "taxRate": 19 });
    assert_eq!(order["calculatedPrice"]["price"], price);
    assert_eq!(
        order["calculatedPrice"]["totalShipping"]["grossValue"],
        10.0
    );
    assert_eq!(order["calculatedPrice"]["finalPrice"]["grossValue"], 39.8);
    let entry = &order["entries"][0];
    assert_eq!(
        (&entry["amount"], &entry["orderedAmount"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(entry["calculatedPrice"]["finalPrice"], price);
    assert_eq!(entry["calculatedUnitPrice"]["grossValue"], 14.9);
    assert_eq!(
        entry["itemYrn"],
        "urn:yaas:saasag:caasproduct:product:acme;harbour-mug"
    );
    assert_eq!(
        (
            &order["status"],
            &order["customer"]["email"],
            &order["customer"]["id"]
        ),
        (
            &json!("IN_CHECKOUT"),
            &json!("test@doc.example"),
            &json!("13869001")
        )
    );
    assert_eq!(order["shippingAddress"]["city"], "Stuttgart");
    assert_eq!(order["billingAddress"]["type"], "BILLING");
    assert_eq!(order["payments"][0]["currency"], "EUR");
}
