//! A valid request for every route, and what is put into the places of its fields.

use crate::checkout::checkout;
use serde_json::{Value, json};

#[derive(Clone, Copy)]
pub(super) enum Who {
    Nobody,
    Guest,
    Buyer,
    Backend,
}

pub(super) struct Template {
    pub(super) method: &'static str,
    pub(super) target: &'static str,
    pub(super) who: Who,
    pub(super) body: Option<Value>,
}

pub(super) fn item() -> Value {
    json!({
        "itemYrn": "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
        "price": { "priceId": "price-harbour-mug", "originalAmount": 14.9, "effectiveAmount": 14.9, "currency": "EUR" },
        "product": { "id": "harbour-mug", "yrn": "urn:yaas:saasag:caasproduct:product:acme;harbour-mug" },
        "quantity": 1,
        "keepAsSeparateLineItem": false,
        "itemType": "INTERNAL",
    })
}

/// A valid request for every route.
pub(super) fn corpus() -> Vec<Template> {
    use Who::{Backend, Buyer, Guest, Nobody};
    let get = |target, who| Template {
        method: "GET",
        target,
        who,
        body: None,
    };
    let delete = |target, who| Template {
        method: "DELETE",
        target,
        who,
        body: None,
    };
    let with = |method, target, who, body| Template {
        method,
        target,
        who,
        body: Some(body),
    };
    let details = json!({
        "title": "MS", "firstName": "Nora", "middleName": "", "lastName": "New", "contactEmail": "nora@example.com",
        "contactPhone": "1", "company": "Quay", "preferredLanguage": "en", "preferredCurrency": "EUR", "preferredSite": "main",
        "mixins": {}, "b2b": { "companyRegistrationId": "HRB 1" },
    });
    let mut profile = details.clone();
    profile["metadata"] = json!({ "version": 1 });
    let address = json!({
        "contactName": "Bea", "street": "Quay", "streetNumber": "1", "zipCode": "20457", "city": "Hamburg", "country": "DE",
        "state": "HH", "contactPhone": "1", "tags": ["BILLING"], "isDefault": true, "mixins": {},
    });
    let context = json!({
        "siteCode": "main", "currency": "EUR", "targetLocation": "DE", "language": "en", "context": { "a": 1 },
        "metadata": { "version": 1 },
    });
    let cart = json!({
        "siteCode": "outlet", "currency": "EUR", "type": "list", "channel": { "name": "storefront", "source": "x" },
        "customerId": "13869001", "legalEntityId": "le-north",
    });
    let change = json!({
        "currency": "USD", "type": "list", "legalEntityId": "le-north", "customerId": "13869001", "status": "OPEN",
        "zipCode": "1", "countryCode": "DE", "channel": {}, "mixins": {}, "metadata": { "version": 2 },
        "addresses": [{ "type": "SHIPPING", "city": "Hamburg" }],
    });
    vec![
        get(
            "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront&siteCode=main&currency=EUR&targetLocation=DE&language=en",
            Nobody,
        ),
        get(
            "/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=storefront&refresh_token={guestRefresh}",
            Nobody,
        ),
        with(
            "POST",
            "/oauth/token",
            Nobody,
            json!({ "grant_type": "client_credentials", "client_id": "backend", "client_secret": "backend-secret", "scope": "cart.cart_manage" }),
        ),
        with(
            "POST",
            "/customer/acme/login",
            Guest,
            json!({ "email": "buyer@example.com", "password": "sandbox-pass" }),
        ),
        Template {
            method: "POST",
            target: "/customer/acme/socialLogin?code=x&redirect_uri=http%3A%2F%2Fshop.test&code_verifier=y",
            who: Guest,
            body: None,
        },
        Template {
            method: "POST",
            target: "/customer/acme/exchangeauthtoken?subjectAccessToken=x&config=default",
            who: Guest,
            body: None,
        },
        get(
            "/customer/acme/refreshauthtoken?refreshToken={refresh}&legalEntityId=le-north",
            Guest,
        ),
        get("/customer/acme/logout?accessToken={access}", Buyer),
        get("/customer/acme/validateauthtoken", Buyer),
        with(
            "POST",
            "/customer/acme/signup",
            Guest,
            json!({
                "email": "nora@example.com", "password": "password", "customerDetails": details, "address": address,
                "signup": { "email": "nora@example.com", "password": "password" },
            }),
        ),
        get("/customer/acme/signup/optin/token", Guest),
        with(
            "POST",
            "/customer/acme/signup/optin/refresh_token",
            Guest,
            json!({ "email": "nora@example.com" }),
        ),
        with(
            "POST",
            "/customer/acme/password/reset",
            Guest,
            json!({ "email": "buyer@example.com", "site": "main" }),
        ),
        with(
            "POST",
            "/customer/acme/password/reset/update",
            Guest,
            json!({ "token": "x", "password": "password" }),
        ),
        with(
            "POST",
            "/customer/acme/password/change",
            Buyer,
            json!({ "currentPassword": "sandbox-pass", "newPassword": "sandbox-pass" }),
        ),
        get("/customer/acme/me?expand=addresses", Buyer),
        with("PATCH", "/customer/acme/me", Buyer, profile.clone()),
        with("PUT", "/customer/acme/me", Buyer, profile),
        with(
            "POST",
            "/customer/acme/me/accounts/internal/email/change",
            Buyer,
            json!({
                "email": "buyer@example.com", "password": "sandbox-pass", "newEmail": "bea@example.com", "syncContactEmail": true,
            }),
        ),
        with(
            "POST",
            "/customer/acme/me/accounts/internal/email/change/confirm",
            Guest,
            json!({ "token": "x" }),
        ),
        with(
            "POST",
            "/customer/acme/me/addresses",
            Buyer,
            address.clone(),
        ),
        get("/customer/acme/me/addresses", Buyer),
        get("/customer/acme/me/addresses/{address}", Buyer),
        with(
            "PATCH",
            "/customer/acme/me/addresses/{address}",
            Buyer,
            address.clone(),
        ),
        with(
            "PUT",
            "/customer/acme/me/addresses/{address}",
            Buyer,
            address,
        ),
        Template {
            method: "POST",
            target: "/customer/acme/me/addresses/{address}/tags?tags=A,B",
            who: Buyer,
            body: None,
        },
        delete("/customer/acme/me/addresses/{address}/tags?tags=A,B", Buyer),
        delete("/customer/acme/me/addresses/{address}", Buyer),
        get("/session-context/acme/context/{session}", Backend),
        with(
            "PUT",
            "/session-context/acme/context/{session}?upsert=true",
            Backend,
            context.clone(),
        ),
        with(
            "POST",
            "/session-context/acme/context/{session}/attributes",
            Backend,
            json!({ "key": "a", "value": "b" }),
        ),
        delete(
            "/session-context/acme/context/{session}/attributes/a",
            Backend,
        ),
        get("/session-context/acme/me/context", Guest),
        with("PATCH", "/session-context/acme/me/context", Guest, context),
        with(
            "POST",
            "/session-context/acme/me/context/attributes",
            Guest,
            json!({ "key": "a", "value": { "b": 1 } }),
        ),
        delete("/session-context/acme/me/context/attributes/a", Guest),
        get(
            "/customer-management/acme/legal-entities?id=le-north&name=north&pageNumber=1&pageSize=2",
            Buyer,
        ),
        with(
            "POST",
            "/customer-management/acme/legal-entities/search",
            Buyer,
            json!({ "q": "id:le-north" }),
        ),
        get("/customer-management/acme/legal-entities/le-north", Buyer),
        get("/iam/acme/users/me/scopes", Buyer),
        get("/iam/acme/users/nobody/groups", Buyer),
        get("/site/acme/sites?pageNumber=1&pageSize=2", Guest),
        get("/site/acme/sites/main", Guest),
        get(
            "/product/acme/products?q=id:harbour-mug&pageNumber=1&pageSize=2&sort=name:asc&fields=name",
            Guest,
        ),
        with(
            "POST",
            "/product/acme/products/search?pageNumber=1&pageSize=2",
            Guest,
            json!({ "q": "id:harbour-mug" }),
        ),
        get("/product/acme/products/harbour-mug?fields=name", Guest),
        with(
            "POST",
            "/price/acme/match-prices-by-context",
            Buyer,
            json!({ "items": [
            { "itemId": { "itemType": "PRODUCT", "id": "harbour-mug" }, "quantity": { "quantity": 1, "unitCode": "pc" } },
        ] }),
        ),
        with("POST", "/cart/acme/carts", Buyer, cart),
        get(
            "/cart/acme/carts?siteCode=main&create=true&type=list&legalEntityId=le-north&customerId=13869001&sessionId={session}",
            Buyer,
        ),
        with(
            "POST",
            "/cart/acme/carts/search?pageNumber=1",
            Buyer,
            json!({ "q": "status:OPEN siteCode:main" }),
        ),
        get("/cart/acme/carts/{cart}", Buyer),
        with("PUT", "/cart/acme/carts/{cart}", Buyer, change),
        with("PUT", "/cart/acme/carts/{cart}/refresh", Buyer, json!({})),
        with(
            "POST",
            "/cart/acme/carts/{cart}/changeSite",
            Buyer,
            json!({ "siteCode": "outlet" }),
        ),
        with(
            "POST",
            "/cart/acme/carts/{cart}/changeCurrency",
            Buyer,
            json!({ "currency": "USD" }),
        ),
        get("/cart/acme/carts/{cart}/validate", Buyer),
        with(
            "POST",
            "/cart/acme/carts/{cart}/merge",
            Buyer,
            json!({ "carts": ["{guestsCart}"] }),
        ),
        get("/cart/acme/carts/{cart}/items", Buyer),
        with(
            "POST",
            "/cart/acme/carts/{cart}/items?siteCode=main",
            Buyer,
            item(),
        ),
        with(
            "POST",
            "/cart/acme/carts/{cart}/itemsBatch",
            Buyer,
            json!([item()]),
        ),
        with(
            "PUT",
            "/cart/acme/carts/{cart}/itemsBatch",
            Buyer,
            json!([{ "id": "0", "quantity": 2 }]),
        ),
        get("/cart/acme/carts/{cart}/items/0", Buyer),
        with("PUT", "/cart/acme/carts/{cart}/items/0", Buyer, item()),
        delete("/cart/acme/carts/{cart}/items/0", Buyer),
        delete("/cart/acme/carts/{cart}/items", Buyer),
        get("/cart/acme/carts/{cart}/discounts", Buyer),
        with(
            "POST",
            "/cart/acme/carts/{cart}/discounts",
            Buyer,
            json!({ "code": "WELCOME10", "currency": "EUR", "amount": 1, "discountRate": 10 }),
        ),
        delete("/cart/acme/carts/{cart}/discounts?codes=WELCOME10", Buyer),
        delete("/cart/acme/carts/{cart}/discounts/0", Buyer),
        delete("/cart/acme/carts/{cart}", Buyer),
        with(
            "POST",
            "/checkout/acme/checkouts/order",
            Buyer,
            checkout("{cart}", json!({ "id": "13869001" })),
        ),
        get("/order-v2/acme/orders?pageNumber=1&pageSize=2", Buyer),
        get("/order-v2/acme/orders/EON1001", Buyer),
        get("/order-v2/acme/legal-entity-orders/le-north", Buyer),
        get("/order-v2/acme/legal-entity-orders/le-north/EON1001", Buyer),
    ]
}

pub(super) fn hostile() -> Vec<Value> {
    let numbers = r#"[0, -1, 1, 0.1, -0.5, 1e-320, 8e12, 9007199254740993, 9223372036854775807, 9223372036854775808,
        18446744073709551615, -9223372036854775808, 1e19, 1e308, -1e308]"#;
    let mut values: Vec<Value> = serde_json::from_str(numbers).expect("numbers");
    values.extend([
        Value::Null,
        json!(true),
        json!([]),
        json!([null]),
        json!([[1]]),
        json!({}),
        json!({ "": null }),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("ä\u{1F600}\u{301}\u{202e}"),
        json!("%"),
        json!("\"'<>{}[]();:~*,.\\/\r\n"),
        json!("1e999"),
        json!("x".repeat(5_000)),
        json!("(".repeat(3_000)),
    ]);
    values
}
