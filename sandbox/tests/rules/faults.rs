//! Faults: which work is done, and what the caller sees of it.

use crate::shop::{Shop, pair};
use sandbox::{Delivery, Request, Status};
use serde_json::{Value, json};

fn order(shop: &mut Shop, fault: Value) {
    let orders = serde_json::from_value(json!([fault])).expect("orders");
    shop.platform.add_faults(orders).expect("accepted");
}

const REFRESH: &str = "/customerlogin/auth/anonymous/refresh";

#[test]
fn a_status_comes_instead_of_the_work() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 2, "kind": "status", "status": 503, "retryAfter": "Wed, 21 Oct 2026 07:28:00 GMT" }),
    );
    for _ in 0..2 {
        let answer = shop.try_guest_refresh(&guest.refresh);
        assert_eq!(
            (answer.status, answer.header_value("retry-after")),
            (503, Some("Wed, 21 Oct 2026 07:28:00 GMT"))
        );
    }
    assert_eq!(shop.try_guest_refresh(&guest.refresh).status, 200);
}

#[test]
fn a_drop_comes_before_the_work() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 1, "kind": "drop" }),
    );
    let answer = shop.try_guest_refresh(&guest.refresh);
    assert_eq!((answer.status, answer.delivery), (0, Delivery::Never));
    assert!(shop.is_live(&guest.refresh));
    let row = shop.platform.log().last().expect("a row").clone();
    assert_eq!((row.status, row.delivered), (None, false));
}

#[test]
fn a_lost_answer_comes_after_the_work() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 1, "kind": "lost-answer" }),
    );
    assert_eq!(
        shop.try_guest_refresh(&guest.refresh).delivery,
        Delivery::Never
    );
    assert_eq!(shop.status(&guest.refresh), Status::Spent);
    let row = shop.platform.log().last().expect("a row").clone();
    assert_eq!((row.status, row.delivered), (Some(200), false));
}

#[test]
fn a_delay_is_told() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 1, "kind": "delay", "delayMs": 250 }),
    );
    let answer = shop.try_guest_refresh(&guest.refresh);
    assert_eq!(answer.delivery, Delivery::After(250));
    assert_eq!(pair(&answer).session, guest.session);
}

