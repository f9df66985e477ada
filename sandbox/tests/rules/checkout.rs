//! Checkout: who may order what, and with which tokens.

use crate::shop::{Shop, error_code};
use sandbox::{Answer, Request};
use serde_json::{Value, json};

pub(crate) const CHECKOUT: &str = "/checkout/acme/checkouts/order";
const ORDERS: &str = "/order-v2/acme/orders";

/// The official example, with a cart and a buyer of ours.
pub fn checkout(cart: &str, buyer: Value) -> Value {
    let address = |kind: &str| {
        json!({
            "contactName": "John Doe", "companyName": "Emporix", "street": "Fritz-Elsaas", "streetNumber": "20",
            "streetAppendix": "", "zipCode": "70173", "city": "Stuttgart", "country": "DE", "state": "",
            "contactPhone": "123456789", "type": kind, "metadata": { "mixins": {} }, "mixins": {},
        })
    };
    let mut customer = json!({
        "title": "MR", "firstName": "John", "middleName": "", "lastName": "Doe", "contactPhone": "56432245",
        "email": "test@doc.example", "company": "Emporix", "metadata": { "mixins": {} }, "mixins": {},
    });
    for (field, value) in buyer.as_object().expect("an object") {
        customer[field] = value.clone();
    }
    json!({
        "cartId": cart,
        "paymentMethods": [{
            "provider": "payment-gateway",
            "customAttributes": { "customer": "635544345", "modeId": "9a33c7a5-9535-42af-a936-2fa6ece27579" },
            "method": "invoice",
        }],
        "currency": "EUR",
        "shipping": {
            "methodId": "4-more_hours_timeframe", "zoneId": "deliveryarea", "methodName": "Delivery method name",
            "amount": 10, "shippingTaxCode": "STANDARD",
        },
        "deliveryWindowId": "cbda2a28-f0cc-11ed-a05b-0242ac120003",
        "addresses": [address("SHIPPING"), address("BILLING")],
        "customer": customer,
    })
}

pub(crate) struct Buyer {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) saas: String,
}

pub(crate) fn buyer(shop: &mut Shop, guest: &str, email: &str) -> Buyer {
    let body = shop.try_login(guest, email, "sandbox-pass").json();
    let text = |name: &str| body[name].as_str().expect("a text").to_owned();
    Buyer {
        access: text("access_token"),
        refresh: text("refresh_token"),
        saas: text("saas_token"),
    }
}

pub(crate) fn cart(shop: &mut Shop, bearer: &str, company: &str) -> String {
    let target = format!("/cart/acme/carts?siteCode=main&create=true{company}");
    let cart = shop.get(&target, bearer).json()["id"].clone();
    let cart = cart.as_str().expect("an id").to_owned();
    let body = json!({
        "itemYrn": "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
        "price": { "priceId": "price-harbour-mug", "originalAmount": 1, "effectiveAmount": 1, "currency": "EUR" },
        "quantity": 2,
    });
    let target = format!("/cart/acme/carts/{cart}/items?siteCode=main");
    assert_eq!(shop.post(&target, bearer, body).status, 201);
    cart
}

pub(crate) fn order(
    shop: &mut Shop,
    bearer: &str,
    saas: Option<&str>,
    cart: &str,
    buyer: Value,
) -> Answer {
    let body = checkout(cart, buyer);
    let mut request = Request::post(CHECKOUT, &body).bearer(bearer);
    if let Some(saas) = saas {
        request = request.header("saas-token", saas);
    }
    shop.platform.handle(&request)
}

