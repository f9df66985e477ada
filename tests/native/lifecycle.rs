//! The laws, one by one.
use crate::world::{BUYER, FORMER_KEY, PATIENCE, Session, World, code, error};
use serde_json::json;
use storefront_session::emporix::platform::DEFAULT_API_URL;
use storefront_session::host::StorageFault;
use storefront_session::lifecycle::Endpoint;
use storefront_session::session::{Event, Kind, Origin, Reason, Remote, Visitor};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

const ANONYMOUS_LOGIN: &str = "GET /anonymous/login none 200";
const ANONYMOUS_REFRESH: &str = "GET /anonymous/refresh none 200";
const LOGIN: &str = "POST /customer/login anonymous 200";
const CUSTOMER_REFRESH: &str = "GET /customer/refreshauthtoken anonymous 200";
const VALIDATE: &str = "GET /customer/validateauthtoken customer 200";
const LOGOUT: &str = "GET /customer/logout customer 204";

fn signed_in(world: &World) -> Session {
    let session = world.open();
    session.login(BUYER).unwrap();
    world.requests();
    session.events();
    session
}

/// Ends tokens of a session behind its back.
fn revoke(world: &World, session: &Session, kind: &str, identity: &str) {
    let id = session.session_id();
    let order = json!({ "kind": kind, "identity": identity, "sessionId": id });
    world.control("POST", "revoke", order);
}

fn with_company(world: &World) -> Session {
    let session = signed_in(world);
    session.switch(Some("le-north")).unwrap();
    world.requests();
    session.events();
    session
}

#[test]
fn the_whole_way_with_one_session_id_and_the_least_requests() {
    let world = World::new();
    let session = world.open();
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(session.session_id(), None);

    session.token().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN]);
    let id = session.session_id();
    assert!(id.is_some());

    session.login(BUYER).unwrap();
    assert_eq!(world.requests(), [LOGIN]);
    let saas = session.lifecycle.saas_token().unwrap();
    assert!(!saas.is_empty() && world.stored().unwrap().contains(&saas));

    session.refresh().unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
    for company in ["le-north", "le-south"] {
        session.switch(Some(company)).unwrap();
        assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
        assert_eq!(session.company().as_deref(), Some(company));
    }
    assert_eq!(session.lifecycle.saas_token(), Some(saas));
    assert_eq!(session.session_id(), id);

    let reloaded = world.open();
    assert_eq!(reloaded.snapshot(), session.snapshot());
    assert_eq!(reloaded.token(), session.token());
    assert_eq!(world.requests(), [""; 0]);

    session.logout();
    assert_eq!(world.requests(), [LOGOUT]);
    let stored = world.stored().unwrap();
    for secret in ["token", "access", "saas\":{", "sessionId\":\""] {
        assert!(!stored.contains(secret), "{secret} in {stored}");
    }
    assert_eq!(
        session.kinds(),
        [
            Kind::Started,
            Kind::Login,
            Kind::Renewed,
            Kind::Switched,
            Kind::Switched,
            Kind::Logout,
            Kind::Revocation
        ]
    );
}

#[test]
fn a_thousand_callers_cost_one_request() {
    let world = World::new();
    let session = world.open();
    let waiting: Vec<_> = (0..1000)
        .map(|_| session.begin(async |it| it.access_token().await.is_ok()))
        .collect();
    world.pass(1000);
    assert!(waiting.iter().all(|outcome| outcome.take() == Some(true)));
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN]);
}

#[test]
fn a_renewal_that_fails_fails_for_all_who_wait() {
    let world = World::new();
    let session = world.open();
    world.fault(
        json!({ "path": "/customerlogin/auth/anonymous/login", "kind": "status", "status": 503 }),
    );
    let waiting: Vec<_> = (0..20)
        .map(|_| session.begin(async |it| it.access_token().await.map(|_| ())))
        .collect();
    world.pass(1000);
    for outcome in waiting {
        assert_eq!(code(outcome.take().unwrap()), "server");
    }
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_platform_that_wants_no_guest_is_asked_once() {
    let world = World::new();
    let session = world.open();
    let path = "/customerlogin/auth/anonymous/login";
    world.fault(json!({ "path": path, "kind": "status", "status": 400 }));
    let refused = error(session.token());
    assert_eq!(
        (refused.code.as_str(), refused.retryable),
        ("forbidden", false)
    );
    assert_eq!(world.requests(), ["GET /anonymous/login none 400"]);
    session.token().unwrap();
}

#[test]
fn two_tabs_renew_once() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    world.requests();
    world.sleep(2 * HOUR);
    let first = one.begin(async |it| it.access_token().await.unwrap().fingerprint());
    let second = two.begin(async |it| it.access_token().await.unwrap().fingerprint());
    world.pass(1000);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    assert_eq!(first.take().unwrap(), second.take().unwrap());
}

#[test]
fn without_locks_a_renewal_that_another_tab_has_begun_is_waited_for() {
    for (is_customer, renewal) in [(false, ANONYMOUS_REFRESH), (true, CUSTOMER_REFRESH)] {
        let world = World::new();
        world.without_locks();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let two = world.open();
        world.requests();
        let first = one.begin(async |it| it.refresh().await);
        world.pass(5);
        let second = two.begin(async |it| it.refresh().await);
        world.pass(1_000);
        assert_eq!((first.take(), second.take()), (Some(Ok(())), Some(Ok(()))));
        assert_eq!(world.requests(), [renewal]);
        assert_eq!(two.token(), one.token());
    }
}

#[test]
fn without_locks_the_loser_ends_nobody_whom_the_winner_is_renewing() {
    let guests = (
        "/customerlogin/auth/anonymous/refresh",
        ANONYMOUS_REFRESH,
        "GET /anonymous/refresh none 401",
    );
    let spent = "GET /customer/refreshauthtoken anonymous 401";
    let customers = ("/customer/acme/refreshauthtoken", CUSTOMER_REFRESH, spent);
    for (is_customer, (path, renewal, spent)) in [(false, guests), (true, customers)] {
        let world = World::new();
        world.without_locks();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let (id, two) = (one.session_id(), world.open());
        world.requests();
        world.delay(path, 30_000);
        one.begin(async |it| it.refresh().await);
        world.pass(5);
        let second = two.begin(async |it| it.refresh().await);
        world.pass(9_000);
        assert_eq!(world.requests(), [renewal]);
        world.pass(11_000);
        assert_eq!(code(second.take().unwrap()), "timeout");
        assert!(world.requests().iter().all(|request| request == spent));
        world.pass(20_000);
        for tab in [&one, &two] {
            tab.token().unwrap();
            assert_eq!(
                (tab.session_id(), tab.snapshot().renewable),
                (id.clone(), true)
            );
        }
        assert_eq!(world.requests(), [""; 0]);
        two.refresh().unwrap();
    }
}

