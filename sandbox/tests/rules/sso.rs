//! Single sign-on: the provider's code flow, and what the platform makes of it.

use crate::shop::{Pair, Shop};
use sandbox::{Answer, Request};
use serde_json::{Value, json};

const BACK: &str = "http%3A%2F%2Fshop.test%2Fcb";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn authorize(shop: &mut Shop, more: &str) -> Answer {
    let target = format!(
        "/_oidc/authorize?response_type=code&client_id=shop&redirect_uri={BACK}&state=default--1{more}"
    );
    shop.platform.handle(&Request::get(target))
}

/// A code for that user, and the rest of the address the browser is sent to.
fn code(shop: &mut Shop, email: &str, more: &str) -> String {
    let answer = authorize(shop, &format!("&login_hint={email}{more}"));
    assert_eq!(answer.status, 302, "{}", answer.body);
    let location = answer.header_value("location").expect("a location");
    let query = location
        .strip_prefix("http://shop.test/cb?code=")
        .expect("a code");
    let code = query.strip_suffix("&state=default--1").expect("the state");
    code.to_owned()
}

fn social_login(shop: &mut Shop, guest: &Pair, code: &str, more: &str) -> Answer {
    let target = format!("/customer/acme/socialLogin?code={code}&redirect_uri={BACK}{more}");
    shop.send("POST", &target, &guest.access, json!(null))
}

fn redeem(shop: &mut Shop, code: &str, more: &str) -> Answer {
    let mut request = Request::new("POST", "/_oidc/token");
    request.body = format!(
        "grant_type=authorization_code&client_id=shop&code={code}&redirect_uri={BACK}{more}"
    );
    shop.platform.handle(&request)
}

fn exchange(shop: &mut Shop, bearer: &str, subject: &str, more: &str) -> Answer {
    let target = format!("/customer/acme/exchangeauthtoken?subjectAccessToken={subject}{more}");
    shop.send("POST", &target, bearer, json!(null))
}

fn text<'b>(body: &'b Value, name: &str) -> &'b str {
    body[name].as_str().expect("a text")
}

#[test]
fn the_provider_describes_itself() {
    let mut shop = Shop::open();
    let request = Request::get("/_oidc/.well-known/openid-configuration").header("Host", "h:1");
    let answer = shop.platform.handle(&request);
    assert_eq!(answer.json()["issuer"], "http://h:1/_oidc");
    assert_eq!(
        answer.json()["authorization_endpoint"],
        "http://h:1/_oidc/authorize"
    );
    assert_eq!(
        answer.header_value("access-control-allow-origin"),
        Some("*")
    );
    let keys = shop.platform.handle(&Request::get("/_oidc/jwks"));
    assert_eq!(keys.json(), json!({ "keys": [] }));
    let nothing = shop.platform.handle(&Request::get("/_oidc/nothing"));
    assert_eq!(nothing.status, 404);
    assert_eq!(shop.platform.log().len(), 0);
}

#[test]
fn the_provider_asks_who_it_is() {
    let mut shop = Shop::open();
    let form = authorize(&mut shop, "");
    assert_eq!(form.status, 200);
    assert!(form.body.contains("name=\"login_hint\"") && form.body.contains("default--1"));
    let error = |shop: &mut Shop, more: &str| {
        let answer = authorize(shop, more);
        answer.header_value("location").map(str::to_owned)
    };
    let silent = error(&mut shop, "&prompt=none").expect("a location");
    assert!(silent.contains("error=login_required"));
    let plain = error(&mut shop, "&code_challenge=x&login_hint=a@example.com");
    assert!(plain.expect("a location").contains("error=invalid_request"));
    for target in [
        "/_oidc/authorize?response_type=code&client_id=shop",
        "/_oidc/authorize?response_type=code&client_id=shop&redirect_uri=javascript:alert(1)",
    ] {
        assert_eq!(shop.platform.handle(&Request::get(target)).status, 400);
    }
}

#[test]
fn a_code_logs_a_customer_in() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let code = code(&mut shop, "buyer@example.com", &pkce);
    let answer = social_login(
        &mut shop,
        &guest,
        &code,
        &format!("&code_verifier={VERIFIER}"),
    );
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert_eq!(
        (
            &body["expires_in"],
            &body["refresh_token_expires_in"],
            &body["session_idle_time"]
        ),
        (&json!("2592000"), &json!("86400"), &json!(3600))
    );
    assert!(body.get("session_id").is_none());
    assert!(text(&body, "scope").ends_with("tenant=acme"));
    for name in ["social_access_token", "social_id_token", "saas_token"] {
        assert_eq!(text(&body, name).split('.').count(), 3);
    }
    let access = text(&body, "access_token").to_owned();
    let validated = shop.validate(&access).json();
    assert_eq!(
        (&validated["sessionId"], &validated["email"]),
        (&json!(guest.session), &json!("buyer@example.com"))
    );
    shop.refresh(
        &guest.access,
        text(&body, "refresh_token"),
        Some("le-south"),
    );
    let row = shop.platform.log().last().expect("a row");
    assert_eq!(row.session_id, Some(guest.session));
}

