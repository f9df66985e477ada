//! The session's own context.

use crate::shop::{Pair, Shop, pair};
use sandbox::{Answer, Request};
use serde_json::{Value, json};

const CONTEXT: &str = "/session-context/acme/me/context";
const ATTRIBUTES: &str = "/session-context/acme/me/context/attributes";

fn read(shop: &mut Shop, bearer: &str) -> Value {
    let answer = shop.get(CONTEXT, bearer);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn patch(shop: &mut Shop, bearer: &str, body: Value) -> Answer {
    shop.send("PATCH", CONTEXT, bearer, body)
}

fn guest_with(shop: &mut Shop, parameters: &str) -> Pair {
    let target = format!(
        "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront&{parameters}"
    );
    pair(&shop.platform.handle(&Request::get(target)))
}

#[test]
fn a_guests_context_follows_the_main_site() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let context = read(&mut shop, &guest.access);
    assert_eq!(context["sessionId"], guest.session);
    assert_eq!(
        (
            &context["siteCode"],
            &context["currency"],
            &context["targetLocation"]
        ),
        (&json!("main"), &json!("EUR"), &json!("DE"))
    );
    assert_eq!(context["metadata"]["version"], 1);
    assert_eq!(context["context"], json!({}));
    assert!(context.get("customerId").is_none() && context.get("cartId").is_none());
}

#[test]
fn the_anonymous_login_writes_its_parameters() {
    let mut shop = Shop::open();
    let guest = guest_with(
        &mut shop,
        "currency=CHF&siteCode=outlet&language=de&targetLocation=CH",
    );
    let context = read(&mut shop, &guest.access);
    let told = ["currency", "siteCode", "language", "targetLocation"].map(|name| &context[name]);
    assert_eq!(told, ["CHF", "outlet", "de", "CH"]);
    let renewed = shop.guest_refresh(&guest.refresh);
    assert_eq!(read(&mut shop, &renewed.access), context);
}

#[test]
fn a_customer_shares_the_sessions_context() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let context = read(&mut shop, &buyer.access);
    assert_eq!(
        (&context["customerId"], &context["sessionId"]),
        (&json!("13869001"), &json!(guest.session))
    );
    let south = shop.refresh(&guest.access, &buyer.refresh, Some("le-south"));
    let context = read(&mut shop, &south.access);
    assert_eq!(context["context"]["legalEntityId"], "le-south");
    assert_eq!(
        shop.platform.state().contexts[0].legal_entity_id.as_deref(),
        Some("le-south")
    );
    let plain = shop.refresh(&guest.access, &south.refresh, None);
    assert_eq!(read(&mut shop, &plain.access)["context"], json!({}));

    let logout = format!("/customer/acme/logout?accessToken={}", plain.access);
    assert_eq!(shop.get(&logout, &plain.access).status, 204);
    assert!(read(&mut shop, &guest.access).get("customerId").is_none());
}

#[test]
fn a_change_needs_the_version_in_force() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let change = json!({ "siteCode": "outlet", "context": { "colour": { "value": "blue" } }, "sessionId": "x", "metadata": { "version": 1 } });
    let answer = patch(&mut shop, &guest.access, change.clone());
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    let context = read(&mut shop, &guest.access);
    assert_eq!(
        (
            &context["siteCode"],
            &context["sessionId"],
            &context["currency"]
        ),
        (&json!("outlet"), &json!(guest.session), &json!("EUR"))
    );
    assert_eq!(context["context"]["colour"]["value"], "blue");
    assert_eq!(context["metadata"]["version"], 2);

    let stale = patch(&mut shop, &guest.access, change);
    assert_eq!((stale.status, &stale.json()["code"]), (409, &json!(409)));
    for body in [
        json!({ "siteCode": "main" }),
        json!({ "siteCode": 5, "metadata": { "version": 2 } }),
        json!({ "context": [], "metadata": { "version": 2 } }),
    ] {
        assert_eq!(patch(&mut shop, &guest.access, body).status, 400);
    }
    assert_eq!(read(&mut shop, &guest.access), context);
}