#[test]
fn a_tab_waits_for_storage_to_show_what_the_last_holder_of_the_lock_wrote() {
    let world = World::new();
    let one = signed_in(&world);
    let two = world.open();
    world.let_storage_lag(400);
    let first = one.begin(async |it| it.refresh().await);
    let second = two.begin(async |it| it.switch_legal_entity(Some("le-north".into())).await);
    world.pass(5_000);
    assert_eq!((first.take(), second.take()), (Some(Ok(())), Some(Ok(()))));
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, CUSTOMER_REFRESH]);
    assert!(two.snapshot().renewable);
}

#[test]
fn a_token_whose_answer_was_lost_is_not_sent_again_just_to_be_early() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    world.requests();
    world.fault(json!({ "path": "/customerlogin/auth/anonymous/refresh", "kind": "lost-answer" }));
    world.pass(HOUR - 30_000);
    one.token().unwrap();
    world.pass(20_000);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    one.token().unwrap();
    two.token().unwrap();
    world.pass(1_000);
    assert_eq!(world.requests(), [""; 0]);
    // The access token is over: now it must be tried, and it was spent indeed.
    world.pass(20_000);
    two.token().unwrap();
    assert_eq!(
        world.requests(),
        ["GET /anonymous/refresh none 401", ANONYMOUS_LOGIN]
    );
}

#[test]
fn a_renewal_that_was_answered_with_a_fault_is_tried_again_before_the_end() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.pass(HOUR - 30_000);
    world.requests();
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "status", "status": 503 }));
    for _ in 0..2 {
        session.token().unwrap();
        world.pass(2_000);
    }
    let fault = "GET /anonymous/refresh none 503";
    assert_eq!(world.requests(), [fault, ANONYMOUS_REFRESH]);
}

#[test]
fn a_lost_answer_about_the_guest_does_not_hold_up_the_customers_renewal() {
    let world = World::with_profile(json!({ "customerExpiresIn": 7_200 }));
    let session = signed_in(&world);
    world.pass(2 * HOUR - 30_000);
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "lost-answer" }));
    for _ in 0..2 {
        session.token().unwrap();
        world.pass(2_000);
    }
    let spent = "GET /anonymous/refresh none 401";
    let requests = [ANONYMOUS_REFRESH, spent, ANONYMOUS_LOGIN, CUSTOMER_REFRESH];
    assert_eq!(world.requests(), requests);
}

#[test]
fn a_revision_that_storage_never_shows_is_waited_for_once() {
    let world = World::new();
    drop(signed_in(&world));
    world.put_stored(None);
    let session = world.open();
    let time_of = |work: &dyn Fn()| {
        let begin = world.now();
        work();
        world.now() - begin
    };
    assert!(time_of(&|| _ = session.token().unwrap()) >= 600);
    assert!(time_of(&|| session.refresh().unwrap()) < 600);
    let other = world.open();
    assert!(time_of(&|| other.refresh().unwrap()) < 600);
    assert_eq!(other.session_id(), session.session_id());
}

#[test]
fn an_expired_guest_is_renewed_and_stays_the_same_guest() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let before = session.snapshot();
    world.sleep(HOUR + 1);
    session.token().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN, ANONYMOUS_REFRESH]);
    let after = session.snapshot();
    assert_eq!(after.session_id, before.session_id);
    assert_eq!(after.identity, before.identity);
}

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
    assert_eq!(code(session.refresh()), "forbidden");
    assert_eq!(session.token(), token);
    let after = session.snapshot();
    assert_eq!(after.session_id, before.session_id);
    assert!(!after.renewable);
}

#[test]
fn login_renews_an_expired_guest_first() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let id = session.session_id();
    world.sleep(2 * HOUR);
    world.requests();
    session.login(BUYER).unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, LOGIN]);
    assert_eq!(session.session_id(), id);
}

#[test]
fn login_is_repeated_when_the_platform_blames_the_guests_token() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let id = session.session_id();
    revoke(&world, &session, "access", "guest");
    world.requests();
    session.login(BUYER).unwrap();
    assert_eq!(
        world.requests(),
        [
            "POST /customer/login anonymous 401",
            ANONYMOUS_REFRESH,
            LOGIN
        ]
    );
    assert_eq!(session.session_id(), id);
}

#[test]
fn a_wrong_password_costs_one_login_request_and_nothing_else() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let before = session.snapshot();
    world.requests();
    let refused = session.login((BUYER.0, "wrong-pass"));
    assert_eq!(code(refused), "invalid_credentials");
    assert_eq!(world.requests().len(), 1);
    assert_eq!(session.snapshot(), before);
}

#[test]
fn a_login_that_is_forbidden_is_not_blamed_on_the_password() {
    let world = World::new();
    let session = world.open();
    world.fault(json!({ "path": "/customer/acme/login", "kind": "status", "status": 403 }));
    let refused = error(session.login(BUYER));
    assert_eq!(
        (refused.code.as_str(), refused.status),
        ("forbidden", Some(403))
    );
    session.login(BUYER).unwrap();
}

