//! What stands between a page and the platform and answers for it: a preview's password page, a VPN's gate.

use crate::laws::revoke;
use crate::world::{BUYER, Session, World, code};
use serde_json::json;

const MINUTE: u64 = 60_000;

/// Bodies with which such a gate refuses, the last ones as the platform does: those are its word, unless it refuses all alike.
const BODIES: [&str; 12] = [
    "<!doctype html><title>Password</title>",
    "\n  <html><body>401</body></html>",
    "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
    "[]",
    r#"{"error":"access_denied"}"#,
    r#"{"message":"Unauthorized"}"#,
    "Unauthorized",
    "",
    r#"{"code":401,"status":"UNAUTHORIZED","message":"no"}"#,
    r#"{"fault":{"faultstring":"no","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
    r#"{"status":400,"error":"Bad Request","message":"no","requestId":"NUMBER"}"#,
    r#"{"fault":{"faultstring":"no, NUMBER"}}"#,
];

/// Every endpoint of the session answers so, until there is `no_wall`; each request with a number of its own.
fn wall(world: &World, status: u16, body: &str) {
    let orders: Vec<_> = (0..100)
        .flat_map(|number: u32| {
            let body = body.replace("NUMBER", &number.to_string());
            ["/customerlogin/*", "/customer/*"].map(|path| {
                json!({ "path": path, "times": 1, "kind": "garbage", "status": status, "body": body })
            })
        })
        .collect();
    world.control("POST", "faults", json!(orders));
}

fn no_wall(world: &World) {
    world.control("DELETE", "faults", json!(null));
}

fn open(is_customer: bool) -> (World, Session) {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    if is_customer {
        session.login(BUYER).unwrap();
        session.switch(Some("le-north")).unwrap();
    }
    (world, session)
}

#[test]
fn a_wall_ends_nobody_whatever_it_says() {
    for is_customer in [false, true] {
        for status in [400, 401, 403] {
            for body in BODIES {
                let (world, session) = open(is_customer);
                let before = session.snapshot();
                // Everything has expired: there is nothing to wait for.
                world.sleep(40 * 24 * 60 * MINUTE);
                wall(&world, status, body);
                for _ in 0..3 {
                    let refused = session.token();
                    let error = refused.unwrap_err();
                    assert!(error.retryable, "{is_customer} {status} {body}: {error:?}");
                    world.pass(2 * MINUTE);
                }
                let after = session.snapshot();
                assert_eq!(after.session_id, before.session_id, "{status} {body}");
                assert_eq!(after.identity, before.identity, "{status} {body}");
                assert!(after.renewable, "{status} {body}");
            }
        }
    }
}

#[test]
fn a_wall_costs_a_token_that_serves_nothing() {
    for is_customer in [false, true] {
        for status in [400, 401, 403] {
            for body in BODIES {
                let (world, session) = open(is_customer);
                let before = session.snapshot();
                wall(&world, status, body);
                assert!(session.refresh().is_err());
                let switched = session.switch(Some("le-south"));
                if is_customer {
                    let error = switched.unwrap_err();
                    let codes = ["server", "forbidden", "configuration"];
                    let is_told = codes.contains(&error.code.as_str());
                    assert!(is_told && error.retryable, "{status} {body}: {error:?}");
                }
                no_wall(&world);
                assert_eq!(session.snapshot(), before, "{status} {body}");
                world.pass(11 * MINUTE);
                session.refresh().unwrap();
                assert_eq!(
                    session.session_id(),
                    before.session_id.map(|id| id.as_str().to_owned())
                );
            }
        }
    }
}

#[test]
fn a_switch_that_meets_a_wall_costs_no_refresh_token() {
    for status in [400, 401, 403] {
        for body in BODIES {
            let (world, session) = open(true);
            let before = session.snapshot();
            wall(&world, status, body);
            session.switch(Some("le-south")).unwrap_err();
            assert_eq!(session.snapshot(), before, "{status} {body}");
            no_wall(&world);
            world.pass(11 * MINUTE);
            session.switch(Some("le-south")).unwrap();
        }
    }
}

#[test]
fn a_page_of_html_is_no_wrong_password() {
    for page in [
        BODIES[0],
        "\u{a0}<html>",
        "Sign in <a href='/gate'>here</a>",
    ] {
        let (world, session) = open(false);
        wall(&world, 401, page);
        assert_eq!(code(session.login(BUYER)), "server", "{page}");
        no_wall(&world);
        session.login(BUYER).unwrap();
    }
}

#[test]
fn a_wall_before_the_first_guest_may_pass() {
    let world = World::new();
    let session = world.open();
    wall(&world, 401, BODIES[0]);
    assert!(session.token().unwrap_err().retryable);
}

#[test]
fn a_wall_that_is_gone_a_moment_later_ends_nobody() {
    for is_customer in [false, true] {
        for body in &BODIES[..8] {
            // So many questions meet it.
            for times in 1..8 {
                let (world, session) = open(is_customer);
                let before = session.snapshot();
                world.sleep(20 * 60 * MINUTE);
                let orders = ["/customerlogin/*", "/customer/*"].map(|path| {
                    json!({ "path": path, "times": times, "kind": "garbage", "status": 401, "body": body })
                });
                world.control("POST", "faults", json!(orders));
                for _ in 0..8 {
                    if session.refresh().is_ok() {
                        break;
                    }
                    world.pass(2 * MINUTE);
                }
                let after = session.snapshot();
                assert_eq!(after.session_id, before.session_id, "{body} {times}");
                assert_eq!(after.identity, before.identity, "{body} {times}");
            }
        }
    }
}

/// Of his tokens the access token alone is left to be asked about.
#[test]
fn a_wall_ends_no_customer_whose_refresh_token_is_spent() {
    for status in [400, 401, 403] {
        for body in BODIES {
            let (world, session) = open(true);
            revoke(&world, &session, "refresh", "customer");
            assert_eq!(code(session.refresh()), "not_renewable");
            let before = session.snapshot();
            wall(&world, status, body);
            session.validate().unwrap_err();
            world.sleep(40 * 24 * 60 * MINUTE);
            session.token().unwrap_err();
            assert_eq!(session.snapshot(), before, "{status} {body}");
            no_wall(&world);
            world.pass(11 * MINUTE);
            assert_eq!(code(session.token()), "session_expired");
        }
    }
}