#[test]
fn a_guest_orders_without_a_saas_token() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let cart = cart(&mut shop, &guest.access, "");
    let me = json!({ "guest": true });
    let with = order(&mut shop, &guest.access, Some("x"), &cart, me.clone());
    assert_eq!(with.status, 400);
    let nobody = order(&mut shop, &guest.access, None, &cart, json!({}));
    assert_eq!(
        (nobody.status, &nobody.json()["details"][0]["field"]),
        (400, &json!("customer.guest"))
    );
    let ordered = order(&mut shop, &guest.access, None, &cart, me.clone());
    let body = ordered.json();
    assert_eq!((ordered.status, &body["orderId"]), (200, &json!("EON1001")));
    assert!(body["checkoutId"].is_string() && body["paymentDetails"].is_object());

    let state = shop.platform.state();
    assert_eq!(
        (
            state.orders[0].total_price,
            &state.orders[0].customer_number
        ),
        (39.8, &None)
    );
    assert_eq!(
        (state.carts[0].status, state.carts[0].order_id.as_deref()),
        ("CLOSED", Some("EON1001"))
    );
    assert_eq!(state.contexts[0].cart_id, None);
    let gone = shop.get(&format!("/cart/acme/carts/{cart}"), &guest.access);
    assert_eq!(gone.status, 404);
    let again = order(&mut shop, &guest.access, None, &cart, me);
    assert_eq!((again.status, &again.json()["status"]), (409, &json!(409)));
    assert_eq!(shop.get(ORDERS, &guest.access).status, 403);
}

#[test]
fn a_customer_needs_the_own_saas_token() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let (bea, sina) = (
        buyer(&mut shop, &guest.access, "buyer@example.com"),
        buyer(&mut shop, &guest.access, "single@example.com"),
    );
    let cart = cart(&mut shop, &bea.access, "");
    let me = json!({ "id": "13869001" });
    let mut with = |saas: Option<&str>| order(&mut shop, &bea.access, saas, &cart, me.clone());
    assert_eq!(with(None).status, 400);
    let foreign = with(Some(&sina.saas));
    assert_eq!(
        (foreign.status, &foreign.json()["type"]),
        (403, &json!("insufficient_permissions"))
    );
    let forged = with(Some("a.b.c"));
    assert_eq!(
        (forged.status, error_code(&forged).as_str()),
        (401, "oauth.v2.InvalidAccessToken")
    );
    assert_eq!(
        order(
            &mut shop,
            &bea.access,
            Some(&bea.saas),
            &cart,
            json!({ "id": "13869002" })
        )
        .status,
        403
    );
    shop.platform.advance(14_400_000);
    let expired = order(&mut shop, &bea.access, Some(&bea.saas), &cart, me.clone());
    assert_eq!(
        (expired.status, error_code(&expired).as_str()),
        (401, "keymanagement.service.access_token_expired")
    );
    let guest = shop.guest();
    let again = buyer(&mut shop, &guest.access, "buyer@example.com");
    let ordered = order(&mut shop, &bea.access, Some(&again.saas), &cart, me.clone());
    assert_eq!(ordered.status, 200);

    let orders = shop.get(ORDERS, &again.access).json();
    assert_eq!(
        (&orders[0]["id"], &orders[0]["customer"]["id"]),
        (&json!("EON1001"), &json!("13869001"))
    );
    assert_eq!(orders[0]["entries"][0]["product"]["id"], "harbour-mug");
    let one = format!("{ORDERS}/EON1001");
    assert_eq!(shop.get(&one, &again.access).json(), orders[0]);
    assert_eq!(shop.get(&one, &sina.access).status, 404);
    assert_eq!(shop.get(ORDERS, &sina.access).json(), json!([]));
}

#[test]
fn a_cart_must_be_fit_to_be_ordered() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let me = json!({ "guest": true });
    let filled = cart(&mut shop, &guest.access, "");
    let stranger = shop.guest();
    for (bearer, cart) in [
        (&stranger.access, filled.as_str()),
        (&guest.access, "unknown"),
        (&guest.access, ""),
    ] {
        assert_eq!(order(&mut shop, bearer, None, cart, me.clone()).status, 400);
    }
    let items = format!("/cart/acme/carts/{filled}/items");
    assert_eq!(shop.delete(&items, &guest.access).status, 204);
    let empty = order(&mut shop, &guest.access, None, &filled, me.clone());
    assert_eq!(empty.status, 400);
    let close = json!({ "status": "CLOSED" });
    let target = format!("/cart/acme/carts/{filled}");
    shop.send("PUT", &target, &guest.access, close);
    let closed = order(&mut shop, &guest.access, None, &filled, me);
    assert_eq!((closed.status, error_code(&closed).as_str()), (401, ""));
}

