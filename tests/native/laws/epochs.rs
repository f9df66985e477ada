//! Law 4: no token of the wrong epoch, and every tab follows.
use super::{
    ANONYMOUS_LOGIN, ANONYMOUS_REFRESH, CUSTOMER_REFRESH, HOUR, LOGIN, LOGOUT, signed_in,
    with_company,
};
use crate::world::{BUYER, World, code};
use serde_json::json;
use storefront_session::host::StorageFault;
use storefront_session::session::{Event, Kind, Origin, Reason, Visitor};

/// It was left, and finds what happened meanwhile as one record when the visitor comes back.
#[test]
fn whoever_missed_a_login_or_a_logout_is_told_of_it_by_the_next_change() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    world.pass(1_000);
    let told = |what: &dyn Fn()| {
        two.leave();
        two.events();
        what();
        world.pass(1_000);
        two.thaw();
        world.pass(1_000);
        assert_eq!(two.snapshot(), one.snapshot());
        let events = two.events();
        let kinds = events.iter().map(|event| event.kind);
        kinds.collect::<Vec<_>>()
    };
    let signed_in = told(&|| {
        one.login(BUYER).unwrap();
        one.switch(Some("le-north")).unwrap();
    });
    assert_eq!(signed_in, [Kind::Login]);
    let switched = told(&|| one.switch(Some("le-south")).unwrap());
    assert_eq!(switched, [Kind::Switched]);
    let signed_out = told(&|| {
        one.logout();
        one.token().unwrap();
    });
    assert_eq!(signed_out, [Kind::Logout]);
}

#[test]
fn every_tab_follows_login_switch_and_logout() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    two.token().unwrap();
    one.login(BUYER).unwrap();
    one.switch(Some("le-north")).unwrap();
    world.pass(1);
    assert_eq!(two.snapshot(), one.snapshot());
    assert_eq!(two.token(), one.token());
    one.logout();
    world.pass(1);
    assert_eq!(two.snapshot().kind, Visitor::Anonymous);
    let heard = two.events();
    let remote = |event: &&Event| event.origin == Origin::Remote;
    let told: Vec<_> = heard
        .iter()
        .filter(remote)
        .map(|event| (event.kind, event.reason))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Started, Reason::Needed),
            (Kind::Login, Reason::Requested),
            (Kind::Switched, Reason::Requested),
            (Kind::Logout, Reason::Requested)
        ]
    );
    assert_eq!(
        world.requests(),
        [ANONYMOUS_LOGIN, LOGIN, CUSTOMER_REFRESH, LOGOUT]
    );
}

#[test]
fn a_page_is_told_in_words_what_happened() {
    let world = World::new();
    let session = with_company(&world);
    let before = session.snapshot();
    session.logout();
    let events = session.events();
    let told = |event: &Event| serde_json::to_value(event.fields()).unwrap();
    let millis = |time: Option<u64>| time.unwrap() as f64;
    assert_eq!(
        told(&events[0]),
        json!({
            "type": "logout",
            "reason": "requested",
            "origin": "local",
            "snapshot": {
                "kind": "anonymous",
                "identity": session.snapshot().identity.as_str(),
                "needsLegalEntity": false,
                "needsPasswordChange": false,
                "renewable": false,
                "durable": true,
            },
            "previous": {
                "kind": "customer",
                "identity": before.identity.as_str(),
                "sessionId": before.session_id.unwrap().as_str(),
                "legalEntityId": "le-north",
                "needsLegalEntity": false,
                "needsPasswordChange": false,
                "expiresAt": millis(before.expires_at),
                "saasExpiresAt": millis(before.saas_expires_at),
                "renewable": true,
                "durable": true,
            },
        })
    );
    assert_eq!(told(&events[1])["remote"], "done");
}

#[test]
fn a_login_that_waits_for_its_turn_is_overtaken_by_a_logout() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    other.begin(async |it| it.refresh().await);
    world.pass(100);
    let (email, password) = BUYER;
    let login = session.begin(async move |it| it.login(email.into(), password.into()).await);
    session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    assert!(!world.requests().iter().any(|it| it == LOGIN));
}

#[test]
fn a_login_that_finds_another_tabs_leaves_that_as_it_is() {
    let world = World::with_profile(json!({ "guestAfterLogin": "dies" }));
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    two.token().unwrap();
    let session = two.session_id();
    // Messages between the tabs are lost, and then storage fails for a while.
    world.let_storage_lag(1);
    one.login(BUYER).unwrap();
    world.pass(1);
    world.break_storage(Some(StorageFault::Unavailable));
    world.let_publishing_take(50);
    world.requests();
    let (email, password) = BUYER;
    let login = two.begin(async move |it| it.login(email.into(), password.into()).await);
    world.pass(815);
    assert_eq!(world.requests().len(), 2, "the login, the guest's refresh");
    world.break_storage(None);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!(two.snapshot().kind, Visitor::Customer);
    assert_eq!(two.session_id(), session);
}

#[test]
fn a_token_is_lent_for_a_second_and_not_beyond_the_time_it_is_due() {
    let world = World::new();
    let session = world.open();
    let token = session.token().unwrap();
    let lease = || session.lifecycle.lease(&token);
    let begin = world.now();
    world.pass(5_000);
    session.token().unwrap();
    assert_eq!(lease(), 1_000);
    world.pass(400);
    // What is at hand is given without another look.
    session.token().unwrap();
    assert_eq!(lease(), 600);
    world.pass(HOUR - 60_300 - (world.now() - begin));
    session.token().unwrap();
    assert!(lease() < 400);
    session.refresh().unwrap();
    assert_eq!(lease(), 0);
}

#[test]
fn an_answer_for_a_session_that_gave_way_to_another_tabs_is_nobodys() {
    let world = World::new();
    // Two visitors, each in its own tab's memory; both have signed in once.
    world.break_storage(Some(StorageFault::Unavailable));
    world.let_storage_lag(3_000);
    world.without_locks();
    let (former, later) = (signed_in(&world), signed_in(&world));
    assert_ne!(former.session_id(), later.session_id());
    world.pass(10_000);
    world.break_storage(None);
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    let refresh = former.begin(async |it| it.refresh().await);
    world.pass(1_000);
    later.wake();
    world.pass(10_000);
    assert_eq!(code(refresh.take().unwrap()), "aborted");
    assert_eq!(former.snapshot(), later.snapshot());
}

#[test]
fn a_tab_finds_the_guest_who_began_after_storage_was_cleared() {
    let world = World::new();
    world.let_storage_lag(400);
    let old = world.open();
    let path = "/customerlogin/auth/anonymous/login";
    world.fault(json!({ "path": path, "kind": "drop", "times": 3 }));
    for _ in 0..3 {
        assert_eq!(code(old.refresh()), "network");
    }
    world.clear_site_data();
    let new = world.open();
    new.token().unwrap();
    old.refresh().unwrap();
    assert_eq!(old.session_id(), new.session_id());
}

#[test]
fn a_tab_follows_who_goes_on_after_storage_was_cleared_though_it_had_counted_further() {
    let world = World::new();
    world.without_revisions();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "garbage", "times": 2 }));
    for _ in 0..2 {
        assert_eq!(code(one.refresh()), "protocol");
    }
    world.put_stored(None);
    two.refresh().unwrap();
    let session = two.session_id();
    world.requests();
    one.refresh().unwrap();
    assert_eq!(one.session_id(), session);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
}
