//! What software that works on the live platform sends, one client each.

use crate::shop::{Shop, pair};
use sandbox::{Answer, Request};
use serde_json::{Value, json};

const GUEST: &str = "/customerlogin/auth/anonymous/login";

fn cart(shop: &mut Shop, bearer: &str) -> String {
    let answer = shop.get("/cart/acme/carts?siteCode=main&create=true", bearer);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

fn item(yrn: &str) -> Value {
    json!({
        "itemYrn": yrn,
        "price": { "priceId": "price-harbour-mug", "originalAmount": 14.9, "effectiveAmount": 14.9, "currency": "EUR" },
        "quantity": 1,
    })
}

fn message(answer: &Answer) -> String {
    answer.json()["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_preflight_allows_what_real_clients_send() {
    let mut shop = Shop::open();
    let answer = shop
        .platform
        .handle(&Request::new("OPTIONS", "/product/acme/products"));
    let allowed = answer
        .header_value("Access-Control-Allow-Headers")
        .expect("a list")
        .to_lowercase();
    let allowed: Vec<&str> = allowed.split(", ").collect();
    for name in [
        "authorization",
        "content-type",
        "accept-language",
        "content-language",
        "emporix-tenant",
        "saas-token",
        "session-id",
        "x-total-count",
        "x-version",
    ] {
        assert!(allowed.contains(&name), "{name}");
    }
    assert!(!allowed.contains(&"*") && !allowed.contains(&"x-unheard-of"));
}

#[test]
fn a_cart_knows_its_site() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let items = format!("/cart/acme/carts/{}/items", cart(&mut shop, &guest));
    let mug = item("urn:yaas:saasag:caasproduct:product:acme;harbour-mug");
    for target in [items.clone(), format!("{items}?siteCode=default")] {
        assert_eq!(shop.post(&target, &guest, mug.clone()).status, 201);
    }
    let nowhere = format!("{items}?siteCode=nowhere");
    assert_eq!(shop.post(&nowhere, &guest, mug).status, 400);
}

#[test]
fn a_product_has_two_resource_names() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let items = format!("/cart/acme/carts/{}/items", cart(&mut shop, &guest));
    for yrn in [
        "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
        "urn:yaas:hybris:product:product:acme;harbour-mug",
    ] {
        let added = shop.post(&items, &guest, item(yrn));
        assert_eq!((added.status, &added.json()["yrn"]), (201, &json!(yrn)));
    }
    let read = shop.get(&items, &guest).json();
    assert_eq!(
        (read.as_array().map(Vec::len), &read[0]["quantity"]),
        (Some(1), &json!(2.0))
    );
    for yrn in [
        "harbour-mug",
        "",
        "urn",
        "urn:yaas:",
        "urn:yaas:saasag:caasproduct:product:acme",
        "urn:yaas:saasag:caasproduct:product:acme;",
        "urn:yaas:saasag:caasproduct:product:;harbour-mug",
        "urn:yaas:saasag::product:acme;harbour-mug",
        "urn:other:saasag:caasproduct:product:acme;harbour-mug",
    ] {
        let refused = shop.post(&items, &guest, item(yrn));
        assert_eq!(
            (refused.status, message(&refused).as_str()),
            (400, "Given yrn does not match yaas urn scheme"),
            "{yrn}"
        );
    }
    for yrn in [
        "urn:yaas:saasag:caasproduct:product:acme;nothing",
        "urn:yaas:hybris:product:product:acme;nothing",
        "urn:yaas:hybris:product:product:other;harbour-mug",
        "urn:yaas:saasag:caascart:cart:acme;harbour-mug",
    ] {
        let refused = shop.post(&items, &guest, item(yrn));
        assert_eq!(
            (refused.status, &refused.json()["details"]),
            (400, &json!([format!("There is no product {yrn}")]))
        );
    }
}