#[test]
fn bad_input_and_wrong_states_cost_no_request() {
    let world = World::new();
    let session = world.open();
    for (login, field) in [
        (("", "x"), "email"),
        ((" ", "x"), "email"),
        (("x", ""), "password"),
    ] {
        let refused = error(session.login(login));
        assert_eq!(
            (refused.code.as_str(), refused.field),
            ("invalid_argument", Some(field))
        );
    }
    assert_eq!(code(session.switch(Some("le-north"))), "login_required");
    assert_eq!(code(session.switch(None)), "login_required");
    let refused = error(session.switch(Some(" ")));
    assert_eq!(refused.field, Some("legalEntityId"));
    let expected = "legalEntityId must be null or a text that is not empty";
    assert_eq!(refused.message(), expected);
    assert_eq!(
        code(session.run(async |it| it.validate().await)),
        "login_required"
    );
    assert_eq!(
        code(session.run(async |it| it.legal_entities().await)),
        "login_required"
    );
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(session.kinds(), []);

    let session = signed_in(&world);
    assert_eq!(code(session.login(BUYER)), "invalid_state");
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn a_refused_company_leaves_the_former_one_in_force() {
    for status in [400, 401, 403] {
        let world = World::with_profile(json!({ "legalEntityRefusal": status }));
        let session = with_company(&world);
        let before = session.snapshot();
        assert_eq!(
            code(session.switch(Some("le-nobody"))),
            "legal_entity_refused",
            "{status}"
        );
        let after = session.snapshot();
        assert_eq!(
            (after.identity, after.legal_entity_id),
            (before.identity, before.legal_entity_id)
        );
        session.refresh().unwrap();
        session.switch(Some("le-south")).unwrap();
    }
}

#[test]
fn a_refused_company_that_spends_the_refresh_token_keeps_the_access_token() {
    let world = World::with_profile(json!({ "refusedSwitch": "spends" }));
    let session = with_company(&world);
    assert_eq!(
        code(session.switch(Some("le-nobody"))),
        "legal_entity_refused"
    );
    assert!(!session.snapshot().renewable);
    assert_eq!(session.company().as_deref(), Some("le-north"));
    session.run(async |it| it.validate().await).unwrap();
}

#[test]
fn a_403_in_the_check_after_a_refused_company_spends_nothing() {
    let world = World::new();
    let session = with_company(&world);
    let path = "/customer/acme/refreshauthtoken";
    world.fault(json!({ "path": path, "kind": "status", "status": 400 }));
    world.fault(json!({ "path": path, "kind": "status", "status": 403 }));
    let refused = session.switch(Some("le-south"));
    assert_eq!(code(refused), "legal_entity_refused");
    assert!(session.snapshot().renewable);
    session.switch(Some("le-south")).unwrap();
}

#[test]
fn the_first_return_to_b2c_is_checked_and_the_next_is_not() {
    let world = World::new();
    let session = with_company(&world);
    session.switch(None).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, VALIDATE]);
    assert_eq!(session.company(), None);
    session.switch(Some("le-north")).unwrap();
    session.switch(None).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn a_platform_that_keeps_the_company_refuses_b2c() {
    let world = World::with_profile(json!({ "omittedLegalEntity": "keeps" }));
    let session = with_company(&world);
    for requests in [vec![CUSTOMER_REFRESH, VALIDATE], vec![]] {
        assert_eq!(code(session.switch(None)), "legal_entity_refused");
        assert_eq!(world.requests(), requests);
        assert_eq!(session.company().as_deref(), Some("le-north"));
        session.token().unwrap();
    }
}

#[test]
fn an_unanswered_check_of_b2c_hands_out_no_token_of_unknown_company() {
    let world = World::new();
    let session = with_company(&world);
    world.fault(json!({ "path": "/customer/acme/validateauthtoken", "kind": "drop", "times": 1 }));
    assert_eq!(code(session.switch(None)), "network");
    assert_eq!(session.company().as_deref(), Some("le-north"));
    world.requests();
    session.token().unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
    let info = session.run(async |it| it.validate().await).unwrap();
    assert_eq!(info.legal_entity_id.unwrap().as_str(), "le-north");
}

#[test]
fn a_return_to_b2c_whose_check_was_lost_is_seen_when_nothing_can_be_renewed() {
    for (omission, company) in [("clears", None), ("keeps", Some("le-north"))] {
        let world = World::with_profile(json!({ "omittedLegalEntity": omission }));
        let session = with_company(&world);
        let before = session.snapshot();
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "drop" }));
        assert_eq!(code(session.switch(None)), "network");
        assert_eq!(session.company().as_deref(), Some("le-north"));
        revoke(&world, &session, "refresh", "customer");
        session.token().unwrap();
        let after = session.snapshot();
        assert_eq!(session.company().as_deref(), company);
        assert_eq!(after.identity == before.identity, company.is_some());
        assert_eq!(after.session_id, before.session_id);
    }
}

#[test]
fn every_refresh_sends_the_chosen_company() {
    let world = World::new();
    let session = with_company(&world);
    session.refresh().unwrap();
    let info = session.run(async |it| it.validate().await).unwrap();
    assert_eq!(info.legal_entity_id.unwrap().as_str(), "le-north");
}

#[test]
fn the_bearer_that_the_platform_wants_is_found_and_remembered() {
    let world = World::with_profile(json!({ "refreshBearer": "customer" }));
    let session = signed_in(&world);
    session.refresh().unwrap();
    let accepted = "GET /customer/refreshauthtoken customer 200";
    let probed = ["GET /customer/refreshauthtoken anonymous 401", accepted];
    assert_eq!(world.requests(), probed);
    session.refresh().unwrap();
    assert_eq!(world.requests(), [accepted]);
    let reloaded = world.open();
    reloaded.refresh().unwrap();
    assert_eq!(world.requests(), [accepted]);
    reloaded.logout();
    let next = signed_in(&world);
    next.refresh().unwrap();
    assert_eq!(world.requests(), [accepted]);
}

#[test]
fn a_platform_that_changes_its_mind_about_the_bearer_loses_no_switch() {
    let world = World::new();
    let session = signed_in(&world);
    session.refresh().unwrap();
    world.control("PATCH", "profile", json!({ "refreshBearer": "customer" }));
    session.switch(Some("le-north")).unwrap();
    assert_eq!(session.company().as_deref(), Some("le-north"));
    assert_eq!(
        code(session.switch(Some("le-nobody"))),
        "legal_entity_refused"
    );
}

#[test]
fn a_stale_guest_is_renewed_for_its_bearer_and_never_shown() {
    let world = World::new();
    let session = signed_in(&world);
    let before = session.snapshot();
    world.sleep(2 * HOUR);
    session.refresh().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
    assert_eq!(session.snapshot().identity, before.identity);
    assert_eq!(session.kinds(), [Kind::Renewed]);
}

