//! Laws 5 and 6: stored before it is used, and whole at any moment.
use super::signed_in;
use crate::world::{BUYER, DEFAULT_KEY, World};
use serde_json::json;
use storefront_session::emporix::platform::DEFAULT_API_URL;
use storefront_session::host::StorageFault;
use storefront_session::session::{Kind, Reason, Visitor};

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
    world.put_stored_under(DEFAULT_KEY, stored.as_deref());
    let default = world.open_at(DEFAULT_API_URL);
    assert_eq!(default.session_id(), None);
    assert_eq!(default.events()[0].reason, Reason::ForeignApi);
}

/// Where a later version's record is left alone, each tab has what it was told of, and tells nobody what it is about to ask.
#[test]
fn a_note_that_is_not_stored_brings_no_other_tab_back_to_former_tokens() {
    let world = World::with_profile(json!({ "rotation": "strict" }));
    world.without_locks();
    world.put_stored(Some("{\"schema\":2}"));
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    assert_eq!(two.session_id(), one.session_id());
    let lost = &world.browser().channel.lost;
    lost.set(100);
    one.refresh().unwrap();
    lost.set(0);
    let renewed = one.token().unwrap();
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    two.begin(async |it| it.refresh().await);
    world.pass(1_000);
    assert_eq!(one.token().unwrap(), renewed);
}

/// Storage that takes its time was blocked, and shows a later version's record while a write is under way.
#[test]
fn what_has_covered_a_later_versions_record_is_followed_by_what_comes_next() {
    for instant in (0..2_000).step_by(20) {
        let world = World::new();
        let session = world.open();
        session.token().unwrap();
        world.slow_storage_by(100);
        world.break_storage(Some(StorageFault::Unavailable));
        world.put_stored(Some(r#"{"schema":2}"#));
        session.begin(async |it| it.refresh().await);
        world.pass(instant);
        world.break_storage(None);
        world.slow_storage_by(20);
        session.wake();
        world.pass(3_000);
        session.login(BUYER).unwrap();
        let is_stored = world.stored().unwrap().contains("customer");
        assert_eq!(session.snapshot().durable, is_stored, "{instant} ms");
    }
}
