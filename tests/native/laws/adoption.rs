//! Tokens from somewhere else.
use super::{HOUR, VALIDATE, revoke, signed_in, with_company};
use crate::world::{BUYER, KEY, Session, World, code};
use serde_json::{Value, json};
use storefront_session::host::Host;
use storefront_session::lifecycle::{Adoption, Change};
use storefront_session::session::{Kind, Reason, Visitor};

const SOLO: (&str, &str) = ("solo@example.com", "sandbox-pass");
const REFRESH: &str = "/customer/acme/refreshauthtoken";

/// Tokens that another storefront's page has got for this customer, for that company.
fn tokens_of(world: &World, who: (&str, &str), company: Option<&str>) -> Value {
    let elsewhere = world.open_at("http://another-page");
    elsewhere.login(who).unwrap();
    if company.is_some() {
        elsewhere.switch(company).unwrap();
    }
    let key = KEY.replace("http://sandbox", "http://another-page");
    let record: Value = serde_json::from_str(&world.stored_under(&key).unwrap()).unwrap();
    let customer = &record["customer"];
    world.requests();
    json!({
        "accessToken": customer["pair"]["access"]["token"],
        "refreshToken": customer["pair"]["refresh"]["token"],
        "saasToken": customer["saas"]["token"],
        "expiresIn": 2_592_000,
        "refreshTokenExpiresIn": 86_400,
    })
}

fn info(session: &Session) -> (Option<String>, Option<String>) {
    let info = session.validate().unwrap();
    let company = info.legal_entity_id.map(|it| it.as_str().to_owned());
    (info.session_id.map(|it| it.as_str().to_owned()), company)
}

#[test]
fn tokens_are_taken_over_validated_once_and_stored_before_use() {
    for company in [None, Some("le-north")] {
        let world = World::new();
        let tokens = tokens_of(&world, BUYER, company);
        let session = world.open();
        session.token().unwrap();
        let guest = session.session_id();
        let other = world.open();
        session.events();
        world.requests();

        session.adopt(&tokens, None, true).unwrap();
        assert_eq!(world.requests(), [VALIDATE]);
        assert_eq!(
            session.token().unwrap(),
            tokens["accessToken"].as_str().unwrap()
        );
        let stored = world.stored().unwrap();
        for name in ["accessToken", "refreshToken", "saasToken"] {
            assert!(stored.contains(tokens[name].as_str().unwrap()), "{name}");
        }
        assert!(!stored.contains("buyer"));
        let [told] = &session.events()[..] else {
            panic!("not one event");
        };
        assert_eq!((told.kind, told.reason), (Kind::Login, Reason::Requested));
        assert_eq!(
            told.previous
                .session_id
                .as_ref()
                .map(|id| id.as_str().to_owned()),
            guest
        );
        // The platform's word on the session counts, and is told.
        assert_ne!(session.session_id(), guest);
        assert_eq!(
            info(&session),
            (session.session_id(), company.map(str::to_owned))
        );
        assert_eq!(session.company().as_deref(), company);
        assert!(session.lifecycle.saas_token().is_some());
        world.pass(1);
        assert_eq!(other.kinds(), [Kind::Login]);
        assert_eq!(other.snapshot(), session.snapshot());

        // It goes on as after a login.
        session.refresh().unwrap();
        session.switch(Some("le-south")).unwrap();
        session.switch(None).unwrap();
        session.login(BUYER).unwrap();
        assert_eq!(code(session.login(SOLO)), "invalid_state");
        session.logout();
        assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    }
}

#[test]
fn without_a_validation_the_given_counts_and_nothing_is_asked() {
    let world = World::new();
    let mut tokens = tokens_of(&world, BUYER, Some("le-north"));
    let session = world.open();
    session.adopt(&tokens, Some("le-north"), false).unwrap();
    assert_eq!(session.company().as_deref(), Some("le-north"));
    assert_eq!(session.session_id(), None);
    assert_eq!(world.requests(), [""; 0]);

    session.logout();
    session.token().unwrap();
    let ours = session.session_id();
    let tokens_2 = tokens_of(&world, BUYER, None);
    session.adopt(&tokens_2, None, false).unwrap();
    assert_eq!(session.session_id(), ours, "none was told");
    session.logout();

    tokens["sessionId"] = json!("given-session");
    let third = tokens_of(&world, BUYER, None);
    tokens["accessToken"] = third["accessToken"].clone();
    session.adopt(&tokens, None, false).unwrap();
    assert_eq!(session.session_id().as_deref(), Some("given-session"));
}