#[test]
fn a_guests_token_that_ends_on_its_way_says_nothing_of_the_customer() {
    let world = World::with_profile(json!({ "anonymousExpiresIn": 30 }));
    let session = signed_in(&world);
    world.pass(HOUR);
    world.delay("/customerlogin/auth/anonymous/refresh", 40_000);
    assert_eq!(code(session.refresh()), "timeout");
    world.pass(60_000);
    let late = "GET /customer/refreshauthtoken anonymous 401";
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, late]);
    session.refresh().unwrap();
}

#[test]
fn a_dead_guest_behind_the_customer_is_replaced_by_a_throw_away() {
    let world = World::with_profile(json!({ "guestAfterLogin": "dies" }));
    let session = signed_in(&world);
    let id = session.session_id();
    session.refresh().unwrap();
    assert_eq!(session.session_id(), id);
    world.requests();
    session.refresh().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN, CUSTOMER_REFRESH]);
    assert_eq!(session.session_id(), id);
}

#[test]
fn a_guest_token_that_died_unseen_costs_one_renewal() {
    let world = World::new();
    let session = signed_in(&world);
    session.refresh().unwrap();
    revoke(&world, &session, "access", "guest");
    world.requests();
    session.refresh().unwrap();
    let refused = "GET /customer/refreshauthtoken anonymous 401";
    assert_eq!(
        world.requests(),
        [refused, ANONYMOUS_REFRESH, CUSTOMER_REFRESH]
    );
}

#[test]
fn a_customer_whose_refresh_token_is_refused_stays_until_the_access_token_ends() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    revoke(&world, &session, "refresh", "customer");
    assert_eq!(code(session.refresh()), "forbidden");
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
        let events = tab.events();
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
fn a_401_forces_one_renewal_and_one_retry() {
    let world = World::new();
    let session = signed_in(&world);
    let began = session.snapshot().identity.as_str().to_owned();
    let endpoint = |method: &str| Endpoint {
        method: method.into(),
        path: "/cart/acme/carts".into(),
    };
    let token = session.token().unwrap();
    let refused = token.clone();
    let (identity, call) = (began.clone(), endpoint("GET"));
    let other = session
        .run(async move |it| it.token_instead(&refused, &identity, &call).await)
        .unwrap()
        .unwrap();
    assert_ne!(other.expose(), token);
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);

    // Another caller whose call was under way with the old token needs no renewal of his own.
    let (refused, identity, call) = (token, began.clone(), endpoint("POST"));
    let same = session
        .run(async move |it| it.token_instead(&refused, &identity, &call).await)
        .unwrap()
        .unwrap();
    assert_eq!(same, other);
    assert_eq!(world.requests(), [""; 0]);

    // What a fresh token got too is the caller's, for a minute.
    for method in ["GET", "PUT"] {
        session.lifecycle.note_refused_again(endpoint(method));
    }
    for (wait, requests) in [(0, 0), (61_000, 1)] {
        world.pass(wait);
        let refused = session.token().unwrap();
        let (identity, call) = (began.clone(), endpoint("GET"));
        session
            .run(async move |it| it.token_instead(&refused, &identity, &call).await)
            .unwrap();
        assert_eq!(world.requests().len(), requests);
    }
}

#[test]
fn a_401_on_one_call_ends_no_session_whose_token_is_still_accepted() {
    let refused_call = |session: &Session| {
        let refused = session.token().unwrap();
        let identity = session.snapshot().identity.as_str().to_owned();
        let call = Endpoint {
            method: "POST".into(),
            path: "/x".into(),
        };
        session.run(async move |it| it.token_instead(&refused, &identity, &call).await)
    };
    let world = World::new();
    let session = signed_in(&world);
    revoke(&world, &session, "refresh", "customer");
    for last in [Some(VALIDATE), None] {
        assert_eq!(refused_call(&session), Ok(None));
        assert_eq!(world.requests().last().map(|it| &**it), last);
        assert_eq!(session.snapshot().kind, Visitor::Customer);
        assert!(!session.snapshot().renewable);
    }
    world.pass(60_000);
    for (status, fault) in [(403, "forbidden"), (503, "server")] {
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "status", "status": status }));
        assert_eq!(code(refused_call(&session)), fault);
        assert_eq!(session.snapshot().kind, Visitor::Customer);
        world.pass(2_000);
    }

    revoke(&world, &session, "access", "customer");
    assert_eq!(code(refused_call(&session)), "session_expired");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
}

#[test]
fn a_call_is_never_repeated_under_another_identity() {
    let world = World::new();
    let session = signed_in(&world);
    let began = session.snapshot().identity.as_str().to_owned();
    let token = session.token().unwrap();
    session.switch(Some("le-south")).unwrap();
    for method in ["POST", "GET"] {
        let (refused, identity) = (token.clone(), began.clone());
        let call = Endpoint {
            method: method.into(),
            path: "/x".into(),
        };
        let answer =
            session.run(async move |it| it.token_instead(&refused, &identity, &call).await);
        assert_eq!(code(answer), "aborted", "{method}");
    }
}

#[test]
fn every_tab_follows_login_switch_and_logout() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    two.token().unwrap();
    one.login(BUYER).unwrap();
    one.switch(Some("le-north")).unwrap();
    world.pass(1);
    assert_eq!(two.snapshot(), one.snapshot());
    assert_eq!(two.token(), one.token());
    one.logout();
    world.pass(1);
    assert_eq!(two.snapshot().kind, Visitor::Anonymous);
    let heard = two.events();
    let remote = |event: &&Event| event.origin == Origin::Remote;
    let told: Vec<_> = heard
        .iter()
        .filter(remote)
        .map(|event| (event.kind, event.reason))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Started, Reason::Needed),
            (Kind::Login, Reason::Requested),
            (Kind::Switched, Reason::Requested),
            (Kind::Logout, Reason::Requested)
        ]
    );
    assert_eq!(
        world.requests(),
        [ANONYMOUS_LOGIN, LOGIN, CUSTOMER_REFRESH, LOGOUT]
    );
}

