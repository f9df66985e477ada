//! The same customer signs in again while signed in: new tokens, and all else as it was.
use super::{
    ANONYMOUS_REFRESH, CUSTOMER_REFRESH, DAY, HOUR, LOGIN, VALIDATE, revoke, signed_in,
    with_company,
};
use crate::world::{BUYER, Session, World, code};
use serde_json::json;
use storefront_session::session::{Code, Kind, Reason};

const SOLO: (&str, &str) = ("solo@example.com", "sandbox-pass");
const WRONG: (&str, &str) = ("buyer@example.com", "wrong-pass");
const REFRESH: &str = "/customer/acme/refreshauthtoken";

/// The company for which the token in force speaks, as the platform says.
fn company_of_token(session: &Session) -> Option<String> {
    let info = session.validate().unwrap();
    Some(info.legal_entity_id?.as_str().to_owned())
}

/// Makes the record one that a former version has written, which did not note whose tokens they are.
fn forget_whose(world: &World) {
    let text = world.stored().unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
    let customer = record["customer"].as_object_mut().unwrap();
    assert!(customer.remove("accountSalt").is_some());
    assert!(customer.remove("accountMark").is_some());
    world.put_stored(Some(&record.to_string()));
}

#[test]
fn the_same_customer_signs_in_again_and_only_the_tokens_are_new() {
    for company in [None, Some("le-north")] {
        for style in ["snake", "camel", "both"] {
            let world = World::with_profile(json!({ "fieldStyle": style }));
            let session = signed_in(&world);
            if company.is_some() {
                session.switch(company).unwrap();
            }
            let other = world.open();
            world.pass(5 * HOUR);
            world.requests();
            assert_eq!(session.lifecycle.saas_token(), None);
            let before = session.snapshot();
            let token = session.token().unwrap();
            session.events();
            other.events();

            session.login((" Buyer@Example.COM ", BUYER.1)).unwrap_err();
            session.login(("BUYER@example.com", BUYER.1)).unwrap();
            // The guest behind the customer had ended, and is renewed for its bearer. The platform knows no such address.
            let refused = "POST /customer/login anonymous 401";
            let restored = company.map(|_| CUSTOMER_REFRESH);
            let asked = [ANONYMOUS_REFRESH, refused, LOGIN].into_iter();
            assert_eq!(world.requests(), asked.chain(restored).collect::<Vec<_>>());
            let after = session.snapshot();
            assert_eq!(after.identity, before.identity);
            assert_eq!(after.session_id, before.session_id);
            assert_eq!(after.legal_entity_id, before.legal_entity_id);
            assert!(session.lifecycle.saas_token().is_some());
            assert_ne!(session.token().unwrap(), token);
            assert_eq!(company_of_token(&session).as_deref(), company);
            for tab in [&session, &other] {
                world.pass(1);
                let kinds: Vec<_> = tab.events().iter().map(|it| it.kind).collect();
                assert_eq!(kinds, [Kind::Renewed], "{style} {company:?}");
            }
            let info = session.validate().unwrap();
            assert_eq!(info.session_id, before.session_id);
        }
    }
}

#[test]
fn it_is_told_as_a_renewal_that_was_asked_for() {
    let world = World::new();
    let session = signed_in(&world);
    session.login(BUYER).unwrap();
    let [told] = &session.events()[..] else {
        panic!("not one event");
    };
    assert_eq!((told.kind, told.reason), (Kind::Renewed, Reason::Requested));
}

#[test]
fn the_record_knows_the_customer_again_without_the_address() {
    let world = World::new();
    let session = signed_in(&world);
    let stored = world.stored().unwrap();
    assert!(!stored.contains("buyer") && !stored.contains("example.com"));
    // A page that comes later knows him too.
    let other = world.open();
    assert_eq!(code(other.login(SOLO)), "invalid_state");
    other.login(BUYER).unwrap();
    assert_eq!(world.requests(), [LOGIN]);
    world.pass(1);
    assert_eq!(session.snapshot(), other.snapshot());

    // Another record marks the same address otherwise.
    let mark = |world: &World| {
        let text = world.stored().unwrap();
        text.split_once("accountMark")
            .map(|it| it.1[..20].to_owned())
    };
    let first = mark(&world);
    session.logout();
    assert!(!world.stored().unwrap().contains("account"));
    session.login(BUYER).unwrap();
    assert_ne!(mark(&world), first);
}

/// As by a click twice, or in two tabs: the second finds himself signed in when it is his turn.
#[test]
fn who_is_asked_to_sign_in_twice_at_once_signs_in_and_then_again() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.pass(1);
    session.events();
    world.requests();
    let login = |it: &Session, (email, password): (&str, &str)| {
        let (email, password) = (email.into(), password.into());
        it.begin(async |it| it.login(email, password).await)
    };
    let logins = [
        login(&session, BUYER),
        login(&session, BUYER),
        login(&other, BUYER),
        login(&session, SOLO),
        login(&other, (BUYER.0, "another-pass")),
    ];
    world.pass(1_000);
    let outcomes = logins.map(|it| it.take().unwrap().map_err(|it| it.code));
    assert_eq!(outcomes[..3], [Ok(()), Ok(()), Ok(())]);
    assert_eq!(outcomes[3], Err(Code::InvalidState));
    assert_eq!(outcomes[4], Err(Code::InvalidCredentials));
    let refused = "POST /customer/login anonymous 401";
    assert_eq!(world.requests(), [LOGIN, LOGIN, LOGIN, refused]);
    assert_eq!(session.token(), other.token());
    let kinds: Vec<_> = session.events().iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Kind::Login, Kind::Renewed, Kind::Renewed]);
}

