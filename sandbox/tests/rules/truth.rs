//! What the platform tells of itself: state, token facts; and the control calls.

use crate::shop::{Pair, Shop};
use sandbox::{Answer, BearerKind, Fingerprint, Platform, Request, Status};
use serde_json::{Value, json};

pub(crate) fn control(platform: &mut Platform, method: &str, name: &str, body: Value) -> Answer {
    platform.handle(&Request::new(method, format!("/_sandbox/{name}")).json(&body))
}

pub(crate) fn look(platform: &mut Platform, name: &str) -> Value {
    platform
        .handle(&Request::get(format!("/_sandbox/{name}")))
        .json()
}

#[test]
fn the_state_is_the_truth() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let south = shop.refresh(&guest.access, &buyer.refresh, Some("le-south"));
    shop.get(
        "/cart/acme/carts?siteCode=main&create=true&legalEntityId=le-south",
        &south.access,
    );
    let state = shop.platform.state();
    let session = &state.sessions[0];
    assert_eq!(session.session_id, guest.session);
    let customer = &session.customers[0];
    assert_eq!(customer.email.as_deref(), Some("buyer@example.com"));
    assert_eq!(customer.legal_entity_id.as_deref(), Some("le-south"));
    assert_eq!(customer.access.len(), 2);
    assert_eq!(customer.refresh.len(), 1);
    assert_eq!(customer.refresh[0].token, Fingerprint::of(&south.refresh));
    assert_eq!(state.carts[0].legal_entity_id.as_deref(), Some("le-south"));
    assert_eq!(
        look(&mut shop.platform, "state"),
        serde_json::to_value(&state).expect("serializes")
    );
}

#[test]
fn a_token_has_facts() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let south = shop.refresh(&guest.access, &buyer.refresh, Some("le-south"));
    let facts = shop.platform.token(&south.access).expect("known");
    assert_eq!(facts.bearer, BearerKind::Customer);
    assert_eq!(facts.session_id, Some(guest.session));
    assert_eq!(facts.customer_number.as_deref(), Some("13869001"));
    assert_eq!(facts.legal_entity_id.as_deref(), Some("le-south"));
    assert_eq!(shop.platform.token("nonsense"), None);
}

#[test]
fn the_clock_moves_on_only() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    assert_eq!(
        control(
            &mut shop.platform,
            "POST",
            "clock",
            json!({ "advanceSeconds": 3600 })
        )
        .status,
        200
    );
    assert!(!shop.is_live(&guest.access));
    for body in [
        json!({ "advanceSeconds": -1 }),
        json!({}),
        json!({ "advanceSeconds": 1, "more": 1 }),
    ] {
        assert_eq!(
            control(&mut shop.platform, "POST", "clock", body).status,
            400
        );
    }
}

#[test]
fn a_revocation_ends_what_it_names() {
    for (kind, identity, ended) in [
        ("access", Some("guest"), [true, false, false, false]),
        ("refresh", Some("guest"), [false, true, false, false]),
        ("access", Some("customer"), [false, false, true, false]),
        ("session", Some("customer"), [false, false, true, true]),
        ("session", None, [true, true, true, true]),
    ] {
        let mut shop = Shop::open();
        let (guest, buyer) = shop.buyer();
        let body = json!({ "kind": kind, "identity": identity, "sessionId": guest.session });
        let answer = control(&mut shop.platform, "POST", "revoke", body);
        assert_eq!(
            answer.json()["revoked"],
            ended.iter().filter(|ended| **ended).count()
        );
        let tokens = [&guest.access, &guest.refresh, &buyer.access, &buyer.refresh];
        assert_eq!(
            tokens.map(|token| shop.status(token) == Status::Revoked),
            ended,
            "{kind} {identity:?}"
        );
    }
    let mut platform = Platform::new(1);
    let nobody = json!({ "kind": "access", "sessionId": "nobody" });
    assert_eq!(control(&mut platform, "POST", "revoke", nobody).status, 404);
    assert_eq!(
        control(
            &mut platform,
            "POST",
            "revoke",
            json!({ "kind": "all", "sessionId": "x" })
        )
        .status,
        400
    );
}