#[test]
fn attributes_come_and_go() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let added = shop.post(
        ATTRIBUTES,
        &guest.access,
        json!({ "key": "gift", "value": { "wrap": true } }),
    );
    assert_eq!((added.status, added.json()), (201, json!("gift")));
    assert_eq!(
        read(&mut shop, &guest.access)["context"]["gift"]["wrap"],
        true
    );
    for body in [
        json!({ "key": "gift" }),
        json!({ "value": "x" }),
        json!({ "key": "gift", "value": 5 }),
        json!({ "key": "legalEntityId", "value": "le-south" }),
    ] {
        assert_eq!(shop.post(ATTRIBUTES, &guest.access, body).status, 400);
    }
    for _ in 0..2 {
        let removed = shop.delete(&format!("{ATTRIBUTES}/gift"), &guest.access);
        assert_eq!(removed.status, 204);
    }
    let context = read(&mut shop, &guest.access);
    assert_eq!(
        (&context["context"], &context["metadata"]["version"]),
        (&json!({}), &json!(3))
    );
}

#[test]
fn a_document_may_come_with_the_cart() {
    let mut shop = Shop::with(json!({ "contextDocument": "at-cart" }));
    let guest = guest_with(&mut shop, "targetLocation=AT");
    let missing =
        json!({ "sessionId": guest.session, "code": 404, "message": "Session not found" });
    let answer = shop.get(CONTEXT, &guest.access);
    assert_eq!((answer.status, answer.json()), (404, missing));
    let early = patch(
        &mut shop,
        &guest.access,
        json!({ "metadata": { "version": 1 } }),
    );
    assert_eq!(early.status, 404);
    assert!(shop.platform.state().contexts.is_empty());

    let buyer = shop.login(&guest, "buyer@example.com");
    assert_eq!(shop.get(CONTEXT, &buyer.access).status, 404);
    let cart = shop.get("/cart/acme/carts?siteCode=main&create=true", &buyer.access);
    let context = read(&mut shop, &buyer.access);
    assert_eq!(context["cartId"], cart.json()["id"]);
    assert_eq!(
        (&context["targetLocation"], &context["metadata"]["version"]),
        (&json!("AT"), &json!(1))
    );
}

#[test]
fn the_backend_has_no_session() {
    let mut shop = Shop::open();
    let backend = shop.backend();
    let answer = shop.get(CONTEXT, &backend);
    assert_eq!((answer.status, &answer.json()["code"]), (403, &json!(403)));
    assert_eq!(shop.get(CONTEXT, "nonsense").status, 401);
}

#[test]
fn the_backend_manages_every_context() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let backend = shop.backend();
    let target = format!("/session-context/acme/context/{}", guest.session);
    assert_eq!(
        shop.get(&target, &backend).json(),
        read(&mut shop, &guest.access)
    );
    assert_eq!(shop.get(&target, &guest.access).status, 403);
    let change = json!({ "siteCode": "outlet", "metadata": { "version": 1 } });
    let put = |shop: &mut Shop, target: &str, body: &Value, saas: Option<&str>| {
        let mut request = Request::new("PUT", target).json(body).bearer(&backend);
        if let Some(saas) = saas {
            request = request.header("saas-token", saas);
        }
        shop.platform.handle(&request).status
    };
    assert_eq!(put(&mut shop, &target, &change, None), 204);
    assert_eq!(put(&mut shop, &target, &change, None), 409);
    assert_eq!(read(&mut shop, &guest.access)["siteCode"], "outlet");

    let attributes = format!("{target}/attributes");
    let gift = json!({ "key": "gift", "value": "wrapped" });
    let added = shop.post(&attributes, &backend, gift);
    assert_eq!((added.status, added.body.as_str()), (204, ""));
    let removed = shop.delete(&format!("{attributes}/gift"), &backend);
    assert_eq!(removed.status, 204);

    let login = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
    let saas = login.json()["saas_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let version = read(&mut shop, &guest.access)["metadata"]["version"].clone();
    let change = |customer: &str| json!({ "customerId": customer, "currency": "EUR", "metadata": { "version": version } });
    for (customer, saas, status) in [
        ("13869001", None, 400),
        ("13869002", Some(saas.as_str()), 403),
        ("13869001", Some("nonsense"), 401),
        ("13869001", Some(saas.as_str()), 204),
    ] {
        assert_eq!(put(&mut shop, &target, &change(customer), saas), status);
    }

    let unknown = "/session-context/acme/context/another";
    let body = json!({ "currency": "EUR", "metadata": { "version": 1 } });
    assert_eq!(put(&mut shop, unknown, &body, None), 404);
    let upserted = format!("{unknown}?upsert=true");
    assert_eq!(put(&mut shop, &upserted, &body, None), 204);
    assert_eq!(shop.get(unknown, &backend).json()["currency"], "EUR");
}