#[test]
fn a_refused_token_leaves_the_former_identity_in_force() {
    for is_customer in [false, true] {
        let world = World::new();
        let session = match is_customer {
            true => with_company(&world),
            false => world.open(),
        };
        session.token().unwrap();
        let (before, token) = (session.snapshot(), session.token());
        let stored = world.stored();
        world.requests();
        let wrong = json!({ "accessToken": "not-a-token-of-this-platform" });
        assert_eq!(
            code(session.adopt(&wrong, None, true)),
            "invalid_credentials"
        );
        assert_eq!(
            world.requests(),
            ["GET /customer/validateauthtoken unknown 401"]
        );

        let good = tokens_of(&world, BUYER, None);
        let path = "/customer/acme/validateauthtoken";
        for status in [403, 429, 503] {
            world.fault(json!({ "path": path, "kind": "status", "status": status }));
            let error = session.adopt(&good, None, true).unwrap_err();
            assert!(error.retryable, "{status}");
        }
        assert_eq!((session.snapshot(), session.token()), (before, token));
        assert_eq!(world.stored(), stored);
        session.events();
        session.refresh().unwrap();
    }
}

#[test]
fn the_same_customer_is_signed_in_again_with_them() {
    for company in [None, Some("le-north")] {
        for theirs in [None, Some("le-north"), Some("le-south")] {
            for is_checked in [true, false] {
                let world = World::new();
                let session = signed_in(&world);
                if company.is_some() {
                    session.switch(company).unwrap();
                }
                let before = session.snapshot();
                session.events();
                let tokens = tokens_of(&world, BUYER, theirs);
                session.adopt(&tokens, theirs, is_checked).unwrap();
                let requests = world.requests();
                if company == theirs {
                    assert_eq!(requests, [VALIDATE]);
                } else {
                    assert!(requests.starts_with(&[VALIDATE.to_owned()]));
                }
                let after = session.snapshot();
                assert_eq!(after.identity, before.identity);
                assert_eq!(after.legal_entity_id, before.legal_entity_id);
                assert_eq!(session.kinds(), [Kind::Renewed]);
                // The session is the one that the platform names.
                let (named, bought_for) = info(&session);
                assert_eq!(bought_for.as_deref(), company, "{theirs:?}");
                assert_eq!(session.session_id(), named);
                session.refresh().unwrap();
                assert_eq!(info(&session).1.as_deref(), company);
            }
        }
    }
}

#[test]
fn who_names_the_session_in_force_keeps_it_whoever_lent_the_bearer() {
    for company in [None, Some("le-north")] {
        for (name, value) in [
            ("foreignBearerSession", "keeps"),
            ("foreignBearerSession", "adopts"),
            ("refreshBearer", "customer"),
            ("guestAfterLogin", "dies"),
        ] {
            let world = World::with_profile(json!({ name: value }));
            let session = signed_in(&world);
            if company.is_some() {
                session.switch(company).unwrap();
            }
            let before = session.snapshot();
            let mut tokens = tokens_of(&world, BUYER, None);
            tokens["sessionId"] = json!(session.session_id());
            session.adopt(&tokens, None, true).unwrap();
            let session = world.open();
            for _ in 0..2 {
                assert_eq!(session.snapshot().identity, before.identity, "{value}");
                assert_eq!(session.snapshot().session_id, before.session_id, "{value}");
                assert_eq!(info(&session).1.as_deref(), company, "{value}");
                session.refresh().unwrap();
            }
            session.switch(Some("le-south")).unwrap();
            assert_eq!(session.snapshot().session_id, before.session_id, "{value}");
            // What is said of a customer who was not signed in is the platform's to know.
            session.logout();
            session.token().unwrap();
            let mut tokens = tokens_of(&world, BUYER, None);
            tokens["sessionId"] = json!(session.session_id());
            let ours = session.session_id();
            session.adopt(&tokens, None, true).unwrap();
            assert_ne!(session.session_id(), ours);
            assert_eq!(session.session_id(), info(&session).0);
        }
    }
}

#[test]
fn tokens_for_a_company_that_the_platform_keeps_are_none_for_b2c() {
    let world = World::with_profile(json!({ "omittedLegalEntity": "keeps" }));
    let session = signed_in(&world);
    let (before, token) = (session.snapshot(), session.token());
    let tokens = tokens_of(&world, BUYER, Some("le-north"));
    let refused = session.adopt(&tokens, None, true);
    assert_eq!(code(refused), "legal_entity_refused");
    assert_eq!((session.snapshot(), session.token()), (before, token));
    assert_eq!(info(&session).1, None);
}