#[test]
fn an_older_name_of_the_tenant_is_taken() {
    let mut shop = Shop::open();
    let target = format!("{GUEST}?hybris-tenant=acme&client_id=storefront&client_secret=x&foo=bar");
    let guest = pair(&shop.platform.handle(&Request::get(target)));
    let target = format!(
        "/customerlogin/auth/anonymous/refresh?hybris-tenant=acme&client_id=storefront&refresh_token={}",
        guest.refresh
    );
    pair(&shop.platform.handle(&Request::get(target)));
    for (parameters, status) in [
        ("hybris-tenant=nobody&client_id=storefront", 400),
        ("tenant=nobody&hybris-tenant=acme&client_id=storefront", 400),
        ("tenant=&hybris-tenant=acme&client_id=storefront", 200),
        ("client_id=storefront", 400),
    ] {
        let answer = shop
            .platform
            .handle(&Request::get(format!("{GUEST}?{parameters}")));
        assert_eq!(answer.status, status, "{parameters}");
    }
}

#[test]
fn unknown_parameters_are_ignored() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    for target in [
        "/customer/acme/me?unknown=1",
        "/session-context/acme/me/context?unknown=1",
        "/site/acme/sites?unknown=1",
        "/product/acme/products?unknown=1",
        "/cart/acme/carts?siteCode=main&create=true&unknown=1",
        "/order-v2/acme/orders?unknown=1",
        "/customer-management/acme/legal-entities?unknown=1",
    ] {
        assert_eq!(shop.get(target, &buyer.access).status, 200, "{target}");
    }
    let refreshed = shop.get(
        &format!(
            "/customer/acme/refreshauthtoken?refreshToken={}&unknown=1",
            buyer.refresh
        ),
        &guest.access,
    );
    assert_eq!(refreshed.status, 200);
    let token = Request {
        body: "grant_type=client_credentials&client_id=backend&client_secret=backend-secret&x=y"
            .to_owned(),
        ..Request::new("POST", "/oauth/token?unknown=1")
    };
    assert_eq!(shop.platform.handle(&token).status, 200);
}

#[test]
fn a_service_token_is_asked_for_in_json_too() {
    let mut shop = Shop::open();
    let key = json!({ "grant_type": "client_credentials", "client_id": "backend", "client_secret": "backend-secret", "scope": "cart.cart_manage" });
    let answer = shop.platform.handle(&Request::post("/oauth/token", &key));
    assert_eq!(
        (answer.status, &answer.json()["scope"]),
        (200, &json!("cart.cart_manage tenant=acme"))
    );
    for (key, status) in [
        (
            json!({ "grant_type": "client_credentials", "client_id": "backend", "client_secret": 1 }),
            401,
        ),
        (json!({ "grant_type": 1 }), 400),
        (json!([]), 400),
    ] {
        assert_eq!(
            shop.platform
                .handle(&Request::post("/oauth/token", &key))
                .status,
            status
        );
    }
}

#[test]
fn a_slash_at_the_end_makes_no_difference() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let reset = json!({ "email": "buyer@example.com" });
    let answer = shop.post("/customer/acme/password/reset/", &guest.access, reset);
    assert_eq!(answer.status, 204, "{}", answer.body);
    for target in [
        "/customer/acme/me/",
        "/customer/acme/me/addresses/",
        "/product/acme/products/",
        "/product/acme/products/harbour-mug/",
        "/cart/acme/carts/?siteCode=main&create=true",
    ] {
        assert_eq!(shop.get(target, &buyer.access).status, 200, "{target}");
    }
    let wrong = shop.delete("/customer/acme/me/", &buyer.access);
    assert_eq!(wrong.status, 405);
    for target in ["/", "//", "/nowhere/", "/product/acme/products//"] {
        assert_eq!(shop.get(target, &buyer.access).status, 404, "{target}");
    }
    // Nor to an order of a fault, and a mailed token stays out of the log.
    let fault = json!([{ "path": "/customer/acme/me", "kind": "status", "status": 503 }]);
    shop.platform
        .handle(&Request::post("/_sandbox/faults", &fault));
    assert_eq!(shop.get("/customer/acme/me/", &buyer.access).status, 503);
    shop.get("/customer/acme/signup/optin/abc/", &guest.access);
    let paths: Vec<String> = shop.platform.log().map(|row| row.path.clone()).collect();
    assert!(
        paths.iter().all(|path| !path.contains("abc")),
        "{:?}",
        paths.last()
    );
    assert_eq!(
        shop.platform
            .handle(&Request::get("/_sandbox/profile/"))
            .status,
        200
    );
}

