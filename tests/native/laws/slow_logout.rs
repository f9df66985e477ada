//! A logout where storage is an adapter that takes its time: it cannot be asked in the turn of the call.
use super::DAY;
use crate::world::{BUYER, PATIENCE, World};
use storefront_session::session::Visitor;

/// Storage that takes its time cannot be asked in the turn of the call; another tab has gone on meanwhile, unheard.
#[test]
fn a_logout_over_slow_storage_ends_the_epochs_that_it_has_not_seen() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let other = world.open();
    world.slow_storage();
    world.let_storage_lag(1);
    other.login(BUYER).unwrap();
    other.switch(Some("le-north")).unwrap();
    world.pass(10);
    session.logout();
    world.pass(10);
    other.wake();
    world.pass(PATIENCE);
    assert_eq!(other.snapshot().kind, Visitor::Anonymous);
    assert_eq!(world.open().session_id(), None);
}

#[test]
fn a_logout_over_slow_storage_ends_whom_a_late_write_has_brought_back() {
    let world = World::new();
    let session = world.open();
    session.login(BUYER).unwrap();
    let late = world.stored();
    let other = world.open();
    world.slow_storage();
    other.logout();
    world.pass(1_000);
    session.wake();
    world.pass(1_000);
    world.put_stored(late.as_deref());
    session.logout();
    let stored = world.stored().unwrap();
    assert!(!stored.contains("\"token\""), "{stored}");
    assert_eq!(world.open().session_id(), None);
}

#[test]
fn a_logout_over_slow_storage_ends_the_session_that_it_has_not_heard_of() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    world.slow_storage();
    world.let_storage_lag(1);
    other.token().unwrap();
    session.logout();
    let stored = world.stored().unwrap();
    assert!(!stored.contains("\"token\""), "{stored}");
    assert_eq!(world.open().session_id(), None);
}

/// Whether who has begun after the logout, and was stored, is gone from there at some time.
fn is_covered(world: &World, time: u64) -> bool {
    let (mut has_ended, mut has_begun) = (false, false);
    (0..time).any(|_| {
        world.pass(1);
        let is_there = world.stored().is_some_and(|it| it.contains("\"token\""));
        has_ended |= !is_there;
        has_begun |= has_ended && is_there;
        has_begun && !is_there
    })
}

/// The others have heard of the first logout, and storage has not shown it to all of them: one begins a guest, one signs out
/// as well.
#[test]
fn a_second_logout_over_slow_storage_covers_nobody_who_has_begun_since() {
    let mut guests = 0;
    for wait in (0..40).step_by(3) {
        for after in (0..90).step_by(3) {
            let world = World::new();
            let [first, second, third] = [world.open(), world.open(), world.open()];
            first.token().unwrap();
            world.sleep(DAY);
            world.slow_storage_by(9);
            second.begin(async |it| it.access_token().await.is_ok());
            world.pass(wait);
            first.begin(async |it| it.logout().await);
            world.pass(after);
            let known = third.session_id();
            third.begin(async |it| it.logout().await);
            if known.is_none() {
                assert!(!is_covered(&world, 300), "{wait} {after}");
                guests += u32::from(second.session_id().is_some());
            }
        }
    }
    assert!(guests > 100);
}

/// What has been stored already need not be stored by who waits for the lock in vain.
#[test]
fn a_logout_over_slow_storage_that_does_not_get_the_lock_covers_nobody() {
    for early in (30..90).step_by(3) {
        for slow in (0..120).step_by(3) {
            let world = World::new();
            let session = world.open();
            session.token().unwrap();
            world.sleep(DAY);
            world.slow_storage_by(9);
            world.delay("/customerlogin/auth/anonymous/login", PATIENCE - early);
            session.begin(async |it| it.access_token().await.is_ok());
            world.pass(27);
            session.begin(async |it| it.logout().await);
            // What is asked of storage within this time takes longer.
            world.pass(PATIENCE + slow);
            world.slow_storage_by(40);
            world.pass(3);
            world.slow_storage_by(9);
            assert!(!is_covered(&world, 300), "{early} {slow}");
            assert!(session.session_id().is_some());
        }
    }
}

/// There is nobody to be ended yet but who is asked to sign in.
#[test]
fn a_logout_over_slow_storage_that_means_who_is_signing_in_covers_nobody_who_has_begun_since() {
    let mut guests = 0;
    for begun in (0..60).step_by(3) {
        for wait in 15..20 {
            let world = World::new();
            let [first, second] = [world.open(), world.open()];
            first.token().unwrap();
            first.logout();
            world.slow_storage_by(9);
            first.begin(async |it| it.access_token().await.is_ok());
            world.pass(begun);
            second.begin(async |it| {
                let _signing_in = it.begin_sign_in();
                it.logout().await
            });
            // What is asked of storage within this time takes longer.
            world.pass(wait);
            world.slow_storage_by(900);
            world.pass(2);
            world.slow_storage_by(9);
            assert!(!is_covered(&world, 2_000), "{begun} {wait}");
            guests += usize::from(first.session_id().is_some());
        }
    }
    assert!(guests > 20, "{guests}");
}

/// Nobody is there to be ended, and the first look at storage is still on its way when somebody is asked to sign in.
#[test]
fn a_login_that_follows_a_logout_of_nobody_over_slow_storage_is_none_that_it_means() {
    for slow in [1, 9, 90] {
        for wait in [0, 1, 5, 10, 50, 100, 500, 1_000] {
            let world = World::new();
            let session = world.open();
            world.slow_storage_by(slow);
            session.begin(async |it| it.logout().await);
            world.pass(wait);
            let outcome = session.login(BUYER);
            assert!(outcome.is_ok(), "{slow} {wait}: {outcome:?}");
            world.pass(PATIENCE);
            assert_eq!(session.snapshot().kind, Visitor::Customer, "{slow} {wait}");
        }
    }
}

/// What it reads there is from before the others have heard of it, and went on.
#[test]
fn a_logout_that_stood_still_while_it_looked_at_slow_storage_covers_nobody_who_has_begun_since() {
    // It has been read, and is on its way back.
    for wait in 10..18 {
        let world = World::new();
        let (session, other) = (world.open(), world.open());
        session.token().unwrap();
        world.slow_storage_by(9);
        session.begin(async |it| it.logout().await);
        world.pass(wait);
        session.leave();
        world.pass(1_000);
        other.token().unwrap();
        let id = other.session_id();
        world.pass(5_000);
        session.thaw();
        for _ in 0..1_000 {
            world.pass(1);
            let stored = world.stored().unwrap();
            assert!(stored.contains("\"token\""), "{wait}: {stored}");
        }
        assert_eq!((session.session_id(), other.session_id()), (id.clone(), id));
    }
}