#[test]
fn another_customers_are_refused_while_one_is_signed_in() {
    for is_checked in [true, false] {
        let world = World::new();
        let session = with_company(&world);
        let tokens = tokens_of(&world, SOLO, None);
        let (before, token) = (session.snapshot(), session.token());
        assert_eq!(
            code(session.adopt(&tokens, None, is_checked)),
            "invalid_state"
        );
        assert_eq!((session.snapshot(), session.token()), (before, token));
        assert_eq!(session.events(), []);
        session.logout();
        session.adopt(&tokens, None, is_checked).unwrap();
    }
}

#[test]
fn until_the_company_is_restored_in_them_the_former_stay() {
    for fault in [
        json!({ "path": REFRESH, "kind": "status", "status": 503 }),
        json!({ "path": REFRESH, "kind": "lost-answer" }),
        json!({ "path": REFRESH, "kind": "status", "status": 403 }),
    ] {
        let world = World::new();
        let session = with_company(&world);
        let (before, token) = (session.snapshot(), session.token());
        let tokens = tokens_of(&world, BUYER, None);
        world.fault(fault.clone());
        session.adopt(&tokens, None, true).unwrap_err();
        assert_eq!(
            (session.snapshot(), session.token()),
            (before.clone(), token.clone()),
            "{fault}"
        );
        // Without a refresh token there is nothing to restore it with.
        let mut bare = tokens_of(&world, BUYER, None);
        bare.as_object_mut().unwrap().remove("refreshToken");
        assert_eq!(code(session.adopt(&bare, None, true)), "not_renewable");
        assert_eq!((session.snapshot(), session.token()), (before, token));
        session.refresh().unwrap();
    }
}

#[test]
fn access_tokens_alone_serve_to_their_end() {
    let world = World::new();
    let tokens = tokens_of(&world, BUYER, None);
    let session = world.open();
    let access = json!({ "accessToken": tokens["accessToken"] });
    session.adopt(&access, None, true).unwrap();
    assert!(!session.snapshot().renewable);
    assert_eq!(code(session.refresh()), "not_renewable");
    session.token().unwrap();
    // There is no saas token, and a login brings one.
    assert_eq!(session.lifecycle.saas_token(), None);
    let before = session.snapshot();
    session.login(BUYER).unwrap();
    assert_eq!(session.snapshot().identity, before.identity);
    assert_eq!(session.snapshot().session_id, before.session_id);
    assert!(session.lifecycle.saas_token().is_some() && session.snapshot().renewable);
}

#[test]
fn a_guest_of_another_session_has_no_part_in_it() {
    let world = World::new();
    let tokens = tokens_of(&world, BUYER, None);
    let session = world.open();
    session.token().unwrap();
    let guest = session.session_id();
    session.adopt(&tokens, None, true).unwrap();
    let adopted = session.session_id();
    session.refresh().unwrap();
    assert_eq!(session.session_id(), adopted);
    // When the customer's session ends, nobody goes on under its name.
    revoke(&world, &session, "session", "customer");
    world.sleep(31 * 24 * HOUR);
    assert_eq!(code(session.token()), "session_expired");
    session.token().unwrap();
    assert!(![adopted, guest, None].contains(&session.session_id()));
}

#[test]
fn a_logout_overtakes_whoever_takes_tokens_over() {
    let world = World::new();
    let tokens = tokens_of(&world, BUYER, None);
    let session = world.open();
    session.token().unwrap();
    world.delay("/customer/acme/validateauthtoken", 2_000);
    let other = world.open();
    let waiting = session.begin(async move |it| {
        let now = Host::now(it.host());
        let body = tokens.to_string();
        let read = Adoption::read::<Value>(&body, None, true, now);
        let adoption = Box::new(read?);
        let _signing_in = it.begin_sign_in();
        it.change(it.epoch(), Change::Adopt(adoption)).await
    });
    world.pass(500);
    other.logout();
    world.pass(10_000);
    let outcome = waiting.borrow_mut().take().unwrap();
    assert_eq!(code(outcome), "aborted");
    assert!(!world.stored().unwrap().contains("access"));
}

#[test]
fn tokens_that_are_asked_about_while_a_logout_finds_nobody_are_not_taken_over() {
    let world = World::new();
    let tokens = tokens_of(&world, BUYER, None);
    let session = world.open();
    world.delay("/customer/acme/validateauthtoken", 1_000);
    let adopting = session.begin(async move |it| {
        let now = Host::now(it.host());
        let adoption = Adoption::read::<Value>(&tokens.to_string(), None, true, now)?;
        let _signing_in = it.begin_sign_in();
        it.change(it.epoch(), Change::Adopt(Box::new(adoption)))
            .await
    });
    world.pass(500);
    session.logout();
    world.pass(2_000);
    assert_eq!(code(adopting.take().unwrap()), "aborted");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
}