#[test]
fn a_page_is_told_in_words_what_happened() {
    let world = World::new();
    let session = with_company(&world);
    let before = session.snapshot();
    session.logout();
    let events = session.events();
    let told = |event: &Event| serde_json::to_value(event.fields()).unwrap();
    let millis = |time: Option<u64>| time.unwrap() as f64;
    assert_eq!(
        told(&events[0]),
        json!({
            "type": "logout",
            "reason": "requested",
            "origin": "local",
            "snapshot": {
                "kind": "anonymous",
                "identity": session.snapshot().identity.as_str(),
                "renewable": false,
                "durable": true,
            },
            "previous": {
                "kind": "customer",
                "identity": before.identity.as_str(),
                "sessionId": before.session_id.unwrap().as_str(),
                "legalEntityId": "le-north",
                "expiresAt": millis(before.expires_at),
                "saasExpiresAt": millis(before.saas_expires_at),
                "renewable": true,
                "durable": true,
            },
        })
    );
    assert_eq!(told(&events[1])["remote"], "done");
}

#[test]
fn logout_resolves_whatever_the_platform_says() {
    for (fault, remote) in [
        (None, Remote::Done),
        (Some(json!({ "kind": "drop" })), Remote::Unknown),
        (
            Some(json!({ "kind": "status", "status": 500 })),
            Remote::Unknown,
        ),
        (Some(json!({ "kind": "hold" })), Remote::Unknown),
    ] {
        let world = World::new();
        let session = signed_in(&world);
        if let Some(mut fault) = fault {
            fault["path"] = "/customer/acme/logout".into();
            fault["times"] = 1.into();
            world.fault(fault);
        }
        session.logout();
        world.pass(PATIENCE);
        let events = session.events();
        let last = events.last().unwrap();
        assert_eq!((last.kind, last.remote), (Kind::Revocation, Some(remote)));
        assert!(events.iter().any(|event| event.kind == Kind::Logout));
        assert_eq!(session.session_id(), None);
    }
}

/// A customer's tab, and another that holds the lock for a renewal of five seconds.
fn beside_a_slow_renewal(world: &World) -> (Session, Session) {
    let tabs = (signed_in(world), world.open());
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    tabs.1.begin(async |it| it.refresh().await);
    world.pass(100);
    tabs
}

#[test]
fn a_logout_of_nobody_writes_nothing() {
    let world = World::new();
    let session = world.open();
    session.logout();
    assert_eq!(world.stored(), None);
    session.token().unwrap();
    session.logout();
    let tombstone = world.stored();
    session.logout();
    assert_eq!(world.stored(), tombstone);
}

#[test]
fn a_logout_that_is_said_twice_is_stored_before_it_waits_for_the_lock() {
    let world = World::new();
    let (session, _other) = beside_a_slow_renewal(&world);
    session.begin(async |it| it.logout().await);
    let again = session.begin(async |it| it.logout().await);
    world.pass(100);
    assert_eq!(again.take(), Some(Ok(())));
    assert!(!world.stored().unwrap().contains("token"));
    world.pass(8_000);
    assert!(!world.stored().unwrap().contains("token"));
    assert_eq!(session.kinds(), [Kind::Logout, Kind::Revocation]);
}

#[test]
fn a_logout_of_somebody_only_heard_of_waits_twice_as_well() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.run_until_stalled();
    world.let_publishing_take(100);
    other.begin(async |it| it.logout().await);
    other.logout();
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_renewal_that_is_late_for_the_logout_brings_nothing_back() {
    let world = World::new();
    let session = signed_in(&world);
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    let refresh = session.begin(async |it| it.refresh().await);
    world.pass(100);
    let logout = session.begin(async |it| it.logout().await);
    world.pass(100);
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    world.pass(20_000);
    assert_eq!(logout.take(), Some(Ok(())));
    assert_eq!(code(refresh.take().unwrap()), "aborted");
    assert_eq!(session.session_id(), None);
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_token_that_is_accepted_too_late_for_the_logout_brings_nothing_back() {
    let world = World::new();
    let session = signed_in(&world);
    revoke(&world, &session, "refresh", "customer");
    session.skew_clock(40 * DAY as i64);
    world.delay("/customer/acme/validateauthtoken", 15_000);
    session.begin(async |it| it.access_token().await);
    world.pass(1_000);
    session.begin(async |it| it.logout().await);
    world.pass(20_000);
    assert_eq!(session.kinds(), [Kind::Logout, Kind::Revocation]);
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_logout_ends_nobody_who_came_after_it() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    other.begin(async |it| it.refresh().await);
    world.pass(100);
    session.begin(async |it| it.refresh().await);
    let logout = session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(logout.take(), Some(Ok(())));
    let kinds = session.kinds();
    assert_eq!(kinds, [Kind::Started, Kind::Logout, Kind::Started]);
    assert_eq!(world.open().session_id(), session.session_id());
}

#[test]
fn a_logout_takes_the_guest_along_whom_the_end_of_the_customer_has_left() {
    let lives = json!({ "customerExpiresIn": 60, "customerRefreshExpiresIn": 60 });
    let world = World::with_profile(lives);
    let one = signed_in(&world);
    let two = world.open();
    world.sleep(2 * 60_000);
    let ended = two.begin(async |it| it.access_token().await);
    world.pass(30);
    one.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(ended.take().unwrap()), "aborted");
    assert_eq!((one.session_id(), two.session_id()), (None, None));
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_logout_spares_who_signed_in_after_the_same_logout_in_another_tab() {
    let world = World::new();
    let (one, two) = beside_a_slow_renewal(&world);
    two.begin(async |it| it.logout().await);
    let (email, password) = BUYER;
    let login = two.begin(async move |it| it.login(email.into(), password.into()).await);
    one.begin(async |it| it.logout().await);
    world.pass(20_000);
    assert_eq!(login.take(), Some(Ok(())));
    assert_eq!(one.snapshot().kind, Visitor::Customer);
}

#[test]
fn a_logout_spares_the_guest_who_began_after_the_same_logout_in_another_tab() {
    let world = World::new();
    let (one, two) = beside_a_slow_renewal(&world);
    two.begin(async |it| it.logout().await);
    // The guest begins for the login's sake, and stays.
    let login = two.begin(async |it| it.login(BUYER.0.into(), "wrong".into()).await);
    one.begin(async |it| it.logout().await);
    world.pass(20_000);
    assert_eq!(code(login.take().unwrap()), "invalid_credentials");
    assert!(two.session_id().is_some());
    assert_eq!(one.session_id(), two.session_id());
}

#[test]
fn a_logout_that_waited_in_vain_for_its_turn_spares_whom_storage_does_not_show_yet() {
    let world = World::new();
    let (session, other) = (signed_in(&world), world.open());
    world.delay("/customerlogin/auth/anonymous/login", PATIENCE);
    session.begin(async |it| it.logout().await);
    session.begin(async |it| it.access_token().await);
    world.pass(100);
    world.let_storage_lag(500);
    world.let_publishing_take(200);
    other.begin(async |it| it.logout().await);
    world.pass(11_000);
    assert!(world.stored().unwrap().contains("token"));
    assert!(session.session_id().is_some());
    other.token().unwrap();
    assert_eq!(other.session_id(), session.session_id());
}

#[test]
fn a_logout_overtakes_the_switches_that_wait_in_another_tab() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    for company in ["le-north", "le-south"] {
        other.begin(async move |it| it.switch_legal_entity(Some(company.into())).await);
    }
    world.pass(5);
    session.logout();
    world.pass(10_000);
    for tab in [&session, &other, &world.open()] {
        assert_eq!(tab.snapshot().kind, Visitor::Anonymous);
        assert_eq!(tab.session_id(), None);
    }
}

