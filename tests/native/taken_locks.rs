//! A lock that was taken from a holder who stood still, and now goes on.

use crate::world::{BUYER, World};
use serde_json::json;
use storefront_session::lifecycle::Endpoint;
use storefront_session::session::Visitor;

const MINUTE: u64 = 60_000;

/// It stands still before it sends.
fn stood_still(world: &World, time: u64) {
    world.let_publishing_take(time);
    world.pass(500);
    world.let_publishing_take(0);
    world.take_lock();
}

#[test]
fn whoever_goes_on_without_the_lock_waits_for_who_has_taken_it() {
    let world = World::new();
    let (holder, taker) = (world.open(), world.open());
    let id = holder.token().map(|_| holder.session_id()).unwrap();
    holder.begin(async |it| it.refresh().await);
    stood_still(&world, 80_000);
    world.pass(79_000);
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    world.requests();
    taker.begin(async |it| it.refresh().await);
    world.pass(2 * MINUTE);
    assert_eq!(world.requests(), ["GET /anonymous/refresh none 200"]);
    assert_eq!((holder.session_id(), taker.session_id()), (id.clone(), id));
    assert_eq!(holder.token(), taker.token());
}

#[test]
fn whoever_goes_on_without_the_lock_leaves_the_session_id_as_it_is() {
    let world = World::with_profile(json!({ "foreignBearerSession": "adopts" }));
    let (holder, taker) = (world.open(), world.open());
    holder.login(BUYER).unwrap();
    // The guest is gone, and the platform answers a stranger's bearer with another session.
    let session = holder.session_id();
    world.control(
        "POST",
        "revoke",
        json!({ "kind": "session", "identity": "guest", "sessionId": session }),
    );
    world.pass(90 * MINUTE);
    holder.begin(async |it| it.refresh().await);
    stood_still(&world, 80_000);
    taker.refresh().unwrap();
    let id = taker.session_id();
    assert_ne!(id, session);
    world.pass(2 * MINUTE);
    assert_eq!(
        (holder.session_id(), taker.session_id()),
        (id.clone(), id.clone())
    );
    assert_eq!(world.open().session_id(), id);
}

/// It has begun to note what it sends long before.
#[test]
fn whoever_takes_the_lock_as_its_holder_goes_on_waits_for_what_that_one_sends() {
    for minutes in [2, 5] {
        let world = World::with_profile(json!({ "rotation": "strict" }));
        let (holder, taker) = (world.open(), world.open());
        let id = holder.token().map(|_| holder.session_id()).unwrap();
        holder.begin(async |it| it.refresh().await);
        stood_still(&world, minutes * MINUTE);
        world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
        world.requests();
        world.pass(minutes * MINUTE);
        taker.begin(async |it| it.refresh().await);
        world.pass(2 * MINUTE);
        assert_eq!(world.requests(), ["GET /anonymous/refresh none 200"]);
        assert_eq!((holder.session_id(), taker.session_id()), (id.clone(), id));
        assert_eq!(holder.token(), taker.token());
    }
}

/// Storage that takes its time tells that it has stored something only long after.
#[test]
fn whoever_stood_still_over_slow_storage_sends_nothing_that_is_spent() {
    for instant in 0..80 {
        let world = World::with_profile(json!({ "rotation": "strict" }));
        let (holder, taker) = (world.open(), world.open());
        holder.token().unwrap();
        world.pass(1_000);
        world.slow_storage_by(9);
        holder.begin(async |it| it.refresh().await);
        world.pass(instant);
        holder.freeze();
        world.pass(80_000);
        world.take_lock();
        let _renewed = taker.refresh();
        world.requests();
        holder.thaw();
        world.pass(10_000);
        let requests = world.requests();
        assert!(
            requests.iter().all(|it| it.ends_with("200")),
            "{instant}: {requests:?}"
        );
    }
}

/// The guest's token that it was to get as bearer was got by who has taken the lock, and is revoked by now.
#[test]
fn whoever_goes_on_with_a_bearer_that_another_tab_has_got_gives_nobody_up() {
    let world = World::new();
    let (holder, taker) = (world.open(), world.open());
    holder.login(BUYER).unwrap();
    world.pass(90 * MINUTE);
    holder.begin(async |it| it.refresh().await);
    stood_still(&world, 80_000);
    world.pass(78_000);
    let path = "/customer/acme/refreshauthtoken";
    world.fault(json!({ "path": path, "kind": "drop" }));
    taker.refresh().unwrap_err();
    let order = json!({ "kind": "access", "identity": "guest", "sessionId": taker.session_id() });
    world.control("POST", "revoke", order);
    world.requests();
    world.pass(2 * MINUTE);
    let asked = "GET /customer/refreshauthtoken anonymous";
    let [refused, renewed] = [401, 200].map(|status| format!("{asked} {status}"));
    let requests = world.requests();
    assert_eq!(requests[0], refused);
    assert_eq!(requests.last(), Some(&renewed));
    assert!(holder.snapshot().renewable);
}

/// It stands still while the platform is asked whether it accepts the customer's token, whose refresh token it has refused.
#[test]
fn what_is_told_of_former_tokens_ends_nobody_who_has_signed_in_again_since() {
    // The former access token is refused, or still accepted.
    for is_refused in [false, true] {
        let world = World::new();
        let (holder, taker) = (world.open(), world.open());
        holder.login(BUYER).unwrap();
        let kinds = match is_refused {
            true => &["refresh", "access"][..],
            false => &["refresh"],
        };
        for kind in kinds {
            let session = holder.session_id();
            let order = json!({ "kind": kind, "identity": "customer", "sessionId": session });
            world.control("POST", "revoke", order);
        }
        let path = "/customer/acme/validateauthtoken";
        world.delay(path, 86_000);
        let token = holder.token().unwrap();
        let endpoint = Endpoint::new("GET", "/anything");
        holder.begin(async move |it| {
            let began = it.snapshot().identity;
            let other = it.token_instead(&token, began.as_str(), endpoint).await;
            other.map(|_| ())
        });
        world.pass(3_000);
        holder.freeze();
        world.pass(80_000);
        world.take_lock();
        taker.login(BUYER).unwrap();
        let token = taker.token().unwrap();
        holder.thaw();
        world.pass(2 * MINUTE);
        for session in [&holder, &taker] {
            assert_eq!(session.snapshot().kind, Visitor::Customer);
            assert!(session.snapshot().renewable);
            assert_eq!(session.token().unwrap(), token);
        }
        taker.refresh().unwrap();
    }
}
