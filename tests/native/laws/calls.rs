//! Law 7: nothing hangs, nothing loops; and what a call to the API may cost.
use super::{ANONYMOUS_LOGIN, CUSTOMER_REFRESH, DAY, HOUR, VALIDATE, revoke, signed_in};
use crate::world::{BUYER, Session, World, code};
use serde_json::json;
use storefront_session::lifecycle::{Endpoint, Inquiry};
use storefront_session::session::Visitor;

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
fn a_401_forces_one_renewal_and_one_retry() {
    let world = World::new();
    let session = signed_in(&world);
    let began = session.snapshot().identity.as_str().to_owned();
    let endpoint = |method: &str| Endpoint::new(method, "/cart/acme/carts");
    let token = session.token().unwrap();
    let refused = token.clone();
    let (identity, call) = (began.clone(), endpoint("GET"));
    let other = session
        .run(async move |it| it.token_instead(&refused, &identity, call).await)
        .unwrap()
        .unwrap();
    assert_ne!(other.expose(), token);
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);

    // Another caller whose call was under way with the old token needs no renewal of his own.
    let (refused, identity, call) = (token, began.clone(), endpoint("POST"));
    let same = session
        .run(async move |it| it.token_instead(&refused, &identity, call).await)
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
            .run(async move |it| it.token_instead(&refused, &identity, call).await)
            .unwrap();
        assert_eq!(world.requests().len(), requests);
    }
}

#[test]
fn a_401_on_one_call_ends_no_session_whose_token_is_still_accepted() {
    let refused_call = |session: &Session| {
        let refused = session.token().unwrap();
        let identity = session.snapshot().identity.as_str().to_owned();
        let call = Endpoint::new("POST", "/x");
        session.run(async move |it| it.token_instead(&refused, &identity, call).await)
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
        let call = Endpoint::new(method, "/x");
        let answer = session.run(async move |it| it.token_instead(&refused, &identity, call).await);
        assert_eq!(code(answer), "aborted", "{method}");
    }
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
fn a_question_that_is_answered_with_401_is_asked_once_more() {
    let world = World::new();
    let session = signed_in(&world);
    let ask = || {
        let path = "/customer/acme/me".to_owned();
        session.run(async |it| it.inquire(Inquiry::of_customer(path)).await)
    };
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
    assert_eq!(code(ask()), "server");
    assert_eq!(world.requests(), [refused, CUSTOMER_REFRESH, refused]);
    assert_eq!(code(ask()), "server");
    assert_eq!(world.requests(), [refused]);
}

#[test]
fn many_endpoints_that_refuse_every_token_cost_one_renewal() {
    for is_customer in [false, true] {
        let world = World::new();
        let session = world.open();
        session.token().unwrap();
        if is_customer {
            session.login(BUYER).unwrap();
        }
        world.requests();
        for product in 0..30 {
            let endpoint = Endpoint::new("GET", &format!("/product/acme/products/{product}"));
            let refused = session.token().unwrap();
            let began = session.snapshot().identity;
            let other = session.run(async move |it| {
                it.token_instead(&refused, began.as_str(), endpoint)
                    .await
                    .unwrap()
            });
            if other.is_some() {
                session.lifecycle.note_refused_again(endpoint);
            }
        }
        assert_eq!(world.requests().len(), 1);
        // A moment later it may be refused for a reason of its own.
        world.pass(10_000);
        let (refused, began) = (session.token().unwrap(), session.snapshot().identity);
        let endpoint = Endpoint::new("GET", "/cart/acme/carts");
        let other = session.run(async move |it| {
            it.token_instead(&refused, began.as_str(), endpoint)
                .await
                .unwrap()
        });
        assert!(other.is_some());
    }
}
