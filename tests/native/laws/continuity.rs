//! Law 1: one `sessionId` from the first guest to the last company, and the login that carries it.
use super::{
    ANONYMOUS_LOGIN, ANONYMOUS_REFRESH, CUSTOMER_REFRESH, HOUR, LOGIN, LOGOUT, revoke, signed_in,
};
use crate::world::{BUYER, World, code, error};
use serde_json::json;
use storefront_session::lifecycle::Inquiry;
use storefront_session::session::Kind;

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
fn a_platform_that_wants_no_guest_is_asked_once() {
    for status in [400, 401, 403] {
        let world = World::new();
        let session = world.open();
        let path = "/customerlogin/auth/anonymous/login";
        world.fault(json!({ "path": path, "kind": "status", "status": status }));
        let refused = error(session.token());
        assert_eq!(
            (refused.code.as_str(), refused.retryable),
            ("configuration", false)
        );
        assert_eq!(refused.status, Some(status));
        assert_eq!(
            world.requests(),
            [format!("GET /anonymous/login none {status}")]
        );
        session.token().unwrap();
    }
}

#[test]
fn a_client_id_that_is_refused_after_a_guest_was_granted_is_named_and_may_pass() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let before = session.snapshot();
    world.sleep(2 * HOUR);
    // Whoever is refused before his end is asked about twice.
    for (call, times) in [("refresh", 2), ("login", 1)] {
        let path = format!("/customerlogin/auth/anonymous/{call}");
        world.fault(json!({ "path": path, "kind": "status", "status": 401, "times": times }));
    }
    let refused = error(session.token());
    assert_eq!(
        (refused.code.as_str(), refused.retryable, refused.status),
        ("configuration", true, Some(401))
    );
    world.pass(60_000);
    session.token().unwrap();
    assert_eq!(session.snapshot().session_id, before.session_id);
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
    assert_eq!(code(session.validate()), "login_required");
    assert_eq!(
        code(session.run(async |it| it.inquire(Inquiry::of_customer("/x".into())).await)),
        "login_required"
    );
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(session.kinds(), []);

    let session = signed_in(&world);
    let another = ("solo@example.com", "sandbox-pass");
    assert_eq!(code(session.login(another)), "invalid_state");
    assert_eq!(world.requests(), [""; 0]);
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
