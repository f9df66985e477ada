//! Records of former and of later versions, and what a broken one does.

use crate::world::{BUYER, World, code};
use serde_json::{Value, json};
use storefront_session::session::{Kind, Reason};

const DAY: u64 = 86_400_000;

/// What the tab has stored, with some of its fields replaced.
fn changed(world: &World, changes: Value) -> String {
    let mut record: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        record[name] = value.clone();
    }
    record.to_string()
}

#[test]
fn a_record_with_another_spelling_of_the_address_is_gone_on_with() {
    for spelling in ["http://sandbox", "HTTP://Sandbox:80/", "http://sandbox/."] {
        let world = World::new();
        let session = world.open();
        session.login(BUYER).unwrap();
        let token = session.token();
        drop(session);
        world.put_stored(Some(&changed(&world, json!({ "apiUrl": spelling }))));
        world.requests();
        assert_eq!(world.open().token(), token);
        assert_eq!(world.requests(), [""; 0]);
    }
}

#[test]
fn a_later_record_that_this_version_may_write_is_gone_on_with_and_keeps_its_fields() {
    let world = World::new();
    let session = world.open();
    session.login(BUYER).unwrap();
    let id = session.session_id();
    let later = json!({ "schema": 7, "readableBy": 1, "wishes": { "list": [1, 2] } });
    world.put_stored(Some(&changed(&world, later)));
    drop(session);

    let session = world.open();
    assert_eq!(session.session_id(), id);
    session.switch(Some("le-north")).unwrap();
    session.switch(None).unwrap();
    let stored: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    assert_eq!(
        (&stored["schema"], &stored["readableBy"]),
        (&json!(7), &json!(1))
    );
    assert_eq!(stored["wishes"], json!({ "list": [1, 2] }));
    assert!(stored["pending"].is_null());
    let other = world.open();
    assert_eq!(other.snapshot(), session.snapshot());

    session.logout();
    let stored = world.stored().unwrap();
    assert!(
        !stored.contains("wishes") && !stored.contains("token"),
        "{stored}"
    );
}

#[test]
fn a_logout_removes_what_it_cannot_read() {
    let world = World::new();
    let session = world.open();
    session.login(BUYER).unwrap();
    world.put_stored(Some(&changed(
        &world,
        json!({ "schema": 7, "readableBy": 7 }),
    )));
    let session = world.open();
    assert_eq!(session.snapshot().session_id, None);
    assert_eq!(session.events()[0].reason, Reason::NewerSchema);
    session.token().unwrap();
    assert!(world.stored().unwrap().contains("\"schema\":7"));
    session.logout();
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_logout_of_a_visitor_who_has_not_begun_removes_it_too() {
    let world = World::new();
    world.open().login(BUYER).unwrap();
    world.put_stored(Some(&changed(
        &world,
        json!({ "schema": 7, "readableBy": 7 }),
    )));
    let session = world.open();
    session.logout();
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn numbers_that_counting_cannot_go_on_from_are_no_record() {
    let most = 9_007_199_254_740_991_u64;
    for spoiled in [
        json!({ "revision": most }),
        json!({ "epoch": most }),
        json!({ "revision": most, "epoch": most }),
    ] {
        let world = World::new();
        world.open().token().unwrap();
        world.put_stored(Some(&changed(&world, spoiled)));
        let session = world.open();
        assert_eq!(session.events()[0].reason, Reason::Corrupt);
        session.login(BUYER).unwrap();
        session.logout();
        session.login(BUYER).unwrap();
        assert_eq!(world.open().snapshot(), session.snapshot());
    }
}

#[test]
fn a_refresh_token_that_fits_into_no_address_is_no_token() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let mut record: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    record["guest"]["refresh"]["token"] = json!("r".repeat(20_000));
    world.put_stored(Some(&record.to_string()));
    let session = world.open();
    assert_eq!(session.events()[0].reason, Reason::Corrupt);
    session.token().unwrap();
    session.refresh().unwrap();
}

#[test]
fn spoiled_revisions_are_reported_and_heal() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    session.events();
    world.spoil_revisions();
    session.refresh().unwrap();
    let events = session.events();
    assert_eq!(
        (events[0].kind, events[0].reason),
        (Kind::Storage, Reason::Corrupt)
    );
    session.refresh().unwrap();
    assert_eq!(session.events().len(), 1);
}

#[test]
fn what_an_omitted_company_does_is_learned_anew_after_a_day_and_after_a_login() {
    for is_login in [false, true] {
        let world = World::with_profile(json!({ "omittedLegalEntity": "keeps" }));
        let session = world.open();
        session.login(BUYER).unwrap();
        session.switch(Some("le-north")).unwrap();
        for _ in 0..2 {
            assert_eq!(code(session.switch(None)), "legal_entity_refused");
        }
        // It was another version of the platform.
        world.control(
            "PATCH",
            "profile",
            json!({ "omittedLegalEntity": "clears" }),
        );
        assert_eq!(code(session.switch(None)), "legal_entity_refused");
        if is_login {
            session.logout();
            session.login(BUYER).unwrap();
            session.switch(Some("le-north")).unwrap();
        } else {
            world.pass(DAY);
        }
        session.switch(None).unwrap();
        assert_eq!(session.company(), None);
    }
}

#[test]
fn opening_makes_no_request_whatever_the_age_of_the_record() {
    const HOUR: u64 = 3_600_000;
    for hours in [0, 1, 2, 10, 17, 18, 19, 23, 25, 48, 24 * 31] {
        for is_customer in [false, true] {
            let world = World::new();
            let session = world.open();
            session.token().unwrap();
            if is_customer {
                session.login(BUYER).unwrap();
            }
            session.lifecycle.close();
            drop(session);
            world.sleep(hours * HOUR);
            world.requests();
            let _session = world.open();
            world.pass(20_000);
            assert_eq!(world.requests(), [""; 0], "{hours} {is_customer}");
        }
    }
}