#[test]
fn a_reset_makes_saas_tokens_unknown() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let before = buyer(&mut shop, &guest.access, "buyer@example.com");
    shop.platform.reset();
    let guest = shop.guest();
    let bea = buyer(&mut shop, &guest.access, "buyer@example.com");
    let cart = cart(&mut shop, &bea.access, "");
    let me = json!({ "id": "13869001" });
    let refused = order(&mut shop, &bea.access, Some(&before.saas), &cart, me);
    assert_eq!(refused.status, 401);
}

#[test]
fn a_checkout_must_be_complete() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let cart = cart(&mut shop, &guest, "");
    let whole = checkout(&cart, json!({ "guest": true }));
    let without = |pointer: &str| {
        let mut body = whole.clone();
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).expect("a parent");
        parent.as_object_mut().expect("an object").remove(field);
        (pointer.to_owned(), body)
    };
    let with = |pointer: &str, value: Value| {
        let mut body = whole.clone();
        *body.pointer_mut(pointer).expect("a field") = value.clone();
        (format!("{pointer} {value}"), body)
    };
    let mut bad: Vec<(String, Value)> = [
        "/cartId",
        "/customer",
        "/customer/email",
        "/shipping",
        "/shipping/methodId",
        "/shipping/zoneId",
        "/shipping/methodName",
        "/shipping/amount",
        "/addresses",
        "/addresses/0/contactName",
        "/addresses/0/street",
        "/addresses/1/zipCode",
        "/addresses/1/city",
        "/addresses/0/country",
        "/addresses/1/type",
        "/paymentMethods",
        "/paymentMethods/0/provider",
    ]
    .into_iter()
    .map(without)
    .collect();
    for (pointer, value) in [
        ("/customer/email", json!("nobody")),
        ("/customer/email", json!("a b@example.com")),
        ("/customer/email", json!(1)),
        ("/customer/email", json!("")),
        ("/customer/firstName", json!(1)),
        ("/shipping", json!([])),
        ("/shipping/methodId", json!("")),
        ("/shipping/zoneId", json!(1)),
        ("/shipping/amount", json!(-1)),
        ("/shipping/amount", json!("10")),
        ("/addresses", json!([])),
        ("/addresses", json!({})),
        ("/addresses/0", json!("Stuttgart")),
        ("/addresses/0/type", json!("BILLING")),
        ("/addresses/1/type", json!("SHIPPING")),
        ("/addresses/0/country", json!("DEU")),
        ("/addresses/0/zipCode", json!("123456789012")),
        ("/addresses/0/street", json!(20)),
        ("/paymentMethods", json!([])),
        ("/paymentMethods", json!({ "provider": "none" })),
        (
            "/paymentMethods",
            json!([{ "provider": "none" }, { "provider": "custom" }]),
        ),
        ("/paymentMethods/0/provider", json!("")),
        ("/paymentMethods/0", json!("none")),
        ("/currency", json!("USD")),
        ("/currency", json!(1)),
    ] {
        bad.push(with(pointer, value));
    }
    let mut nameless = whole.clone();
    for field in ["firstName", "lastName"] {
        nameless["customer"][field] = json!("");
    }
    bad.push(("no name".to_owned(), nameless));
    let quote = json!({ "quoteId": "Q1000637", "paymentMethods": whole["paymentMethods"] });
    bad.push(("quote".to_owned(), quote));
    for (what, body) in bad {
        let answer = shop.post(CHECKOUT, &guest, body);
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        let body = answer.json();
        assert!(body["details"][0]["field"].is_string(), "{what}: {body}");
    }
    // One of the names is enough, and the cart was not touched by what was refused.
    let (_, mut body) = without("/customer/firstName");
    body["unknownField"] = json!(1);
    assert_eq!(shop.post(CHECKOUT, &guest, body).status, 200);
}
