//! What is found out beside the tokens: stored under the lock, for all tabs, and gone with whom it is about.
use super::{DAY, revoke, signed_in};
use crate::world::{BUYER, PATIENCE, Session, World, code};
use serde_json::{Value, json};
use storefront_session::lifecycle::Inquiry;
use storefront_session::session::{Identity, Kind, Origin, Reason, Result};

fn note(session: &Session, of: &Identity, note: &str) -> Result<()> {
    let (of, note) = (of.clone(), note.to_owned());
    session.run(async move |it| it.note(of, note).await)
}

fn put(session: &Session, cart: &str) {
    note(session, &session.snapshot().identity, cart).unwrap();
}

fn cart_id(session: &Session) -> Option<String> {
    Some(session.snapshot().cart?.id().to_owned())
}

fn heard(session: &Session) -> Vec<(Kind, Reason, Origin)> {
    let events = session.events();
    let tell =
        |event: &storefront_session::session::Event| (event.kind, event.reason, event.origin);
    events.iter().map(tell).collect()
}

#[test]
fn a_guests_cart_goes_through_login_and_switch_until_it_is_merged() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    put(&session, "fguests");
    session.login(BUYER).unwrap();
    for tab in [&session, &other] {
        assert_eq!(cart_id(tab).as_deref(), Some("guests"));
        tab.events();
    }
    put(&session, "o");
    session.switch(Some("le-north")).unwrap();
    assert_eq!(cart_id(&session).as_deref(), Some("guests"));
    // What is not known any more is a customer's; the guest's is still owed.
    put(&session, "");
    assert_eq!(cart_id(&session).as_deref(), Some("guests"));
    put(&session, "mnorths");
    for (tab, origin) in [(&session, Origin::Local), (&other, Origin::Remote)] {
        let mut told = heard(tab);
        // That it was tried is told where it was.
        if origin == Origin::Local {
            assert_eq!(told.remove(0), (Kind::Cart, Reason::MergeFailed, origin));
        }
        let expected = [
            (Kind::Switched, Reason::Requested, origin),
            (Kind::Cart, Reason::Merged, origin),
        ];
        assert_eq!(told, expected);
        assert_eq!(cart_id(tab).as_deref(), Some("norths"));
    }
    // A customer's cart is of one company.
    session.switch(Some("le-south")).unwrap();
    assert_eq!((cart_id(&session), cart_id(&other)), (None, None));
    // A page that begins finds what is known.
    put(&session, "fsouths");
    assert_eq!(cart_id(&world.open()).as_deref(), Some("souths"));
}

#[test]
fn a_cart_ends_with_its_session() {
    let ends: [fn(&World, &Session); 2] = [
        |_, session| session.logout(),
        |world, session| {
            revoke(world, session, "session", "guest");
            revoke(world, session, "session", "customer");
            world.sleep(40 * DAY);
            assert_eq!(code(session.token()), "session_expired");
            session.token().unwrap();
        },
    ];
    for end in ends {
        let world = World::new();
        let session = signed_in(&world);
        put(&session, "fmine");
        let before = session.snapshot();
        end(&world, &session);
        assert_ne!(session.snapshot().identity, before.identity);
        assert_eq!(cart_id(&session), None);
        let stored: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
        assert_eq!(stored.get("cart"), None);
    }
}

#[test]
fn what_is_noted_too_late_is_about_nobody() {
    let world = World::new();
    let session = signed_in(&world);
    let before = session.snapshot().identity;
    session.switch(Some("le-north")).unwrap();
    for late in ["mmine", "needed"] {
        assert_eq!(code(note(&session, &before, late)), "aborted");
    }
    assert_eq!(cart_id(&session), None);
    assert!(!session.snapshot().needs_legal_entity);
}

