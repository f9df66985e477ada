//! Every reading of the profile, and what it changes.

use crate::shop::{HOUR, Pair, Shop, error_code, pair};
use sandbox::Status;
use serde_json::{Value, json};

#[test]
fn lenient_rotation_keeps_the_old_refresh_token() {
    let mut shop = Shop::with(json!({ "rotation": "lenient" }));
    let (guest, buyer) = shop.buyer();
    let next = shop.refresh(&guest.access, &buyer.refresh, None);
    assert_ne!(next.refresh, buyer.refresh);
    shop.refresh(&guest.access, &buyer.refresh, None);
    shop.refresh(&guest.access, &next.refresh, None);
}

#[test]
fn same_rotation_is_none() {
    let mut shop = Shop::with(json!({ "rotation": "same" }));
    let guest = shop.guest();
    shop.platform.advance(HOUR);
    let next = shop.guest_refresh(&guest.refresh);
    assert_eq!(next.refresh, guest.refresh);
    assert_ne!(next.access, guest.access);
    shop.platform.advance(23 * HOUR);
    assert!(shop.is_live(&guest.refresh), "its life began again");
}

#[test]
fn reuse_can_cost_the_family() {
    let mut shop = Shop::with(json!({ "reuse": "revoke-session" }));
    let (guest, buyer) = shop.buyer();
    let next = shop.refresh(&guest.access, &buyer.refresh, None);
    assert_eq!(
        shop.try_refresh(&guest.access, &buyer.refresh, None).status,
        401
    );
    for token in [&buyer.access, &next.access, &next.refresh] {
        assert!(!shop.is_live(token));
    }
    assert!(
        shop.is_live(&guest.access) && shop.is_live(&guest.refresh),
        "the guest is another family"
    );
}

#[test]
fn the_refresh_bearer_can_be_the_customers() {
    for (reading, guests, customers) in [
        ("anonymous", 200, 401),
        ("customer", 401, 200),
        ("either", 200, 200),
    ] {
        let mut shop = Shop::with(json!({ "refreshBearer": reading }));
        let (guest, buyer) = shop.buyer();
        assert_eq!(
            shop.try_refresh(&guest.access, &buyer.refresh, None).status,
            guests,
            "{reading}"
        );
        let (_, buyer) = shop.buyer();
        assert_eq!(
            shop.try_refresh(&buyer.access, &buyer.refresh, None).status,
            customers,
            "{reading}"
        );
    }
}

#[test]
fn an_omitted_company_can_stay() {
    for (reading, left) in [("clears", None), ("keeps", Some("le-north"))] {
        let mut shop = Shop::with(json!({ "omittedLegalEntity": reading }));
        let (guest, buyer) = shop.buyer();
        let north = shop.refresh(&guest.access, &buyer.refresh, Some("le-north"));
        let next = shop.refresh(&guest.access, &north.refresh, None);
        assert_eq!(shop.company_of(&next.access).as_deref(), left, "{reading}");
    }
}

#[test]
fn field_names_have_eras() {
    let fields = |style: &str| {
        let mut shop = Shop::with(json!({ "fieldStyle": style }));
        let guest = shop.guest();
        let body = shop
            .try_login(&guest.access, "buyer@example.com", "sandbox-pass")
            .json();
        let mut names: Vec<_> = body
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        names.sort_unstable();
        names
    };
    let snake = [
        "access_token",
        "expires_in",
        "initialPassword",
        "refresh_token",
        "refresh_token_expires_in",
        "saas_token",
        "session_id",
        "token_type",
    ];
    let camel = [
        "accessToken",
        "expiresIn",
        "initialPassword",
        "refreshToken",
        "refreshTokenExpiresIn",
        "saasToken",
    ];
    assert_eq!(fields("snake"), snake);
    assert_eq!(fields("camel"), camel);
    let mut both: Vec<_> = snake.into_iter().chain(camel).collect();
    both.sort_unstable();
    both.dedup();
    assert_eq!(fields("both"), both);
}

#[test]
fn former_access_tokens_can_die() {
    let mut shop = Shop::with(json!({ "oldAccessAfterRefresh": "dies" }));
    let (guest, buyer) = shop.buyer();
    let next = shop.refresh(&guest.access, &buyer.refresh, None);
    assert!(!shop.is_live(&buyer.access) && shop.is_live(&next.access));
    let answer = shop.validate(&buyer.access);
    assert_eq!(error_code(&answer), "oauth.v2.InvalidAccessToken");
    shop.guest_refresh(&guest.refresh);
    assert!(!shop.is_live(&guest.access));
}

