//! Storage of which each page has a copy of its own: what one stores no other page reads, so all must hear of it.
use crate::world::{BUYER, World, code};
use serde_json::json;
use storefront_session::host::StorageFault;

#[test]
fn what_could_not_be_stored_is_told_to_whoever_came_meanwhile_once_it_is() {
    let world = World::new();
    world.copy_storage();
    let session = world.open();
    session.login(BUYER).unwrap();
    world.break_storage(Some(StorageFault::Unavailable));
    session.refresh().unwrap();
    world.delay("/customer/acme/login", 5_000);
    let login = session.begin(async |it| it.login(BUYER.0.into(), "another-pass".into()).await);
    world.pass(1_000);
    session.leave();
    world.break_storage(None);
    let copy = world.open();
    session.thaw();
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "invalid_credentials");
    assert!(session.snapshot().durable);
    assert_eq!(copy.token().unwrap(), session.token().unwrap());
}

/// Two sessions in a page, as of scripts that open it with different options, have one copy.
#[test]
fn what_is_heard_late_does_not_take_the_place_of_a_logout() {
    let world = World::new();
    world.copy_storage();
    let session = world.open();
    session.login(BUYER).unwrap();
    let beside = session.beside();
    world.let_messages_take(30);
    beside.refresh().unwrap();
    world.pass(10);
    let logout = beside.begin(async |it| it.logout().await);
    for _ in 0..100 {
        world.pass(1);
        let copied = world.copied().unwrap();
        assert!(!copied.contains("\"token\""), "{copied}");
    }
    assert_eq!(logout.take(), Some(Ok(())));
    assert_eq!(session.session_id(), None);
}

/// The site's data was cleared while a page stood still, and another visitor has come since.
#[test]
fn what_was_cleared_is_told_to_whoever_came_meanwhile_once_it_is_stored_again() {
    let world = World::new();
    world.copy_storage();
    let session = world.open();
    session.token().unwrap();
    session.logout();
    session.token().unwrap();
    session.leave();
    world.clear_site_data();
    let other = world.open();
    // It waits in vain for the lock to store it; who renews has it first.
    world.delay("/customerlogin/auth/anonymous/login", 13_000);
    other.begin(async |it| it.access_token().await);
    world.pass(1_000);
    session.thaw();
    world.pass(4_000);
    world.fault(json!({ "path": "/customerlogin/auth/anonymous/refresh", "kind": "drop" }));
    assert_eq!(code(session.refresh()), "network");
    world.pass(1_000);
    assert!(session.snapshot().durable);
    assert_eq!(session.session_id(), other.session_id());
}

#[test]
fn what_is_heard_does_not_take_the_place_of_a_later_versions_record() {
    let world = World::new();
    world.copy_storage();
    let (session, other) = (world.open(), world.open());
    other.token().unwrap();
    world.pass(1_000);
    let later = r#"{"schema":2}"#;
    world.put_stored(Some(later));
    other.refresh().unwrap();
    world.pass(1_000);
    assert_eq!(session.token(), other.token());
    assert_eq!(world.copied().as_deref(), Some(later));
}

#[test]
fn pages_that_were_all_away_tell_each_other_what_they_know() {
    let world = World::new();
    world.copy_storage();
    let (first, second, third) = (world.open(), world.open(), world.open());
    first.token().unwrap();
    world.pass(1_000);
    second.leave();
    first.login(BUYER).unwrap();
    world.pass(1_000);
    third.leave();
    first.leave();
    second.thaw();
    world.pass(1_000);
    third.thaw();
    world.pass(1_000);
    assert_eq!(second.token(), third.token());
    assert_eq!(second.session_id(), third.session_id());
    assert_eq!(second.snapshot().kind, third.snapshot().kind);
}
