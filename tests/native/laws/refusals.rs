//! Law 2: only a definite refusal ends an identity.
use super::{ANONYMOUS_LOGIN, ANONYMOUS_REFRESH, DAY, HOUR, revoke, signed_in};
use crate::world::{BUYER, Session, World, code, error};
use serde_json::{Value, json};
use storefront_session::host::StorageFault;
use storefront_session::session::{Kind, Origin, Reason, Visitor};

#[test]
fn a_guest_ends_only_after_a_definite_refusal() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let before = session.snapshot();
    world.sleep(HOUR + 1);
    for status in [403, 404, 429, 500, 503] {
        world.fault(json!({ "path": "/customerlogin/auth/anonymous/refresh", "kind": "status", "status": status, "times": 1 }));
        let refused = error(session.token());
        assert!(refused.retryable, "{status}: {refused:?}");
        world.pass(11 * 60_000);
    }
    for kind in ["drop", "garbage"] {
        world.fault(
            json!({ "path": "/customerlogin/auth/anonymous/refresh", "kind": kind, "times": 1 }),
        );
        assert!(error(session.token()).retryable);
        world.pass(11 * 60_000);
    }
    session.token().unwrap();
    assert_eq!(
        session.session_id().as_deref(),
        before.session_id.as_ref().map(|id| id.as_str())
    );

    world.sleep(2 * DAY);
    session.events();
    session.token().unwrap();
    let kinds = session.kinds();
    assert_eq!(kinds, [Kind::Expired, Kind::Started]);
    assert_ne!(session.snapshot().session_id, before.session_id);
    assert_ne!(session.snapshot().identity, before.identity);
}

#[test]
fn a_guest_whose_refresh_token_is_refused_stays_until_the_access_token_ends() {
    let world = World::new();
    let session = world.open();
    let token = session.token();
    let before = session.snapshot();
    revoke(&world, &session, "refresh", "guest");
    assert_eq!(code(session.refresh()), "not_renewable");
    assert_eq!(session.token(), token);
    let after = session.snapshot();
    assert_eq!(after.session_id, before.session_id);
    assert!(!after.renewable);
}

const REFUSED: &str = "GET /anonymous/refresh none 401";

/// The next renewal of a guest is refused in the platform's own words, and his refresh token lives.
fn refuse_by_mistake(world: &World) {
    let said = r#"{"code":401,"status":"Unauthorized","message":"no such token"}"#;
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "garbage", "status": 401, "body": said }));
}

fn guest_for(life: Value) -> (World, Session) {
    let world = World::with_profile(json!({ "anonymousRefreshExpiresIn": life }));
    let session = world.open();
    session.token().unwrap();
    world.requests();
    (world, session)
}

#[test]
fn a_guest_who_is_refused_before_his_end_is_asked_about_once_more() {
    for life in [json!(86_400), json!(null)] {
        let (world, session) = guest_for(life);
        let id = session.session_id();
        refuse_by_mistake(&world);
        session.refresh().unwrap();
        assert_eq!(world.requests(), [REFUSED, ANONYMOUS_REFRESH]);
        world.sleep(HOUR + 1);
        refuse_by_mistake(&world);
        session.token().unwrap();
        assert_eq!(world.requests(), [REFUSED, ANONYMOUS_REFRESH]);
        assert_eq!(
            (session.session_id(), session.snapshot().renewable),
            (id, true)
        );
    }
    // At his end a refusal is what was to be expected.
    let (world, session) = guest_for(json!(86_400));
    world.sleep(DAY + 1);
    session.token().unwrap();
    assert_eq!(world.requests(), [REFUSED, ANONYMOUS_LOGIN]);
}

#[test]
fn a_clock_that_is_set_while_a_guest_is_refused_does_not_make_it_his_end() {
    let (world, session) = guest_for(json!(86_400));
    let id = session.session_id();
    refuse_by_mistake(&world);
    session.begin(async |it| it.refresh().await);
    world.pass(5);
    world.browser().set_clock_wrong(2 * 86_400_000);
    world.pass(1_000);
    assert_eq!(world.requests(), [REFUSED, ANONYMOUS_REFRESH]);
    assert_eq!(session.session_id(), id);
}