#[test]
fn a_logout_while_it_is_asked_who_is_signed_in_leaves_nothing_behind() {
    // In the first question, what they are, or in the second, who is signed in.
    for moment in [500, 1_500] {
        let world = World::new();
        let tokens = tokens_of(&world, BUYER, None);
        let first = tokens_of(&world, BUYER, None);
        let session = world.open();
        session.adopt(&first, None, false).unwrap();
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "delay", "delayMs": 1_000, "times": 2 }));
        let adopting = session.begin(async move |it| {
            let now = Host::now(it.host());
            let adoption = Adoption::read::<Value>(&tokens.to_string(), None, true, now)?;
            let _signing_in = it.begin_sign_in();
            it.change(it.epoch(), Change::Adopt(Box::new(adoption)))
                .await
        });
        world.pass(moment);
        session.logout();
        world.pass(10_000);
        assert_eq!(code(adopting.borrow_mut().take().unwrap()), "aborted");
        assert_eq!(session.session_id(), None);
        assert!(!world.stored().unwrap().contains("sessionId"));
    }
}

#[test]
fn what_is_no_token_is_named_before_anything_is_asked() {
    let world = World::new();
    let session = world.open();
    for wrong in [json!({}), json!({ "accessToken": "two words" }), json!([])] {
        let error = session.adopt(&wrong, None, true).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.field),
            ("invalid_argument", Some("accessToken"))
        );
    }
    assert_eq!(world.requests(), [""; 0]);
}

/// As by an effect that React's strict mode runs twice.
#[test]
fn tokens_that_are_handed_over_twice_at_once_are_taken() {
    for is_checked in [true, false] {
        let world = World::new();
        let tokens = tokens_of(&world, BUYER, None).to_string();
        let session = world.open();
        session.token().unwrap();
        let adopt = || {
            let now = session.lifecycle.host().now();
            let adoption = Adoption::read::<Value>(&tokens, None, is_checked, now).unwrap();
            session.begin(async move |it| {
                let _signing_in = it.begin_sign_in();
                it.change(it.epoch(), Change::Adopt(Box::new(adoption)))
                    .await
            })
        };
        let adoptions = [adopt(), adopt()];
        world.pass(1_000);
        assert_eq!(
            adoptions.map(|it| it.take().unwrap()),
            [Ok(()), Ok(())],
            "{is_checked}"
        );
        assert_eq!(session.snapshot().kind, Visitor::Customer);
    }
}

/// The answer to the check of a switch was lost: it is not known yet for which company the tokens in force are.
#[test]
fn tokens_in_force_that_are_brought_before_a_switch_was_checked_cost_no_refresh_token() {
    let world = World::with_profile(json!({ "rotation": "strict" }));
    let session = signed_in(&world);
    let check = json!({ "path": "/customer/acme/validateauthtoken", "kind": "drop" });
    world.fault(check.clone());
    session.switch_verified(Some("le-south")).unwrap_err();
    let record: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    let pair = &record["customer"]["pair"];
    let tokens = json!({
        "accessToken": pair["access"]["token"],
        "refreshToken": pair["refresh"]["token"],
    });
    world.requests();
    world.delay(REFRESH, 1_000);
    let adopting = session.begin(async move |it| {
        let now = Host::now(it.host());
        let adoption = Adoption::read::<Value>(&tokens.to_string(), None, true, now)?;
        it.change(it.epoch(), Change::Adopt(Box::new(adoption)))
            .await
    });
    world.pass(500);
    // If the platform is asked a second time, its answer is lost as well.
    world.fault(check);
    world.pass(5_000);
    assert_eq!(world.requests(), [VALIDATE]);
    assert_eq!(adopting.take(), Some(Ok(())));
    assert_eq!(code(session.token()), "network");
    world.pass(2_000);
    session.token().unwrap();
    assert_eq!(info(&session).1, None);
    assert!(session.snapshot().renewable);
    session.refresh().unwrap();
}

#[test]
fn tokens_in_force_that_are_found_to_be_for_another_company_are_renewed_for_the_one_in_force() {
    let world = World::with_profile(json!({ "rotation": "strict" }));
    let tokens = tokens_of(&world, BUYER, Some("le-south"));
    let session = world.open();
    session.token().unwrap();
    session.adopt(&tokens, None, false).unwrap();
    session.adopt(&tokens, None, true).unwrap();
    session.token().unwrap();
    assert_eq!((session.company(), info(&session).1), (None, None));
    session.refresh().unwrap();
}