#[test]
fn a_foreign_bearer_can_keep_move_or_refuse() {
    let refresh_with_stranger = |reading: &str| {
        let mut shop = Shop::with(json!({ "foreignBearerSession": reading }));
        let (guest, buyer) = shop.buyer();
        let stranger = shop.guest();
        let answer = shop.try_refresh(&stranger.access, &buyer.refresh, None);
        (shop, guest, buyer, stranger, answer)
    };

    let (mut shop, guest, _, _, answer) = refresh_with_stranger("keeps");
    let next = pair(&answer);
    assert_eq!(next.session, guest.session);
    assert_eq!(
        shop.validate(&next.access).json()["sessionId"],
        guest.session
    );

    let (mut shop, _, buyer, stranger, answer) = refresh_with_stranger("adopts");
    let next = pair(&answer);
    assert_eq!(next.session, stranger.session);
    assert_eq!(
        shop.validate(&buyer.access).json()["sessionId"],
        stranger.session
    );

    let (mut shop, guest, buyer, _, answer) = refresh_with_stranger("refused");
    assert_eq!(answer.status, 401);
    shop.refresh(&guest.access, &buyer.refresh, None);
}

#[test]
fn the_guest_can_die_at_login() {
    let mut shop = Shop::with(json!({ "guestAfterLogin": "dies" }));
    let (guest, buyer) = shop.buyer();
    assert!(!shop.is_live(&guest.access) && !shop.is_live(&guest.refresh));
    assert_eq!(shop.try_guest_refresh(&guest.refresh).status, 401);
    let stranger = shop.guest();
    let next = shop.refresh(&stranger.access, &buyer.refresh, None);
    assert_eq!(next.session, guest.session);
}

#[test]
fn a_failed_login_kills_no_guest() {
    let mut shop = Shop::with(json!({ "guestAfterLogin": "dies" }));
    let guest = shop.guest();
    assert_eq!(
        shop.try_login(&guest.access, "buyer@example.com", "wrong-pass")
            .status,
        401
    );
    assert!(shop.is_live(&guest.access));
}

#[test]
fn a_logout_can_end_the_session() {
    let mut shop = Shop::with(json!({ "logoutKills": "session" }));
    let (guest, buyer) = shop.buyer();
    let target = format!("/customer/acme/logout?accessToken={}", buyer.access);
    assert_eq!(shop.get(&target, &buyer.access).status, 204);
    for token in [&guest.access, &guest.refresh, &buyer.access, &buyer.refresh] {
        assert_eq!(shop.status(token), Status::Revoked);
    }
}

#[test]
fn a_refused_switch_can_cost_the_refresh_token() {
    for (reading, status) in [("spares", 200), ("spends", 401)] {
        let mut shop = Shop::with(json!({ "refusedSwitch": reading }));
        let (guest, buyer) = shop.buyer();
        assert_eq!(
            shop.try_refresh(&guest.access, &buyer.refresh, Some("le-nowhere"))
                .status,
            400
        );
        assert_eq!(
            shop.try_refresh(&guest.access, &buyer.refresh, None).status,
            status,
            "{reading}"
        );
        assert!(shop.is_live(&buyer.access));
    }
}

#[test]
fn a_refused_company_has_three_faces() {
    for status in [400, 401, 403] {
        let mut shop = Shop::with(json!({ "legalEntityRefusal": status }));
        let (guest, buyer) = shop.buyer();
        let answer = shop.try_refresh(&guest.access, &buyer.refresh, Some("le-nowhere"));
        assert_eq!(answer.status, status);
        assert_eq!(error_code(&answer).is_empty(), status != 401);
    }
}

#[test]
fn cors_can_be_mean() {
    let failed = |readings: Value| {
        let mut shop = Shop::with(readings);
        let fault = json!([{ "path": "/customer/acme/me", "times": 1, "kind": "status", "status": 429, "retryAfter": 7 }]);
        shop.platform
            .add_faults(serde_json::from_value(fault).expect("faults"))
            .expect("accepted");
        let Pair { access, .. } = shop.guest();
        shop.get("/customer/acme/me", &access)
    };
    let answer = failed(json!({}));
    assert_eq!(
        answer.header_value("access-control-allow-origin"),
        Some("*")
    );
    assert!(
        answer
            .header_value("access-control-expose-headers")
            .is_some_and(|names| names.contains("Retry-After"))
    );
    let hidden = failed(json!({ "exposeRetryAfter": false }));
    assert_eq!(hidden.header_value("retry-after"), Some("7"));
    assert!(
        hidden
            .header_value("access-control-expose-headers")
            .is_some_and(|names| !names.contains("Retry-After"))
    );
    let bare = failed(json!({ "corsOnErrors": false }));
    assert_eq!(
        (
            bare.status,
            bare.header_value("access-control-allow-origin")
        ),
        (429, None)
    );
}