#[test]
fn garbage_is_a_page() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": "/customerlogin/*", "times": 1, "kind": "garbage" }),
    );
    let answer = shop.try_guest_refresh(&guest.refresh);
    assert_eq!(
        (
            answer.status,
            answer.header_value("content-type"),
            answer.json()
        ),
        (200, Some("text/html"), Value::Null)
    );
    assert!(shop.is_live(&guest.refresh));
}

#[test]
fn garbage_can_be_any_gates_answer() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for (body, kind) in [
        ("<html>", "text/html"),
        (r#"{"error":"no"}"#, "application/json"),
        ("Unauthorized", "text/plain"),
        ("", "text/plain"),
    ] {
        order(
            &mut shop,
            json!({ "path": "/customerlogin/*", "kind": "garbage", "status": 401, "body": body }),
        );
        let answer = shop.try_guest_refresh(&guest.refresh);
        assert_eq!(answer.header_value("content-type"), Some(kind));
        assert_eq!((answer.status, &*answer.body), (401, body));
    }
    assert!(shop.is_live(&guest.refresh));
}

#[test]
fn a_held_answer_waits_for_its_release() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 1, "kind": "hold" }),
    );
    let Delivery::OnRelease(ticket) = shop.try_guest_refresh(&guest.refresh).delivery else {
        panic!("not held")
    };
    assert_eq!(
        shop.status(&guest.refresh),
        Status::Spent,
        "the work is done"
    );
    assert!(shop.platform.is_held(ticket));
    assert!(shop.platform.log().last().is_some_and(|row| !row.delivered));
    assert_eq!(shop.platform.release(), [ticket]);
    assert!(!shop.platform.is_held(ticket));
    assert!(shop.platform.log().last().is_some_and(|row| row.delivered));
}

#[test]
fn nobody_waits_for_an_abandoned_answer() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": REFRESH, "times": 1, "kind": "hold" }),
    );
    let Delivery::OnRelease(ticket) = shop.try_guest_refresh(&guest.refresh).delivery else {
        panic!("not held")
    };
    shop.platform.abandon(ticket);
    assert!(shop.platform.release().is_empty());
    assert!(shop.platform.log().last().is_some_and(|row| !row.delivered));
}

#[test]
fn a_fault_can_be_for_one_kind_of_bearer() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    order(
        &mut shop,
        json!({ "path": "/customer/acme/me", "bearer": "customer", "times": 1, "kind": "status", "status": 500 }),
    );
    assert_eq!(shop.get("/customer/acme/me", &guest.access).status, 200);
    assert_eq!(shop.get("/customer/acme/me", &buyer.access).status, 500);
}

#[test]
fn a_preflight_uses_no_fault_up() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    order(
        &mut shop,
        json!({ "path": "/*", "times": 1, "kind": "drop" }),
    );
    let preflight = shop
        .platform
        .handle(&Request::new("OPTIONS", "/customer/acme/me"));
    assert_eq!((preflight.status, preflight.delivery), (204, Delivery::Now));
    assert_eq!(
        shop.get("/customer/acme/me", &guest.access).delivery,
        Delivery::Never
    );
}

#[test]
fn a_refused_control_call_names_the_field() {
    let mut shop = Shop::open();
    for (name, body, field) in [
        (
            "faults",
            r#"[{ "path": "/x", "kind": "status", "status": "503" }]"#,
            "status",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "status", "status": 70000 }]"#,
            "status",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "status", "status": 200 }]"#,
            "status",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "drop", "times": -1 }]"#,
            "times",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "drop", "times": 1e300 }]"#,
            "times",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "delay" }]"#,
            "delayMs",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "delay", "delayMs": 0.5 }]"#,
            "delayMs",
        ),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "drop", "bearer": "nobody" }]"#,
            "bearer",
        ),
        ("faults", r#"[{ "path": 7, "kind": "drop" }]"#, "path"),
        ("faults", r#"[{ "path": "/x" }]"#, "kind"),
        ("faults", r#"[{ "path": "/x", "kind": "explode" }]"#, "kind"),
        (
            "faults",
            r#"[{ "path": "/x", "kind": "drop", "tiems": 2 }]"#,
            "tiems",
        ),
        ("clock", r#"{ "advanceSeconds": "1" }"#, "advanceSeconds"),
        ("clock", r#"{ "advanceSeconds": null }"#, "advanceSeconds"),
        ("clock", r#"{ "advanceSeconds": -1 }"#, "advanceSeconds"),
        (
            "clock",
            r#"{ "advanceSeconds": 1, "minutes": 2 }"#,
            "minutes",
        ),
        ("clock", "{}", "advanceSeconds"),
        ("revoke", r#"{ "kind": "acess", "sessionId": "x" }"#, "kind"),
        (
            "revoke",
            r#"{ "kind": "access", "sessionId": 1 }"#,
            "sessionId",
        ),
        ("revoke", r#"{ "kind": "access" }"#, "sessionId"),
        (
            "revoke",
            r#"{ "kind": "access", "sessionId": "x", "identity": "both" }"#,
            "identity",
        ),
        (
            "revoke",
            r#"{ "kind": "access", "sessionId": "x", "token": "y" }"#,
            "token",
        ),
    ] {
        let request = Request {
            body: body.to_owned(),
            ..Request::new("POST", format!("/_sandbox/{name}"))
        };
        let answer = shop.platform.handle(&request);
        let message = answer.json()["message"].to_string();
        assert_eq!(answer.status, 400, "{body}");
        assert!(message.contains(field), "{body}: {message}");
    }
    for body in ["", "{", "[]", "{} {}", "null", "7"] {
        let request = Request {
            body: body.to_owned(),
            ..Request::new("POST", "/_sandbox/clock")
        };
        let answer = shop.platform.handle(&request);
        assert!(
            answer.status == 400 && answer.json()["message"].is_string(),
            "{body}"
        );
    }
    assert!(shop.platform.faults().is_empty());
}

#[test]
fn an_order_may_end_in_a_slash() {
    let mut shop = Shop::open();
    let fault = json!([{ "path": "/site/acme/sites/", "kind": "status", "status": 503 }]);
    shop.platform
        .handle(&Request::post("/_sandbox/faults", &fault));
    let guest = shop.guest().access;
    assert_eq!(shop.get("/site/acme/sites", &guest).status, 503);
}