#[test]
fn a_page_is_told_at_once_of_a_logout_that_waited_in_vain_for_its_turn() {
    let world = World::new();
    let (session, other) = (signed_in(&world), world.open());
    for (path, delay) in [("refreshauthtoken", 9_000), ("logout", 4_000)] {
        let path = format!("/customer/acme/{path}");
        (0..3).for_each(|_| world.delay(&path, delay));
    }
    for (tab, company) in [(&other, "le-north"), (&session, "le-south")] {
        tab.begin(async move |it| it.switch_legal_entity(Some(company.into())).await);
    }
    world.pass(100);
    session.begin(async |it| it.logout().await);
    world.pass(11_000);
    let kinds = session.kinds();
    assert_eq!(kinds, [Kind::Logout, Kind::Revocation]);
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
}

#[test]
fn a_tab_that_stood_still_with_the_lock_in_hand_undoes_no_logout() {
    let world = World::new();
    let (session, still) = (world.open(), world.open());
    session.token().unwrap();
    world.pass(1);
    world.let_publishing_take(12_000);
    let refresh = still.begin(async |it| it.refresh().await);
    world.pass(100);
    world.let_publishing_take(0);
    world.let_storage_lag(2_200);
    world.requests();
    session.logout();
    world.pass(10_000);
    assert_eq!(code(refresh.take().unwrap()), "timeout");
    assert_eq!(world.requests(), [""; 0]);
    for tab in [&session, &still, &world.open()] {
        assert_eq!(tab.session_id(), None);
    }
}

#[test]
fn a_login_that_waits_for_its_turn_is_overtaken_by_a_logout() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    other.begin(async |it| it.refresh().await);
    world.pass(100);
    let (email, password) = BUYER;
    let login = session.begin(async move |it| it.login(email.into(), password.into()).await);
    session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    assert!(!world.requests().iter().any(|it| it == LOGIN));
}

#[test]
fn a_login_that_finds_another_tabs_leaves_that_as_it_is() {
    let world = World::with_profile(json!({ "guestAfterLogin": "dies" }));
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    two.token().unwrap();
    let session = two.session_id();
    // Messages between the tabs are lost, and then storage fails for a while.
    world.let_storage_lag(1);
    one.login(BUYER).unwrap();
    world.pass(1);
    world.break_storage(Some(StorageFault::Unavailable));
    world.let_publishing_take(50);
    world.requests();
    let (email, password) = BUYER;
    let login = two.begin(async move |it| it.login(email.into(), password.into()).await);
    world.pass(815);
    assert_eq!(world.requests().len(), 2, "the login, the guest's refresh");
    world.break_storage(None);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(two.snapshot().kind, Visitor::Customer);
    assert_eq!(two.session_id(), session);
}

#[test]
fn a_login_that_is_late_for_the_logout_is_aborted_and_its_token_revoked() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.requests();
    world.delay("/customer/acme/login", 5_000);
    let (email, password) = BUYER;
    let login = session.begin(async move |it| it.login(email.into(), password.into()).await);
    world.pass(100);
    session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    assert_eq!(world.requests(), [LOGIN, LOGOUT]);
}

#[test]
fn a_caller_times_out_and_the_answer_is_kept() {
    let world = World::new();
    let session = signed_in(&world);
    let before = session.token();
    world.delay("/customer/acme/refreshauthtoken", 30_000);
    assert_eq!(code(session.refresh()), "timeout");
    world.pass(30_000);
    assert_ne!(session.token(), before);
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
}

