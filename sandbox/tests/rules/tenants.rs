//! A second tenant, and how a token of the wrong one is refused.

use crate::shop::{Shop, error_code, pair};
use sandbox::Request;
use serde_json::{Value, json};

const OTHER: &str = "/customerlogin/auth/anonymous/login?tenant=other&client_id=other-storefront";

#[test]
fn the_other_tenant_works_by_itself() {
    let mut shop = Shop::open();
    let guest = pair(&shop.platform.handle(&Request::get(OTHER)));
    let product = shop
        .get("/product/other/products/harbour-mug", &guest.access)
        .json();
    assert_eq!(
        product["yrn"],
        "urn:yaas:saasag:caasproduct:product:other;harbour-mug"
    );
    let credentials = |email: &str| json!({ "email": email, "password": "sandbox-pass" });
    let unknown = shop.post(
        "/customer/other/login",
        &guest.access,
        credentials("buyer@example.com"),
    );
    assert_eq!((unknown.status, error_code(&unknown).as_str()), (401, ""));
    let login = shop.post(
        "/customer/other/login",
        &guest.access,
        credentials("other@example.com"),
    );
    let otto = pair(&login);
    let validated = shop
        .get("/customer/other/validateauthtoken", &otto.access)
        .json();
    assert!(
        validated["scope"]
            .as_str()
            .is_some_and(|scope| scope.ends_with(" tenant=other"))
    );
    let cart = shop
        .get("/cart/other/carts?siteCode=main&create=true", &otto.access)
        .json();
    assert_eq!(
        cart["yrn"],
        format!(
            "urn:yaas:saasag:caascart:cart:other;{}",
            cart["id"].as_str().expect("an id")
        )
    );
    let items = format!(
        "/cart/other/carts/{}/items",
        cart["id"].as_str().expect("an id")
    );
    let item = |tenant: &str| {
        json!({
            "itemYrn": format!("urn:yaas:saasag:caasproduct:product:{tenant};harbour-mug"),
            "price": { "priceId": "price-harbour-mug" },
            "quantity": 1,
        })
    };
    assert_eq!(shop.post(&items, &otto.access, item("acme")).status, 400);
    assert_eq!(shop.post(&items, &otto.access, item("other")).status, 201);
    let key = |tenant: &str, key: &str, token: &str| {
        Request::get(format!(
            "/customerlogin/auth/anonymous/refresh?tenant={tenant}&client_id={key}&refresh_token={token}"
        ))
    };
    let foreign = shop
        .platform
        .handle(&key("acme", "storefront", &guest.refresh));
    assert_eq!(
        (foreign.status, error_code(&foreign).as_str()),
        (401, "keymanagement.service.invalid_refresh_token")
    );
    assert_eq!(
        shop.platform
            .handle(&key("other", "other-storefront", &guest.refresh))
            .status,
        200
    );
}

#[test]
fn keys_belong_to_their_tenant() {
    let mut shop = Shop::open();
    for (parameters, status) in [
        ("tenant=acme&client_id=other-storefront", 400),
        ("tenant=other&client_id=storefront", 400),
        ("tenant=other&client_id=nobody", 401),
    ] {
        let target = format!("/customerlogin/auth/anonymous/login?{parameters}");
        assert_eq!(
            shop.platform.handle(&Request::get(target)).status,
            status,
            "{parameters}"
        );
    }
}

#[test]
fn a_token_of_the_wrong_tenant_is_refused() {
    let mut shop = Shop::open();
    let (ours, buyer) = shop.buyer();
    let theirs = pair(&shop.platform.handle(&Request::get(OTHER)));
    for (bearer, tenant) in [(&theirs.access, "acme"), (&ours.access, "other")] {
        for path in [
            "customer/{}/me",
            "cart/{}/carts?siteCode=main&create=true",
            "product/{}/products",
            "session-context/{}/me/context",
        ] {
            let target = format!("/{}", path.replace("{}", tenant));
            assert_eq!(shop.get(&target, bearer).status, 400, "{target}");
        }
    }
    let scopes = shop.get("/iam/other/users/me/scopes", &buyer.access);
    assert_eq!(scopes.status, 401);
    // Nor does a customer's refresh token cross the border.
    let target = format!(
        "/customer/other/refreshauthtoken?refreshToken={}",
        buyer.refresh
    );
    let refused = shop.get(&target, &theirs.access);
    assert_eq!(
        error_code(&refused),
        "keymanagement.service.invalid_refresh_token"
    );
    assert!(shop.is_live(&buyer.refresh));
}

#[test]
fn a_backend_sees_its_own_tenant() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let cart = shop
        .get("/cart/acme/carts?siteCode=main&create=true", &buyer.access)
        .json()["id"]
        .clone();
    let cart = cart.as_str().expect("an id");
    let key = Request {
        body: "grant_type=client_credentials&client_id=other-backend&client_secret=other-backend-secret".to_owned(),
        ..Request::new("POST", "/oauth/token")
    };
    let theirs = shop.platform.handle(&key).json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(
        shop.get(&format!("/cart/other/carts/{cart}"), &theirs)
            .status,
        404
    );
    assert_eq!(
        shop.post("/cart/other/carts/search", &theirs, json!({}))
            .json(),
        json!([])
    );
    let context = format!("/session-context/other/context/{}", buyer.session);
    assert_eq!(shop.get(&context, &theirs).status, 404);
    let change = json!({ "currency": "USD", "metadata": { "version": 1 } });
    assert_eq!(
        shop.send("PUT", &format!("{context}?upsert=true"), &theirs, change)
            .status,
        404
    );
    assert_eq!(
        shop.get("/customer-management/other/legal-entities", &theirs)
            .json(),
        Value::Array(Vec::new())
    );
    let ours = shop.backend();
    assert_eq!(
        shop.get(&format!("/cart/acme/carts/{cart}"), &ours).status,
        200
    );
}