#[test]
fn a_login_whose_answer_was_lost_has_spent_no_token_of_the_guest() {
    let (world, session) = guest_for(json!(86_400));
    world.fault(json!({ "path": "/customer/acme/login", "kind": "lost-answer" }));
    session.login(BUYER).unwrap_err();
    refuse_by_mistake(&world);
    world.requests();
    session.refresh().unwrap();
    assert_eq!(world.requests(), [REFUSED, ANONYMOUS_REFRESH]);
}

#[test]
fn what_a_host_could_not_note_and_did_not_send_is_not_taken_for_a_lost_answer() {
    let (world, session) = guest_for(json!(86_400));
    world.serve();
    world.break_storage(Some(StorageFault::Full));
    assert_eq!(code(session.refresh()), "storage");
    world.break_storage(None);
    refuse_by_mistake(&world);
    session.refresh().unwrap();
    assert_eq!(world.requests(), [REFUSED, ANONYMOUS_REFRESH]);
    assert!(session.snapshot().renewable);
}

#[test]
fn a_customer_whose_refresh_token_is_refused_stays_until_the_access_token_ends() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    revoke(&world, &session, "refresh", "customer");
    assert_eq!(code(session.refresh()), "not_renewable");
    assert!(!session.snapshot().renewable);
    assert_eq!(session.snapshot().kind, Visitor::Customer);
    session.token().unwrap();

    world.sleep(31 * DAY);
    session.events();
    other.events();
    assert_eq!(code(session.token()), "session_expired");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    world.pass(1);
    for (tab, origin) in [(&session, Origin::Local), (&other, Origin::Remote)] {
        let mut events = tab.events();
        // The saas token has ended long before.
        events.retain(|it| it.kind != Kind::Saas);
        let [ended] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!((ended.kind, ended.reason), (Kind::Expired, Reason::Refused));
        assert_eq!(ended.origin, origin);
    }
    session.token().unwrap();
}

#[test]
fn a_403_to_a_customers_refresh_ends_nothing_and_costs_one_request() {
    let world = World::new();
    let session = signed_in(&world);
    let path = "/customer/acme/refreshauthtoken";
    world.fault(json!({ "path": path, "kind": "status", "status": 403 }));
    let refused = error(session.refresh());
    assert_eq!(
        (refused.code.as_str(), refused.retryable),
        ("forbidden", true)
    );
    let asked = "GET /customer/refreshauthtoken anonymous 403";
    assert_eq!(world.requests(), [asked]);
    session.refresh().unwrap();
}

#[test]
fn a_fault_keeps_everything_and_a_good_token_is_handed_out_meanwhile() {
    let world = World::new();
    let session = signed_in(&world);
    let token = session.token();
    world.fault(json!({ "path": "/customer/acme/refreshauthtoken", "kind": "status", "status": 503, "times": 1, "retryAfter": 30 }));
    let refused = error(session.refresh());
    assert_eq!(
        (refused.code.as_str(), refused.retry_after),
        ("server", Some(30_000))
    );
    assert_eq!(session.token(), token);
    world.requests();
    let refused = error(session.refresh());
    assert!(refused.retry_after.unwrap() <= 30_000);
    assert_eq!(world.requests(), [""; 0]);
    world.pass(31_000);
    session.refresh().unwrap();
}

#[test]
fn a_platform_that_asks_for_no_wait_makes_nobody_wait() {
    for wait in [json!(null), json!(0)] {
        let world = World::new();
        let session = world.open();
        let fault = json!({ "path": "/customerlogin/auth/anonymous/login", "kind": "status", "status": 429, "times": 1, "retryAfter": wait });
        world.fault(fault);
        assert_eq!(code(session.token()), "rate_limited");
        session
            .refresh()
            .expect("whoever presses a button is not made to wait");
    }
}

#[test]
fn a_clock_that_is_set_forward_ends_nothing() {
    let world = World::new();
    let session = signed_in(&world);
    session.skew_clock(40 * DAY as i64);
    session.token().unwrap();
    assert_eq!(session.snapshot().kind, Visitor::Customer);
}