#[test]
fn another_customer_is_refused_before_anything_is_sent() {
    let world = World::new();
    let session = with_company(&world);
    let before = session.snapshot();
    for email in [
        "solo@example.com",
        "buyer+1@example.com",
        "buyer@example.org",
    ] {
        assert_eq!(code(session.login((email, BUYER.1))), "invalid_state");
    }
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(session.snapshot(), before);
    assert_eq!(session.events(), []);
}

#[test]
fn a_customer_who_is_not_known_is_asked_for_before_anybody_signs_in() {
    for company in [None, Some("le-north")] {
        for hours in [1, 24 * 31] {
            let world = World::new();
            let session = signed_in(&world);
            if company.is_some() {
                session.switch(company).unwrap();
            }
            forget_whose(&world);
            let session = world.open();
            for day in 0..hours / 24 {
                // The refresh token is kept alive, as in an open tab.
                world.sleep(23 * HOUR);
                let renewed = session.refresh();
                assert!(renewed.is_ok(), "day {day}");
            }
            let (before, token) = (session.snapshot(), session.token());
            world.requests();

            assert_eq!(code(session.login(SOLO)), "invalid_state");
            assert_eq!(world.requests(), [VALIDATE]);
            assert_eq!(
                (session.snapshot(), session.token()),
                (before.clone(), token)
            );

            session.login(BUYER).unwrap();
            let mut asked = world.requests();
            asked.retain(|it| it != ANONYMOUS_REFRESH);
            let restored = company.map(|_| CUSTOMER_REFRESH);
            let expected = [VALIDATE, LOGIN].into_iter().chain(restored);
            assert_eq!(asked, expected.collect::<Vec<_>>());
            assert_eq!(session.snapshot().identity, before.identity);
            assert_eq!(session.snapshot().session_id, before.session_id);
            let info = session.validate().unwrap();
            assert_eq!(info.session_id, before.session_id);
            assert_eq!(company_of_token(&session).as_deref(), company);

            // He is known now.
            world.requests();
            assert_eq!(code(session.login(SOLO)), "invalid_state");
            assert_eq!(world.requests(), [""; 0]);
        }
    }
}

#[test]
fn a_customer_who_is_not_known_and_whose_token_has_ended_is_renewed_first() {
    let world = World::with_profile(json!({ "customerExpiresIn": 600 }));
    signed_in(&world);
    forget_whose(&world);
    let session = world.open();
    let before = session.snapshot();
    world.sleep(HOUR / 2);
    assert_eq!(code(session.login(SOLO)), "invalid_state");
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, VALIDATE]);
    session.login(BUYER).unwrap();
    assert_eq!(world.requests(), [VALIDATE, LOGIN]);
    assert_eq!(session.snapshot().identity, before.identity);
}

/// The older sample of its answer names no address (docs/platform.md).
#[test]
fn where_the_platform_names_no_address_nobody_signs_in_again_before_he_logs_out() {
    let world = World::new();
    signed_in(&world);
    forget_whose(&world);
    let session = world.open();
    let (before, token) = (session.snapshot(), session.token());
    let body = json!({ "scope": "order.order_view_own", "expires_in": 3600 }).to_string();
    world.fault(json!({
        "path": "/customer/acme/validateauthtoken", "kind": "garbage", "status": 200, "body": body
    }));
    assert_eq!(code(session.login(BUYER)), "invalid_state");
    assert_eq!((session.snapshot(), session.token()), (before, token));
    session.logout();
    session.login(BUYER).unwrap();
}

#[test]
fn where_the_platform_does_not_say_who_is_signed_in_nobody_signs_in_again() {
    for fault in [
        json!({ "kind": "status", "status": 503 }),
        json!({ "kind": "status", "status": 401 }),
        json!({ "kind": "drop" }),
    ] {
        let world = World::new();
        signed_in(&world);
        forget_whose(&world);
        let session = world.open();
        let (before, token) = (session.snapshot(), session.token());
        let mut fault = fault;
        fault["path"] = json!("/customer/acme/validateauthtoken");
        world.fault(fault);
        assert!(session.login(BUYER).unwrap_err().retryable);
        assert!(!world.requests().iter().any(|it| it.contains("login")));
        assert_eq!((session.snapshot(), session.token()), (before, token));
        session.login(BUYER).unwrap();
    }
}

#[test]
fn a_wrong_password_costs_one_request_and_changes_nothing() {
    let world = World::new();
    let session = with_company(&world);
    let (before, token) = (session.snapshot(), session.token());
    assert_eq!(code(session.login(WRONG)), "invalid_credentials");
    assert_eq!(world.requests(), ["POST /customer/login anonymous 401"]);
    assert_eq!((session.snapshot(), session.token()), (before, token));
    assert_eq!(session.events(), []);
}

