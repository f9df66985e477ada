//! What checkout is made with: the saas token beside the access token, and its end.
use super::{CUSTOMER_REFRESH, DAY, HOUR, signed_in};
use crate::world::{BUYER, Session, World, error};
use serde_json::json;
use storefront_session::lifecycle::Purpose;
use storefront_session::session::{Kind, Origin, Reason, SessionError};

/// Access token and saas token of one moment, or the code and reason of the refusal.
fn checkout(session: &Session, is_customers: bool) -> Result<(String, Option<String>), String> {
    let purpose = match is_customers {
        true => Purpose::CustomersCheckout,
        false => Purpose::Checkout,
    };
    let outcome = session.run(async move |it| {
        let token = it.token_for(purpose).await?.expose().to_owned();
        let saas = it.saas_for(purpose)?;
        let both = (token, saas.map(|saas| saas.expose().to_owned()));
        Ok::<_, SessionError>(both)
    });
    match outcome {
        Ok(both) => Ok(both),
        Err(error) => Err(format!(
            "{} {}",
            error.code.as_str(),
            error.reason.unwrap_or("no reason")
        )),
    }
}

#[test]
fn a_guest_checks_out_without_a_saas_token_and_a_customer_with_it() {
    let world = World::new();
    let session = world.open();
    assert_eq!(checkout(&session, true), Err("login_required guest".into()));
    assert_eq!(world.requests(), [""; 0]);
    let (_, none) = checkout(&session, false).unwrap();
    assert_eq!(none, None);

    session.login(BUYER).unwrap();
    world.requests();
    for is_customers in [false, true] {
        let (token, saas) = checkout(&session, is_customers).unwrap();
        assert_eq!(token, session.token().unwrap());
        assert!(saas.is_some() && saas == session.lifecycle.saas_token());
    }
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn whoever_checks_out_after_four_hours_is_asked_to_sign_in_and_stays() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    let before = session.snapshot();
    world.pass(4 * HOUR - 1_000);
    checkout(&session, true).unwrap();
    assert_eq!(session.events(), []);

    // Nobody asks for anything.
    world.pass(2_000);
    for tab in [&session, &other] {
        let [ended] = &tab.events()[..] else {
            panic!("not told once");
        };
        assert_eq!((ended.kind, ended.reason), (Kind::Saas, Reason::Expired));
        assert_eq!(ended.origin, Origin::Local);
        assert_eq!(ended.previous, ended.snapshot);
    }
    assert_eq!(world.requests(), [""; 0]);
    for is_customers in [false, true] {
        let refused = checkout(&session, is_customers);
        assert_eq!(refused, Err("login_required saas_expired".into()));
    }
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(session.snapshot(), before);
    session.refresh().unwrap();
    assert_eq!(session.snapshot().identity, before.identity);
    let kinds: Vec<_> = session.events().iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Kind::Renewed], "its end is told once");

    // A page that begins after its end has nothing to tell.
    let late = world.open();
    world.pass(HOUR);
    assert_eq!(late.events(), []);
}

#[test]
fn a_checkout_waits_for_the_renewal_and_has_both_of_the_moment_after() {
    let world = World::with_profile(json!({ "customerExpiresIn": 600 }));
    let session = signed_in(&world);
    world.sleep(HOUR / 2);
    world.requests();
    let (token, saas) = checkout(&session, true).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
    assert_eq!(token, session.token().unwrap());
    assert_eq!(saas, session.lifecycle.saas_token());
}

#[test]
fn a_checkout_whose_session_ends_meanwhile_is_refused() {
    let world = World::with_profile(json!({ "customerExpiresIn": 600 }));
    let session = signed_in(&world);
    world.sleep(HOUR);
    let waiting = session.begin(async |it| it.token_for(Purpose::CustomersCheckout).await);
    // The renewal is under way.
    world.pass(5);
    session.logout();
    world.pass(HOUR / 2);
    let outcome = waiting.borrow_mut().take().unwrap();
    let error = error(outcome);
    assert!(["aborted", "login_required"].contains(&error.code.as_str()));
}

#[test]
fn a_wrong_clock_ends_no_checkout() {
    for claims in ["iat-exp", "exp"] {
        for skew in [-9 * 365, -2, 2, 400, 9 * 365] {
            let world = World::with_profile(json!({ "saasClaims": claims }));
            let session = world.open();
            session.skew_clock(skew * DAY as i64);
            session.login(BUYER).unwrap();
            world.requests();
            world.sleep(4 * HOUR - 10_000);
            let outcome = checkout(&session, true);
            assert!(outcome.is_ok(), "{claims} {skew} days: {outcome:?}");
        }
    }
}

#[test]
fn a_clock_that_is_set_back_ends_no_checkout_and_prolongs_none() {
    for claims in ["iat-exp", "exp"] {
        let world = World::with_profile(json!({ "saasClaims": claims }));
        let session = signed_in(&world);
        let other = world.open();
        for tab in [&session, &other] {
            tab.skew_clock(-3 * DAY as i64);
        }
        world.sleep(HOUR);
        for tab in [&session, &other] {
            tab.wake();
            let outcome = checkout(tab, true);
            assert!(outcome.is_ok(), "{claims}: {outcome:?}");
        }
        world.sleep(3 * HOUR);
        for tab in [&session, &other] {
            let outcome = checkout(tab, true);
            assert_eq!(outcome, Err("login_required saas_expired".into()));
        }
    }
}