#[test]
fn a_note_costs_no_request_and_one_that_says_nothing_new_is_not_told() {
    let world = World::new();
    let session = signed_in(&world);
    for _ in 0..3 {
        put(&session, "fmine");
        note(&session, &session.snapshot().identity, "needed").unwrap();
    }
    let expected = [
        (Kind::Cart, Reason::Found, Origin::Local),
        (Kind::Company, Reason::Needed, Origin::Local),
    ];
    assert_eq!(heard(&session), expected);
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn a_merge_that_fails_is_told_each_time() {
    let world = World::new();
    let session = signed_in(&world);
    let of = session.snapshot().identity;
    for (told, known) in [
        ("o", None),
        ("oguests", Some("guests")),
        ("o", Some("guests")),
    ] {
        note(&session, &of, told).unwrap();
        let expected = [(Kind::Cart, Reason::MergeFailed, Origin::Local)];
        assert_eq!(heard(&session), expected);
        assert_eq!(cart_id(&session).as_deref(), known);
    }
}

#[test]
fn a_company_is_needed_until_one_or_none_is_chosen() {
    for chosen in [Some("le-north"), None] {
        let world = World::new();
        let (session, other) = (signed_in(&world), world.open());
        let before = session.snapshot();
        note(&session, &before.identity, "needed").unwrap();
        for tab in [&session, &other, &world.open()] {
            assert!(tab.snapshot().needs_legal_entity);
        }
        session.refresh().unwrap();
        assert!(session.snapshot().needs_legal_entity);
        world.requests();
        session.switch(chosen).unwrap();
        assert_eq!(world.requests().len(), chosen.iter().count());
        for tab in [&session, &other] {
            assert!(!tab.snapshot().needs_legal_entity);
        }
        assert_eq!(
            session.snapshot().identity == before.identity,
            chosen.is_none()
        );
        // Who has chosen needs none.
        let north = session.snapshot().identity;
        note(&session, &north, "needed").unwrap();
        assert_eq!(session.snapshot().needs_legal_entity, chosen.is_none());
    }
}

#[test]
fn a_note_leaves_standing_that_an_answer_is_late() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    world.delay("/customer/acme/refreshauthtoken", 120_000);
    let renewing = session.begin(async |it| it.refresh().await);
    world.pass(90_000);
    assert_eq!(code(renewing.take().unwrap()), "timeout");
    put(&other, "fmine");
    let stored: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    assert_eq!(stored["pending"]["late"], json!(true));
    // The answer comes, and both count.
    world.pass(60_000);
    let stored: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    assert_eq!(
        (&stored["pending"], &stored["cart"]),
        (&Value::Null, &json!("fmine"))
    );
    session.token().unwrap();
}

#[test]
fn a_note_without_locks_and_a_renewal_lose_nothing_of_each_other() {
    let world = World::new();
    world.without_locks();
    let session = signed_in(&world);
    let other = world.open();
    let renewing = session.begin(async |it| it.refresh().await);
    world.pass(5);
    put(&other, "fmine");
    world.pass(PATIENCE);
    renewing.take().unwrap().unwrap();
    let stored: Value = serde_json::from_str(&world.stored().unwrap()).unwrap();
    assert_eq!(stored["cart"], json!("fmine"));
    assert!(stored["customer"]["pair"]["refresh"].is_object());
    world.requests();
    session.refresh().unwrap();
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn whoever_is_to_ask_is_who_asks() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let guest = session.snapshot().identity;
    let ask = |of: &Identity, body: Option<&str>| {
        let inquiry = Inquiry {
            of: Some(of.clone()),
            path: "/cart/acme/carts?siteCode=main&create=true".into(),
            body: body.map(str::to_owned),
        };
        session.run(async move |it| it.inquire(inquiry).await.map(|(_, answer)| answer.status))
    };
    assert_eq!(ask(&guest, None), Ok(200));
    session.login(BUYER).unwrap();
    world.requests();
    assert_eq!(code(ask(&guest, None)), "aborted");
    assert_eq!(world.requests(), [""; 0]);
}