#[test]
fn until_the_company_is_restored_the_former_tokens_stay() {
    let faults = [
        json!({ "path": REFRESH, "kind": "status", "status": 503 }),
        json!({ "path": REFRESH, "kind": "drop" }),
        json!({ "path": REFRESH, "kind": "lost-answer" }),
        json!({ "path": REFRESH, "kind": "garbage" }),
        json!({ "path": REFRESH, "kind": "status", "status": 403 }),
        json!({ "path": REFRESH, "kind": "status", "status": 400, "times": 2 }),
        json!({ "path": "/customer/acme/login", "kind": "lost-answer" }),
        json!({ "path": "/customer/acme/login", "kind": "status", "status": 500 }),
    ];
    for fault in faults {
        let world = World::new();
        let session = with_company(&world);
        let (before, token) = (session.snapshot(), session.token());
        let saas = session.lifecycle.saas_token();
        let name = fault.to_string();
        world.fault(fault);
        let refused = session.login(BUYER).unwrap_err();
        let is_refusal = name.contains("40");
        assert_eq!(
            refused.code.as_str() == "legal_entity_refused",
            is_refusal,
            "{name}"
        );
        assert_eq!(refused.retryable, !is_refusal, "{name}");
        assert_eq!(
            (session.snapshot(), session.token()),
            (before.clone(), token)
        );
        assert_eq!(session.lifecycle.saas_token(), saas);
        assert_eq!(company_of_token(&session).as_deref(), Some("le-north"));
        session.refresh().unwrap();
        session.login(BUYER).unwrap();
        assert_eq!(session.snapshot().identity, before.identity);
        assert_eq!(company_of_token(&session).as_deref(), Some("le-north"));
    }
}

#[test]
fn the_company_is_restored_under_every_reading() {
    for (name, values) in [
        ("refreshBearer", &["anonymous", "customer", "either"][..]),
        ("rotation", &["strict", "lenient", "same"]),
        ("foreignBearerSession", &["keeps", "adopts", "refused"]),
        ("guestAfterLogin", &["lives", "dies"]),
        ("omittedLegalEntity", &["clears", "keeps"]),
        ("logoutKills", &["access", "session"]),
        ("saasClaims", &["iat-exp", "exp"]),
    ] {
        for value in values {
            for is_known in [true, false] {
                let world = World::with_profile(json!({ name: value }));
                let session = with_company(&world);
                if !is_known {
                    forget_whose(&world);
                }
                let session = if is_known { session } else { world.open() };
                let before = session.snapshot();
                world.sleep(5 * HOUR);
                session.login(BUYER).unwrap();
                let after = session.snapshot();
                assert_eq!(after.identity, before.identity, "{name} {value}");
                assert_eq!(after.session_id, before.session_id, "{name} {value}");
                assert_eq!(company_of_token(&session).as_deref(), Some("le-north"));
                assert!(session.lifecycle.saas_token().is_some());
                session.refresh().unwrap();
            }
        }
    }
}

#[test]
fn the_guest_behind_the_customer_may_have_died() {
    let world = World::new();
    let session = signed_in(&world);
    let before = session.snapshot();
    revoke(&world, &session, "access", "guest");
    session.login(BUYER).unwrap();
    let refused = "POST /customer/login anonymous 401";
    assert_eq!(world.requests(), [refused, ANONYMOUS_REFRESH, LOGIN]);
    assert_eq!(session.snapshot().session_id, before.session_id);

    // Without it a session of somebody else lends the bearer, and is never shown.
    revoke(&world, &session, "session", "guest");
    world.sleep(2 * DAY);
    session.login(BUYER).unwrap();
    for _ in 0..2 {
        assert_eq!(session.snapshot().identity, before.identity);
        assert_eq!(session.snapshot().session_id, before.session_id);
        session.refresh().unwrap();
    }
}

#[test]
fn a_logout_overtakes_whoever_signs_in_again() {
    let world = World::new();
    let session = with_company(&world);
    world.delay("/customer/acme/login", 2_000);
    let waiting = session.begin(async |it| it.login(BUYER.0.into(), BUYER.1.into()).await);
    world.pass(500);
    session.logout();
    world.pass(10_000);
    let outcome = waiting.borrow_mut().take().unwrap();
    assert_eq!(code(outcome), "aborted");
    assert!(!world.stored().unwrap().contains("access"));
}

#[test]
fn an_answer_that_is_late_still_signs_in_again() {
    let world = World::new();
    let session = with_company(&world);
    let (before, token) = (session.snapshot(), session.token());
    world.delay("/customer/acme/login", 90_000);
    assert_eq!(code(session.login(BUYER)), "timeout");
    assert_eq!(session.token(), token);
    world.pass(120_000);
    assert_ne!(session.token(), token);
    assert_eq!(session.snapshot().identity, before.identity);
    assert_eq!(company_of_token(&session).as_deref(), Some("le-north"));
}