#[test]
fn a_customers_tab_renews_by_the_nearer_end() {
    let world = World::new();
    let session = signed_in(&world);
    world.pass(17 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
    world.pass(2 * HOUR);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
    assert_eq!(session.kinds(), [Kind::Renewed]);
}

#[test]
fn an_open_shop_costs_two_renewals_a_day() {
    let world = World::new();
    let tabs: Vec<_> = (0..5).map(|_| world.open()).collect();
    tabs[0].login(BUYER).unwrap();
    world.requests();
    for day in 0..10 {
        world.pass(DAY);
        let renewals = world
            .requests()
            .iter()
            .filter(|it| it.contains("refreshauth"))
            .count();
        assert!((1..=2).contains(&renewals), "day {day}: {renewals}");
    }
    assert!(tabs.iter().all(|tab| tab.snapshot() == tabs[0].snapshot()));
}

#[test]
fn a_renewal_right_after_the_login_says_nothing_about_a_countdown() {
    let world = World::new();
    let session = signed_in(&world);
    session.switch(Some("le-north")).unwrap();
    world.requests();
    world.pass(19 * HOUR);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn an_end_that_is_counted_down_triggers_once() {
    let world = World::with_profile(json!({ "refreshLifetime": "countdown" }));
    let _session = signed_in(&world);
    world.pass(23 * HOUR);
    assert_eq!(world.requests().len(), 2);
}

#[test]
fn an_idle_customers_access_token_is_left_to_age() {
    let world = World::with_profile(json!({ "customerExpiresIn": 14_400 }));
    let session = signed_in(&world);
    world.pass(17 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
    session.token().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn absurdly_short_lives_make_no_storm() {
    let world =
        World::with_profile(json!({ "customerRefreshExpiresIn": 1, "customerExpiresIn": 1 }));
    let _session = signed_in(&world);
    world.pass(HOUR);
    assert!(world.requests().len() < 10);
}

#[test]
fn a_token_that_has_ended_on_its_way_is_asked_for_once() {
    let world = World::with_profile(json!({ "anonymousExpiresIn": 1 }));
    let session = world.open();
    world.delay("/customerlogin/auth/anonymous/login", 1_500);
    session.token().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN]);
}

#[test]
fn a_guest_who_sits_idle_costs_nothing() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.requests();
    world.pass(HOUR - 30_000);
    session.wake();
    world.pass(5 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn one_tab_renews_for_all_though_the_refresh_token_stays_the_same() {
    let world = World::with_profile(json!({ "rotation": "same" }));
    let _tabs = [signed_in(&world), world.open(), world.open()];
    world.requests();
    world.pass(20 * HOUR);
    let renewals = |it: &&String| *it == CUSTOMER_REFRESH;
    let requests = world.requests();
    assert_eq!(requests.iter().filter(renewals).count(), 1, "{requests:?}");
}

#[test]
fn a_token_is_lent_for_a_second_and_not_beyond_the_time_it_is_due() {
    let world = World::new();
    let session = world.open();
    let token = session.token().unwrap();
    let lease = || session.lifecycle.lease(&token);
    let begin = world.now();
    world.pass(5_000);
    session.token().unwrap();
    assert_eq!(lease(), 1_000);
    world.pass(400);
    // What is at hand is given without another look.
    session.token().unwrap();
    assert_eq!(lease(), 600);
    world.pass(HOUR - 60_300 - (world.now() - begin));
    session.token().unwrap();
    assert!(lease() < 400);
    session.refresh().unwrap();
    assert_eq!(lease(), 0);
}

#[test]
fn a_clock_that_is_set_back_costs_one_renewal() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let id = session.session_id();
    world.requests();
    session.skew_clock(-(DAY as i64));
    world.pass(2_000);
    for _ in 0..3 {
        session.token().unwrap();
        world.pass(2_000);
    }
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    assert_eq!(session.session_id(), id);
}

#[test]
fn a_clock_that_is_set_back_makes_no_token_younger_that_another_tab_stores_again() {
    const MINUTE: u64 = 60_000;
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    let token = one.token();
    world.pass(50 * MINUTE);
    for tab in [&one, &two] {
        tab.skew_clock(-50 * MINUTE as i64);
    }
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "status", "status": 503 }));
    assert_eq!(code(two.refresh()), "server");
    world.pass(11 * MINUTE);
    assert_ne!(one.token(), token);
}

#[test]
fn a_clock_that_is_set_forward_ends_nothing() {
    let world = World::new();
    let session = signed_in(&world);
    session.skew_clock(40 * DAY as i64);
    session.token().unwrap();
    assert_eq!(session.snapshot().kind, Visitor::Customer);
}

#[test]
fn storage_that_is_full_or_blocked_costs_durability_only() {
    for (fault, reason) in [
        (StorageFault::Full, Reason::Full),
        (StorageFault::Unavailable, Reason::Unavailable),
    ] {
        let world = World::new();
        let (session, other) = (world.open(), world.open());
        world.break_storage(Some(fault));
        session.login(BUYER).unwrap();
        let stored: Vec<_> = session.events();
        let stored = stored
            .iter()
            .find(|event| event.kind == Kind::Storage)
            .unwrap();
        assert_eq!(stored.reason, reason);
        assert!(!session.snapshot().durable);
        world.pass(1);
        assert_eq!(other.snapshot().kind, Visitor::Customer);

        world.break_storage(None);
        session.refresh().unwrap();
        assert!(session.snapshot().durable);
        assert_eq!(world.open().snapshot().kind, Visitor::Customer);
    }
}

#[test]
fn tabs_that_lived_on_in_memory_agree_on_what_is_stored_afterwards() {
    // Numbers begin with the time: with one of these clocks the other tab has come to the very number that is stored next.
    for ahead in 1_900..2_100 {
        let world = World::new();
        world.without_revisions();
        world.let_storage_lag(1);
        let (one, two) = (world.open(), world.open());
        two.skew_clock(ahead);
        world.break_storage(Some(StorageFault::Full));
        one.token().unwrap();
        two.token().unwrap();
        assert_ne!(one.session_id(), two.session_id());
        world.break_storage(None);
        for tab in [&one, &two, &one] {
            world.pass(2_000);
            tab.token().unwrap();
        }
        assert_eq!(one.session_id(), two.session_id());
    }
}

#[test]
fn storage_that_forgets_what_it_was_given_is_no_storage() {
    let world = World::new();
    let session = world.open();
    world.lose_writes();
    session.token().unwrap();
    assert!(!session.snapshot().durable);
}

#[test]
fn an_answer_for_a_session_that_gave_way_to_another_tabs_is_nobodys() {
    let world = World::new();
    // Two visitors, each in its own tab's memory; both have signed in once.
    world.break_storage(Some(StorageFault::Unavailable));
    world.let_storage_lag(3_000);
    world.without_locks();
    let (former, later) = (signed_in(&world), signed_in(&world));
    assert_ne!(former.session_id(), later.session_id());
    world.pass(10_000);
    world.break_storage(None);
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    let refresh = former.begin(async |it| it.refresh().await);
    world.pass(1_000);
    later.wake();
    world.pass(10_000);
    assert_eq!(code(refresh.take().unwrap()), "aborted");
    assert_eq!(former.snapshot(), later.snapshot());
}

#[test]
fn a_tab_finds_the_guest_who_began_after_storage_was_cleared() {
    let world = World::new();
    world.let_storage_lag(400);
    let old = world.open();
    let path = "/customerlogin/auth/anonymous/login";
    world.fault(json!({ "path": path, "kind": "drop", "times": 3 }));
    for _ in 0..3 {
        assert_eq!(code(old.refresh()), "network");
    }
    world.clear_site_data();
    let new = world.open();
    new.token().unwrap();
    old.refresh().unwrap();
    assert_eq!(old.session_id(), new.session_id());
}