#[test]
fn the_profile_can_be_patched() {
    let mut platform = Platform::new(1);
    let answer = control(
        &mut platform,
        "PATCH",
        "profile",
        json!({ "rotation": "same" }),
    );
    assert_eq!(
        (answer.status, &answer.json()["rotation"]),
        (200, &json!("same"))
    );
    for (body, culprit) in [
        (json!({ "rotation": "lenient", "colour": "red" }), "colour"),
        (json!({ "reuse": "sometimes" }), "sometimes"),
        (json!({ "contextDocument": 1 }), "contextDocument"),
    ] {
        let answer = control(&mut platform, "PATCH", "profile", body);
        assert_eq!(answer.status, 400);
        assert!(
            answer.json()["message"]
                .as_str()
                .is_some_and(|message| message.contains(culprit))
        );
    }
    assert_eq!(
        look(&mut platform, "profile")["rotation"],
        "same",
        "all or nothing"
    );
    assert_eq!(
        control(&mut platform, "PATCH", "profile", json!([])).status,
        400
    );
}

#[test]
fn faults_can_be_listed_and_cleared() {
    let mut platform = Platform::new(1);
    let fault = json!({ "path": "/x", "times": 2, "kind": "drop" });
    assert_eq!(
        control(&mut platform, "POST", "faults", json!([fault])).json(),
        json!([fault])
    );
    assert_eq!(
        control(&mut platform, "POST", "faults", json!([fault])).json(),
        json!([fault, fault])
    );
    for bad in [
        json!([{ "path": "/x", "kind": "explode" }]),
        json!([{ "path": "/x", "kind": "drop", "colour": 1 }]),
        json!({}),
    ] {
        assert_eq!(control(&mut platform, "POST", "faults", bad).status, 400);
    }
    assert_eq!(
        control(&mut platform, "DELETE", "faults", json!(null)).json(),
        json!([])
    );
    assert_eq!(look(&mut platform, "faults"), json!([]));
}

#[test]
fn a_reset_forgets_everything() {
    let mut shop = Shop::with(json!({ "rotation": "same" }));
    let Pair { access, .. } = shop.guest();
    control(
        &mut shop.platform,
        "POST",
        "clock",
        json!({ "advanceSeconds": 100 }),
    );
    control(
        &mut shop.platform,
        "POST",
        "faults",
        json!([{ "path": "/x", "kind": "drop" }]),
    );
    assert_eq!(
        control(&mut shop.platform, "POST", "reset", json!(null)).status,
        200
    );
    let mut fresh = Platform::new(7);
    for name in ["requests", "state", "profile", "faults"] {
        assert_eq!(
            look(&mut shop.platform, name),
            look(&mut fresh, name),
            "{name}"
        );
    }
    assert_eq!(shop.get("/customer/acme/me", &access).status, 401);
    assert_ne!(shop.guest().access, access, "no token comes back");
}

#[test]
fn control_calls_are_open_to_pages_and_in_no_log() {
    let mut platform = Platform::new(1);
    let mean = json!({ "corsOnErrors": false });
    assert_eq!(
        control(&mut platform, "PATCH", "profile", mean)
            .header_value("access-control-allow-origin"),
        Some("*")
    );
    let preflight = platform.handle(&Request::new("OPTIONS", "/_sandbox/profile"));
    assert!(
        preflight
            .header_value("access-control-allow-methods")
            .is_some_and(|methods| methods.contains("PATCH"))
    );
    let unknown = platform.handle(&Request::get("/_sandbox/nothing"));
    assert_eq!(
        (
            unknown.status,
            unknown.header_value("access-control-allow-origin")
        ),
        (404, Some("*"))
    );
    assert!(
        platform
            .handle(&Request::get("/_sandbox/"))
            .body
            .contains("POST   /_sandbox/reset")
    );
    assert_eq!(platform.log().len(), 0);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = || {
        let mut shop = Shop::open();
        let (guest, buyer) = shop.buyer();
        shop.refresh(&guest.access, &buyer.refresh, Some("le-north"));
        (guest.access, shop.platform.state())
    };
    assert_eq!(run(), run());
}

#[test]
fn the_readme_knows_every_reading_and_control_call() {
    let readme = include_str!("../../README.md");
    let mut platform = Platform::new(1);
    for (name, default) in look(&mut platform, "profile")
        .as_object()
        .expect("the readings")
    {
        let default = default.as_str().map_or(default.to_string(), str::to_owned);
        let row = format!("| `{name}` | `{default}`");
        assert!(readme.contains(&row), "{row}");
    }
    let help = platform.handle(&Request::get("/_sandbox/")).body;
    let calls: Vec<_> = help
        .lines()
        .map(|line| {
            line.split_whitespace()
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|call| call.contains(" /_sandbox/"))
        .collect();
    assert!(calls.len() > 10, "{help}");
    for call in calls {
        assert!(readme.contains(&format!("| `{call}` |")), "{call}");
    }
}