#[test]
fn put_is_taken_like_patch() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let bearer = &buyer.access;
    let me = "/customer/acme/me";
    let change = json!({ "firstName": "Beate", "metadata": { "version": 1 } });
    assert_eq!(shop.send("PUT", me, bearer, change.clone()).status, 200);
    assert_eq!(shop.get(me, bearer).json()["firstName"], "Beate");
    assert_eq!(shop.send("PUT", me, bearer, change).status, 409);
    let address = json!({ "contactName": "Bea", "street": "Quay", "city": "Hamburg" });
    let added = shop.post("/customer/acme/me/addresses", bearer, address);
    let address = format!(
        "/customer/acme/me/addresses/{}",
        added.json()["id"].as_str().expect("an id")
    );
    let moved = json!({ "city": "Bremen" });
    assert_eq!(shop.send("PUT", &address, bearer, moved).status, 200);
    let read = shop.get(&address, bearer).json();
    assert_eq!(
        (&read["city"], &read["street"]),
        (&json!("Bremen"), &json!("Quay"))
    );
    let unknown = shop.send(
        "PUT",
        "/customer/acme/me/addresses/x",
        bearer,
        json!({ "city": "B" }),
    );
    assert_eq!(unknown.status, 404);
}

#[test]
fn a_backend_logs_a_customer_in_without_a_guest() {
    let mut shop = Shop::open();
    let backend = shop.backend();
    let answer = shop.try_login(&backend, "buyer@example.com", "sandbox-pass");
    let body = answer.json();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(body.get("session_id").is_none() && body.get("sessionId").is_none());
    let customer = pair(&answer);
    let validated = shop.validate(&customer.access);
    assert!(validated.status == 200 && validated.json().get("sessionId").is_none());
    assert_eq!(shop.get("/customer/acme/me", &customer.access).status, 200);
    cart(&mut shop, &customer.access);
    let guest = shop.guest();
    let next = shop.refresh(&guest.access, &customer.refresh, Some("le-north"));
    assert_eq!(shop.company_of(&next.access).as_deref(), Some("le-north"));
    assert!(
        shop.platform
            .state()
            .sessions
            .iter()
            .all(|session| session.customers.is_empty())
    );
    let wrong = shop.try_login(&backend, "buyer@example.com", "wrong-pass");
    assert_eq!(wrong.status, 401);
    assert_eq!(
        shop.try_login(&customer.access, "buyer@example.com", "sandbox-pass")
            .status,
        401
    );
}

#[test]
fn a_guests_cart_has_no_company() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let own = cart(&mut shop, &guest.access);
    let words = "Anonymous cart cannot be assigned to a legal entity";
    for company in ["le-north", "unknown"] {
        let body = json!({ "siteCode": "main", "currency": "EUR", "legalEntityId": company });
        let (get, of_session) = (
            format!("/cart/acme/carts?siteCode=main&create=true&legalEntityId={company}"),
            format!(
                "/cart/acme/carts?siteCode=main&create=true&legalEntityId={company}&sessionId={}",
                guest.session
            ),
        );
        let put = json!({ "legalEntityId": company });
        for refused in [
            shop.get(&get, &guest.access),
            shop.get(&of_session, &buyer.access),
            shop.post("/cart/acme/carts", &guest.access, body),
            shop.send(
                "PUT",
                &format!("/cart/acme/carts/{own}"),
                &guest.access,
                put,
            ),
        ] {
            assert_eq!((refused.status, message(&refused).as_str()), (400, words));
        }
    }
}

#[test]
fn a_cart_is_not_merged_into_itself() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let guests = cart(&mut shop, &guest.access);
    let own = cart(&mut shop, &buyer.access);
    for sources in [json!([own]), json!([guests, own])] {
        let target = format!("/cart/acme/carts/{own}/merge");
        let refused = shop.post(&target, &buyer.access, json!({ "carts": sources }));
        assert_eq!(
            (refused.status, message(&refused).as_str()),
            (400, "Cart cannot be merged into itself")
        );
    }
    // Nothing has moved.
    let read = shop.get(&format!("/cart/acme/carts/{guests}"), &guest.access);
    assert_eq!(read.status, 200);
}