#[test]
fn a_tab_follows_who_goes_on_after_storage_was_cleared_though_it_had_counted_further() {
    let world = World::new();
    world.without_revisions();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "garbage", "times": 2 }));
    for _ in 0..2 {
        assert_eq!(code(one.refresh()), "protocol");
    }
    world.put_stored(None);
    two.refresh().unwrap();
    let session = two.session_id();
    world.requests();
    one.refresh().unwrap();
    assert_eq!(one.session_id(), session);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
}

#[test]
fn storage_that_is_cleared_is_filled_again_except_after_a_logout() {
    let world = World::new();
    let session = signed_in(&world);
    world.put_stored(None);
    world.pass(2_000);
    session.token().unwrap();
    world.pass(1_000);
    assert_eq!(world.open().session_id(), session.session_id());

    session.logout();
    world.put_stored(None);
    world.pass(2_000);
    session.wake();
    world.pass(1_000);
    assert_eq!(world.stored(), None);
}

#[test]
fn a_session_that_was_closed_lies_still() {
    let world = World::new();
    let closed = signed_in(&world);
    let other = world.open();
    closed.lifecycle.close();
    other.switch(Some("le-north")).unwrap();
    world.pass(1);
    assert_eq!(closed.company(), None);
    assert_eq!(closed.kinds(), []);
    assert_eq!(code(closed.refresh()), "closed");
    other.lifecycle.close();
    world.requests();
    world.pass(DAY);
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn a_record_that_makes_no_sense_is_reported_and_replaced() {
    for text in [
        "",
        "{",
        "null",
        "[]",
        "{\"schema\":0}",
        "{\"schema\":1}",
        "\u{0}",
        "{\"schema\":\"x\"}",
    ] {
        let world = World::new();
        world.put_stored(Some(text));
        let session = world.open();
        let events = session.events();
        assert_eq!(
            (events[0].kind, events[0].reason),
            (Kind::Storage, Reason::Corrupt),
            "{text:?}"
        );
        assert_eq!(events.len(), 1);
        session.token().unwrap();
        assert_eq!(world.open().session_id(), session.session_id());
    }
}

#[test]
fn a_record_of_a_later_schema_is_left_alone() {
    let world = World::new();
    let later = r#"{"schema":2,"all":"else is unknown"}"#;
    world.put_stored(Some(later));
    let session = world.open();
    session.login(BUYER).unwrap();
    assert!(!session.snapshot().durable);
    assert_eq!(world.stored().as_deref(), Some(later));
}

#[test]
fn a_record_of_another_platform_is_not_ours() {
    let world = World::new();
    signed_in(&world);
    let stored = world.stored();
    let elsewhere = world.open_at("http://elsewhere");
    assert_eq!(elsewhere.session_id(), None);
    elsewhere.token().unwrap_err();
    assert_eq!(world.stored(), stored);
    // Former versions had one key for all of them.
    world.put_stored_under(FORMER_KEY, stored.as_deref());
    let default = world.open_at(DEFAULT_API_URL);
    assert_eq!(default.session_id(), None);
    assert_eq!(default.events()[0].reason, Reason::ForeignApi);
}

#[test]
fn scopes_are_known_after_validate_and_forgotten_with_the_identity() {
    let world = World::new();
    let session = with_company(&world);
    let scope = |scope: &str| session.lifecycle.has_scope(scope);
    assert_eq!(scope("order.history_view"), None);
    let info = session.run(async |it| it.validate().await).unwrap();
    assert_eq!(info.email.as_deref(), Some(BUYER.0));
    assert_eq!(scope("order.history_view"), Some(true));
    assert_eq!(scope("order.history_read"), Some(true));
    assert_eq!(scope("order.everything_manage"), Some(false));
    session.switch(Some("le-south")).unwrap();
    assert_eq!(scope("order.history_view"), None);
}

#[test]
fn the_companies_are_listed() {
    let world = World::new();
    let session = signed_in(&world);
    let companies = session.run(async |it| it.legal_entities().await).unwrap();
    let ids: Vec<_> = companies.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["le-north", "le-south"]);
}

#[test]
fn a_question_that_is_answered_with_401_is_asked_once_more() {
    let world = World::new();
    let session = signed_in(&world);
    let ask = || session.run(async |it| it.legal_entities().await);
    let (refused, granted) = (
        "GET /customer/me customer 401",
        "GET /customer/me customer 200",
    );
    revoke(&world, &session, "access", "customer");
    ask().unwrap();
    assert_eq!(world.requests(), [refused, CUSTOMER_REFRESH, granted]);

    // Where a new token does not help, the next one who asks pays for no renewal.
    world
        .fault(json!({ "path": "/customer/acme/me", "kind": "status", "status": 401, "times": 4 }));
    assert_eq!(code(ask()), "forbidden");
    assert_eq!(world.requests(), [refused, CUSTOMER_REFRESH, refused]);
    assert_eq!(code(ask()), "forbidden");
    assert_eq!(world.requests(), [refused]);
}

#[test]
fn all_spellings_lead_the_same_way() {
    for profile in [
        json!({ "fieldStyle": "snake" }),
        json!({ "fieldStyle": "camel" }),
        json!({ "fieldStyle": "both" }),
        json!({ "expiresInType": "string" }),
        json!({ "fieldStyle": "camel", "expiresInType": "string" }),
        json!({ "rotation": "same" }),
        json!({ "rotation": "lenient" }),
    ] {
        let world = World::with_profile(profile.clone());
        let session = world.open();
        session.token().unwrap();
        let id = session.session_id();
        session.login(BUYER).unwrap();
        assert!(session.lifecycle.saas_token().is_some());
        assert!(session.snapshot().expires_at.is_some(), "{profile}");
        session.switch(Some("le-north")).unwrap();
        session.refresh().unwrap();
        assert_eq!(session.session_id(), id, "{profile}");
        assert_eq!(
            world.requests(),
            [ANONYMOUS_LOGIN, LOGIN, CUSTOMER_REFRESH, CUSTOMER_REFRESH],
            "{profile}"
        );
    }
}

#[test]
fn no_secret_is_printed() {
    let world = World::new();
    let session = signed_in(&world);
    let token = session.token().unwrap();
    session.refresh().unwrap();
    let events = format!("{:?} {:?}", session.events(), session.snapshot());
    assert!(!events.contains(&token));
    assert!(!events.contains(BUYER.0));
}