#[test]
fn a_code_works_once_and_for_whom_it_was_made() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let verifier = format!("&code_verifier={VERIFIER}");
    let used = code(&mut shop, "buyer@example.com", "");
    assert_eq!(social_login(&mut shop, &guest, &used, "").status, 200);
    let wrong = code(&mut shop, "buyer@example.com", &pkce);
    let missing = code(&mut shop, "buyer@example.com", &pkce);
    let unasked = code(&mut shop, "buyer@example.com", "");
    for (code, more) in [
        (used.as_str(), ""),
        ("unknown", ""),
        (&wrong, "&code_verifier=another"),
        (&missing, ""),
        (&unasked, &verifier),
        // A failure has used it up.
        (&wrong, &verifier),
    ] {
        let refused = social_login(&mut shop, &guest, code, more);
        assert_eq!(
            (refused.status, &refused.json()["type"]),
            (401, &json!("insufficient_credentials"))
        );
    }
    let other = code(&mut shop, "buyer@example.com", "");
    let target = format!("/customer/acme/socialLogin?code={other}&redirect_uri=http%3A%2F%2Felse");
    assert_eq!(
        shop.send("POST", &target, &guest.access, json!(null))
            .status,
        401
    );
    let late = code(&mut shop, "buyer@example.com", "");
    shop.platform.advance(60_000);
    assert_eq!(social_login(&mut shop, &guest, &late, "").status, 401);
}

#[test]
fn a_social_login_is_a_guests() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let code = code(&mut shop, "buyer@example.com", "");
    assert_eq!(social_login(&mut shop, &buyer, &code, "").status, 401);
    let target = "/customer/acme/socialLogin?code=x";
    assert_eq!(
        shop.send("POST", target, &guest.access, json!(null)).status,
        400
    );
    let target = format!("/customer/acme/socialLogin?code={code}&redirect_uri={BACK}");
    let request = |session: &str| {
        Request::new("POST", target.clone())
            .bearer(&guest.access)
            .header("session-id", session)
    };
    assert_eq!(shop.platform.handle(&request("another")).status, 400);
    assert_eq!(shop.platform.handle(&request(&guest.session)).status, 200);
}

#[test]
fn a_providers_token_is_exchanged() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let code = code(&mut shop, "new@example.com", "&nonce=n-1");
    let redeemed = redeem(&mut shop, &code, "").json();
    let subject = text(&redeemed, "access_token").to_owned();
    let body = exchange(&mut shop, &guest.access, &subject, "&config=default").json();
    assert_eq!(
        (
            &body["expires_in"],
            &body["refresh_token_expires_in"],
            &body["session_idle_time"]
        ),
        (&json!(2_592_000), &json!(86_400), &json!(120))
    );
    assert_eq!(
        (&body["session_id"], &body["subject_access_token"]),
        (&json!(guest.session), &json!(subject))
    );
    let access = text(&body, "access_token").to_owned();
    let me = shop.get("/customer/acme/me", &access).json();
    assert_eq!(
        (&me["contactEmail"], &me["id"]),
        (&json!("new@example.com"), &json!("13869004"))
    );
    let again = exchange(&mut shop, &guest.access, &subject, "").json();
    let again = text(&again, "access_token").to_owned();
    assert_eq!(
        shop.get("/customer/acme/me", &again).json()["id"],
        "13869004"
    );

    let id_token = text(&redeemed, "id_token");
    let saas = text(&body, "saas_token");
    for (subject, more, status) in [
        (subject.as_str(), "&config=site_PL", 400),
        ("", "", 400),
        ("nonsense", "", 401),
        (id_token, "", 401),
        (saas, "", 401),
    ] {
        let refused = exchange(&mut shop, &guest.access, subject, more);
        assert_eq!(refused.status, status);
    }
    assert_eq!(exchange(&mut shop, &access, &subject, "").status, 403);
    shop.platform.advance(3_600_000);
    let guest = shop.guest();
    assert_eq!(exchange(&mut shop, &guest.access, &subject, "").status, 401);
}

#[test]
fn the_provider_refuses_by_the_standard() {
    let mut shop = Shop::open();
    let made = code(&mut shop, "buyer@example.com", "");
    for (form, error) in [
        ("grant_type=password".to_owned(), "unsupported_grant_type"),
        (
            "grant_type=authorization_code".to_owned(),
            "invalid_request",
        ),
        (
            format!(
                "grant_type=authorization_code&client_id=other&redirect_uri={BACK}&code={made}"
            ),
            "invalid_grant",
        ),
    ] {
        let mut request = Request::new("POST", "/_oidc/token");
        request.body = form;
        let answer = shop.platform.handle(&request);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(error))
        );
    }
    assert_eq!(redeem(&mut shop, &made, "").status, 200);
    shop.platform.reset();
    let before = code(&mut shop, "buyer@example.com", "");
    shop.platform.reset();
    assert_eq!(redeem(&mut shop, &before, "").status, 400);
}
