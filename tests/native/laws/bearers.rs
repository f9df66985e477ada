//! Law 11: the guest behind the customer is a credential, and the bearer that a refresh takes.
use super::{ANONYMOUS_LOGIN, ANONYMOUS_REFRESH, CUSTOMER_REFRESH, HOUR, revoke, signed_in};
use crate::world::{World, code};
use serde_json::json;
use storefront_session::session::Kind;

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
fn a_guests_token_that_came_late_and_is_dead_says_nothing_of_the_customer() {
    let world = World::new();
    let session = signed_in(&world);
    world.pass(HOUR);
    world.delay("/customerlogin/auth/anonymous/refresh", 90_000);
    assert_eq!(code(session.refresh()), "timeout");
    // As where it was sent once more meanwhile, and the platform ends who sends it twice.
    revoke(&world, &session, "session", "guest");
    world.pass(120_000);
    let late = "GET /customer/refreshauthtoken anonymous 401";
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, late]);
    assert!(session.snapshot().renewable);
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
