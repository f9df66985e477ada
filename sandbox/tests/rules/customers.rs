//! Customer login, refresh, logout, validation and profile.

use crate::shop::{DAY, HOUR, Shop, error_code, pair};
use sandbox::Request;
use serde_json::json;

const INVALID: &str = "oauth.v2.InvalidAccessToken";
const EXPIRED: &str = "keymanagement.service.access_token_expired";

#[test]
fn a_login_takes_over_the_guests_session() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let answer = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
    let body = answer.json();
    assert_eq!(body["session_id"], guest.session);
    assert_eq!(body["expires_in"], 2_592_000);
    assert_eq!(body["refresh_token_expires_in"], 86_400);
    assert_eq!(body["initialPassword"], false);
    assert_eq!(
        body["saas_token"]
            .as_str()
            .map(|token| token.split('.').count()),
        Some(3)
    );
    assert!(shop.is_live(&guest.access) && shop.is_live(&guest.refresh));
}

#[test]
fn a_wrong_password_is_no_token_fault() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for (email, password) in [
        ("buyer@example.com", "wrong-pass"),
        ("nobody@example.com", "sandbox-pass"),
    ] {
        let answer = shop.try_login(&guest.access, email, password);
        assert_eq!((answer.status, error_code(&answer).as_str()), (401, ""));
        assert_eq!(answer.json()["type"], "insufficient_credentials");
    }
}

#[test]
fn a_login_needs_its_fields() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for (body, field) in [
        (json!({ "password": "sandbox-pass" }), "email"),
        (json!({ "email": "", "password": "sandbox-pass" }), "email"),
        (json!({ "email": "buyer@example.com" }), "password"),
        (
            json!({ "email": "buyer@example.com", "password": "short" }),
            "password",
        ),
    ] {
        let answer = shop.post("/customer/acme/login", &guest.access, body);
        assert_eq!(
            (answer.status, &answer.json()["details"][0]["field"]),
            (400, &json!(field))
        );
    }
    let mut malformed = Request::new("POST", "/customer/acme/login").bearer(&guest.access);
    malformed.body = "{".to_owned();
    assert_eq!(shop.platform.handle(&malformed).status, 400);
}

#[test]
fn a_login_needs_a_live_guest() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let refused = shop.try_login(&buyer.access, "buyer@example.com", "sandbox-pass");
    assert_eq!(
        (refused.status, error_code(&refused).as_str()),
        (401, INVALID)
    );
    shop.platform.advance(HOUR);
    let expired = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
    assert_eq!(
        (expired.status, error_code(&expired).as_str()),
        (401, EXPIRED)
    );
}

#[test]
fn a_refresh_answers_as_documented() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let answer = shop.try_refresh(&guest.access, &buyer.refresh, None);
    let body = answer.json();
    assert_eq!(body["session_id"], guest.session);
    assert_eq!(body["token_type"], "Bearer");
    assert!(body.get("saas_token").is_none() && body.get("initialPassword").is_none());
    let next = pair(&answer);
    assert_ne!(next.refresh, buyer.refresh);
    assert!(shop.is_live(&buyer.access) && shop.is_live(&next.access));
}

#[test]
fn the_bearer_is_checked_before_the_refresh_token_is_consumed() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let service = shop.platform.handle(&Request {
        body: "grant_type=client_credentials&client_id=backend&client_secret=backend-secret"
            .to_owned(),
        ..Request::new("POST", "/oauth/token")
    });
    let service = service.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    shop.platform.advance(HOUR);
    for (bearer, code) in [
        (guest.access.as_str(), EXPIRED),
        (buyer.access.as_str(), INVALID),
        (service.as_str(), INVALID),
        (guest.refresh.as_str(), INVALID),
        ("nonsense", INVALID),
    ] {
        let answer = shop.try_refresh(bearer, &buyer.refresh, None);
        assert_eq!((answer.status, error_code(&answer).as_str()), (401, code));
    }
    let guest = shop.guest_refresh(&guest.refresh);
    shop.refresh(&guest.access, &buyer.refresh, None);
}

#[test]
fn a_refresh_needs_a_live_refresh_token() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    assert_eq!(
        shop.get("/customer/acme/refreshauthtoken", &guest.access)
            .status,
        400
    );
    assert_eq!(
        shop.try_refresh(&guest.access, "nonsense", None).status,
        401
    );
    assert_eq!(
        shop.try_refresh(&guest.access, &guest.refresh, None).status,
        401
    );
    shop.platform.advance(DAY);
    let guest = shop.guest();
    let answer = shop.try_refresh(&guest.access, &buyer.refresh, None);
    assert_eq!(
        (answer.status, error_code(&answer).as_str()),
        (401, "keymanagement.service.refresh_token_expired")
    );
}

#[test]
fn a_logout_ends_the_access_token() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let target = format!("/customer/acme/logout?accessToken={}", buyer.access);
    let answer = shop.get(&target, &buyer.access);
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(shop.validate(&buyer.access).status, 401);
    assert!(shop.is_live(&buyer.refresh) && shop.is_live(&guest.access));
    assert_eq!(shop.get(&target, &buyer.access).status, 401);
}

#[test]
fn a_logout_names_an_own_token() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let (_, other) = shop.buyer();
    assert_eq!(shop.get("/customer/acme/logout", &buyer.access).status, 400);
    for token in [&other.access, &guest.access, &"nonsense".to_owned()] {
        let target = format!("/customer/acme/logout?accessToken={token}");
        assert_eq!(shop.get(&target, &buyer.access).status, 400);
    }
    assert!(shop.is_live(&other.access));
    assert_eq!(
        shop.get(
            &format!("/customer/acme/logout?accessToken={}", guest.access),
            &guest.access
        )
        .status,
        401
    );
}

#[test]
fn a_validation_tells_what_is_in_the_token() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    shop.platform.advance(26_000);
    let body = shop.validate(&buyer.access).json();
    assert_eq!(body["expires_in"], 2_591_974);
    assert_eq!(body["sessionId"], guest.session);
    assert_eq!(body["email"], "buyer@example.com");
    assert!(body.get("legalEntityId").is_none());
    let scope = body["scope"].as_str().expect("a scope");
    assert!(
        scope.ends_with(" tenant=acme")
            && scope.split(' ').any(|scope| scope == "order.history_view")
    );
    assert_eq!(shop.validate(&guest.access).status, 401);
    assert_eq!(shop.validate("nonsense").status, 401);
}

#[test]
fn everybody_has_a_profile() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let body = shop.get("/customer/acme/me", &guest.access).json();
    assert_eq!(
        (&body["id"], &body["firstName"], &body["accounts"]),
        (&json!("00000000"), &json!("Anonymous"), &json!([]))
    );

    let buyer = shop.login(&guest, "Buyer@Example.com");
    let body = shop.get("/customer/acme/me", &buyer.access).json();
    assert_eq!(body["contactEmail"], "buyer@example.com");
    assert_eq!(body["businessModel"], "B2B");
    let companies = body["b2b"]["legalEntities"].as_array().expect("a list");
    let ids: Vec<_> = companies.iter().map(|company| &company["id"]).collect();
    assert_eq!(ids, ["le-north", "le-south"]);

    let solo = shop.login(&guest, "solo@example.com");
    let body = shop.get("/customer/acme/me", &solo.access).json();
    assert_eq!(
        (&body["businessModel"], &body["b2b"]["legalEntities"]),
        (&json!("B2C"), &json!([]))
    );
}
