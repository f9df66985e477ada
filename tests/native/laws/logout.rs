//! Law 8: a logout leaves nothing, and secrets stay in.
use super::{DAY, LOGIN, LOGOUT, revoke, signed_in};
use crate::world::{BUYER, PATIENCE, Session, World, code};
use serde_json::json;
use storefront_session::lifecycle::Change;
use storefront_session::session::{Kind, Remote, Visitor};

#[test]
fn logout_resolves_whatever_the_platform_says() {
    for (fault, remote) in [
        (None, Remote::Done),
        (Some(json!({ "kind": "drop" })), Remote::Unknown),
        (
            Some(json!({ "kind": "status", "status": 500 })),
            Remote::Unknown,
        ),
        (Some(json!({ "kind": "hold" })), Remote::Unknown),
    ] {
        let world = World::new();
        let session = signed_in(&world);
        if let Some(mut fault) = fault {
            fault["path"] = "/customer/acme/logout".into();
            fault["times"] = 1.into();
            world.fault(fault);
        }
        session.logout();
        world.pass(PATIENCE);
        let events = session.events();
        let last = events.last().unwrap();
        assert_eq!((last.kind, last.remote), (Kind::Revocation, Some(remote)));
        assert!(events.iter().any(|event| event.kind == Kind::Logout));
        assert_eq!(session.session_id(), None);
    }
}

/// A customer's tab, and another that holds the lock for a renewal of five seconds.
fn beside_a_slow_renewal(world: &World) -> (Session, Session) {
    let tabs = (signed_in(world), world.open());
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    tabs.1.begin(async |it| it.refresh().await);
    world.pass(100);
    tabs
}

#[test]
fn a_logout_of_nobody_writes_nothing() {
    let world = World::new();
    let session = world.open();
    session.logout();
    assert_eq!(world.stored(), None);
    session.token().unwrap();
    session.logout();
    let tombstone = world.stored();
    session.logout();
    assert_eq!(world.stored(), tombstone);
}

#[test]
fn a_logout_that_is_said_twice_is_stored_before_it_waits_for_the_lock() {
    let world = World::new();
    let (session, _other) = beside_a_slow_renewal(&world);
    session.begin(async |it| it.logout().await);
    let again = session.begin(async |it| it.logout().await);
    world.pass(100);
    assert_eq!(again.take(), Some(Ok(())));
    assert!(!world.stored().unwrap().contains("token"));
    world.pass(8_000);
    assert!(!world.stored().unwrap().contains("token"));
    assert_eq!(session.kinds(), [Kind::Logout, Kind::Revocation]);
}

#[test]
fn a_logout_of_somebody_only_heard_of_waits_twice_as_well() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.run_until_stalled();
    world.let_publishing_take(100);
    other.begin(async |it| it.logout().await);
    other.logout();
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_renewal_that_is_late_for_the_logout_brings_nothing_back() {
    let world = World::new();
    let session = signed_in(&world);
    world.delay("/customer/acme/refreshauthtoken", 5_000);
    let refresh = session.begin(async |it| it.refresh().await);
    world.pass(100);
    let logout = session.begin(async |it| it.logout().await);
    world.pass(100);
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    world.pass(20_000);
    assert_eq!(logout.take(), Some(Ok(())));
    assert_eq!(code(refresh.take().unwrap()), "aborted");
    assert_eq!(session.session_id(), None);
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_token_that_is_accepted_too_late_for_the_logout_brings_nothing_back() {
    let world = World::new();
    let session = signed_in(&world);
    revoke(&world, &session, "refresh", "customer");
    session.skew_clock(40 * DAY as i64);
    world.delay("/customer/acme/validateauthtoken", 15_000);
    session.begin(async |it| it.access_token().await);
    world.pass(1_000);
    session.begin(async |it| it.logout().await);
    world.pass(20_000);
    let told = [Kind::Saas, Kind::Logout, Kind::Revocation];
    assert_eq!(session.kinds(), told);
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_logout_ends_nobody_who_came_after_it() {
    let world = World::new();
    let (session, other) = (world.open(), world.open());
    session.token().unwrap();
    world.delay("/customerlogin/auth/anonymous/refresh", 5_000);
    other.begin(async |it| it.refresh().await);
    world.pass(100);
    session.begin(async |it| it.refresh().await);
    let logout = session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(logout.take(), Some(Ok(())));
    let kinds = session.kinds();
    assert_eq!(kinds, [Kind::Started, Kind::Logout, Kind::Started]);
    assert_eq!(world.open().session_id(), session.session_id());
}

#[test]
fn a_logout_takes_the_guest_along_whom_the_end_of_the_customer_has_left() {
    let lives = json!({ "customerExpiresIn": 60, "customerRefreshExpiresIn": 60 });
    let world = World::with_profile(lives);
    let one = signed_in(&world);
    let two = world.open();
    world.sleep(2 * 60_000);
    let ended = two.begin(async |it| it.access_token().await);
    world.pass(30);
    one.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(ended.take().unwrap()), "aborted");
    assert_eq!((one.session_id(), two.session_id()), (None, None));
    assert!(!world.stored().unwrap().contains("token"));
}

#[test]
fn a_logout_spares_who_signed_in_after_the_same_logout_in_another_tab() {
    let world = World::new();
    let (one, two) = beside_a_slow_renewal(&world);
    two.begin(async |it| it.logout().await);
    let (email, password) = BUYER;
    let login = two.begin(async move |it| it.login(email.into(), password.into()).await);
    one.begin(async |it| it.logout().await);
    world.pass(20_000);
    assert_eq!(login.take(), Some(Ok(())));
    assert_eq!(one.snapshot().kind, Visitor::Customer);
}

#[test]
fn a_logout_spares_the_guest_who_began_after_the_same_logout_in_another_tab() {
    let world = World::new();
    let (one, two) = beside_a_slow_renewal(&world);
    two.begin(async |it| it.logout().await);
    // The guest begins for the login's sake, and stays.
    let login = two.begin(async |it| it.login(BUYER.0.into(), "wrong".into()).await);
    one.begin(async |it| it.logout().await);
    world.pass(20_000);
    assert_eq!(code(login.take().unwrap()), "invalid_credentials");
    assert!(two.session_id().is_some());
    assert_eq!(one.session_id(), two.session_id());
}

#[test]
fn a_logout_that_waited_in_vain_for_its_turn_spares_whom_storage_does_not_show_yet() {
    let world = World::new();
    let (session, other) = (signed_in(&world), world.open());
    world.delay("/customerlogin/auth/anonymous/login", PATIENCE);
    session.begin(async |it| it.logout().await);
    session.begin(async |it| it.access_token().await);
    world.pass(100);
    world.let_storage_lag(500);
    world.let_publishing_take(200);
    other.begin(async |it| it.logout().await);
    world.pass(11_000);
    assert!(world.stored().unwrap().contains("token"));
    assert!(session.session_id().is_some());
    other.token().unwrap();
    assert_eq!(other.session_id(), session.session_id());
}

#[test]
fn a_logout_overtakes_the_switches_that_wait_in_another_tab() {
    let world = World::new();
    let session = signed_in(&world);
    let other = world.open();
    for company in ["le-north", "le-south"] {
        other.begin(async move |it| it.switch_legal_entity(Some(company.into())).await);
    }
    world.pass(5);
    session.logout();
    world.pass(10_000);
    for tab in [&session, &other, &world.open()] {
        assert_eq!(tab.snapshot().kind, Visitor::Anonymous);
        assert_eq!(tab.session_id(), None);
    }
}

#[test]
fn a_page_is_told_at_once_of_a_logout_that_waited_in_vain_for_its_turn() {
    let world = World::new();
    let (session, other) = (signed_in(&world), world.open());
    for (path, delay) in [("refreshauthtoken", 9_000), ("logout", 4_000)] {
        let path = format!("/customer/acme/{path}");
        (0..3).for_each(|_| world.delay(&path, delay));
    }
    for (tab, company) in [(&other, "le-north"), (&session, "le-south")] {
        tab.begin(async move |it| it.switch_legal_entity(Some(company.into())).await);
    }
    world.pass(100);
    session.begin(async |it| it.logout().await);
    world.pass(11_000);
    let kinds = session.kinds();
    assert_eq!(kinds, [Kind::Logout, Kind::Revocation]);
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
}

#[test]
fn a_tab_that_stood_still_with_the_lock_in_hand_undoes_no_logout() {
    let world = World::new();
    let (session, still) = (world.open(), world.open());
    session.token().unwrap();
    world.pass(1);
    world.let_publishing_take(12_000);
    let refresh = still.begin(async |it| it.refresh().await);
    world.pass(100);
    world.let_publishing_take(0);
    world.let_storage_lag(2_200);
    world.requests();
    session.logout();
    world.pass(10_000);
    assert_eq!(code(refresh.take().unwrap()), "timeout");
    assert_eq!(world.requests(), [""; 0]);
    for tab in [&session, &still, &world.open()] {
        assert_eq!(tab.session_id(), None);
    }
}

#[test]
fn a_login_that_is_late_for_the_logout_is_aborted_and_its_token_revoked() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.requests();
    world.delay("/customer/acme/login", 5_000);
    let (email, password) = BUYER;
    let login = session.begin(async move |it| it.login(email.into(), password.into()).await);
    world.pass(100);
    session.begin(async |it| it.logout().await);
    world.pass(10_000);
    assert_eq!(code(login.take().unwrap()), "aborted");
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    assert_eq!(world.requests(), [LOGIN, LOGOUT]);
}

#[test]
fn no_secret_is_printed() {
    let world = World::new();
    let session = signed_in(&world);
    let token = session.token().unwrap();
    session.refresh().unwrap();
    let events = format!("{:?} {:?}", session.events(), session.snapshot());
    assert!(!events.contains(&token));
    assert!(!events.contains(BUYER.0));
}

#[test]
fn who_is_asked_to_sign_in_and_then_to_log_out_is_not_signed_in() {
    let login = || Change::login(BUYER.0.into(), BUYER.1.into());
    for is_guest in [false, true] {
        let world = World::new();
        let session = world.open();
        if is_guest {
            session.token().unwrap();
        }
        // In one turn, in which the logout begins first.
        let signing_in = session.begin(async move |it| {
            let (began, _signing_in) = (it.epoch(), it.begin_sign_in());
            let _logout = it.logout();
            it.change(began, login()?).await
        });
        world.pass(1_000);
        assert_eq!(code(signing_in.take().unwrap()), "aborted");
        // And in the turns in which the tokens are on their way: the guest's, and the customer's.
        for moment in [5, 50, 150, 250] {
            for path in ["/anonymous/login", "/customer/acme/login"] {
                world.fault(json!({ "path": path, "kind": "delay", "delayMs": 100 }));
            }
            let signing_in =
                session.begin(async move |it| it.login(BUYER.0.into(), BUYER.1.into()).await);
            world.pass(moment);
            session.logout();
            world.pass(1_000);
            let outcome = signing_in.take().unwrap();
            if outcome.is_err() {
                assert_eq!(code(outcome), "aborted");
            }
            assert_eq!(session.snapshot().kind, Visitor::Anonymous, "{moment} ms");
            assert!(!world.stored().unwrap_or_default().contains("customer"));
        }
    }
}

/// The logout is not what the record tells of last.
#[test]
fn a_login_is_not_made_where_a_guest_has_begun_and_ended_since_the_logout() {
    let world = World::new();
    let session = signed_in(&world);
    let began = session.run(async |it| it.epoch());
    session.logout();
    session.token().unwrap();
    revoke(&world, &session, "session", "guest");
    world.sleep(DAY);
    session.token().unwrap();
    assert!(session.kinds().contains(&Kind::Expired));
    let change = Change::login(BUYER.0.into(), BUYER.1.into()).unwrap();
    let outcome = session.run(async move |it| it.change(began, change).await);
    assert_eq!(code(outcome), "aborted");
}

/// Who has asked is told that it takes too long; what he has asked for goes on.
#[test]
fn a_login_that_nobody_waits_for_any_more_is_meant_by_a_logout_too() {
    let world = World::new();
    let session = world.open();
    let path = "/customerlogin/auth/anonymous/login";
    world.delay(path, PATIENCE + 5_000);
    let signing_in = session.begin(async |it| it.login(BUYER.0.into(), BUYER.1.into()).await);
    world.pass(PATIENCE + 1_000);
    assert_eq!(code(signing_in.take().unwrap()), "timeout");
    session.logout();
    world.pass(PATIENCE);
    assert_eq!(session.snapshot().kind, Visitor::Anonymous);
    // And where that is over, a logout of nobody writes nothing again.
    let tombstone = world.stored();
    session.logout();
    assert_eq!(world.stored(), tombstone);
}

/// Another tab has the lock, and changes the company twice before storage shows it the logout.
#[test]
fn a_logout_that_storage_shows_late_ends_who_goes_on_under_the_lock() {
    let mut back = Vec::new();
    for moment in (0..600).step_by(10) {
        let world = World::new();
        let session = signed_in(&world);
        let other = world.open();
        world.pass(1_000);
        world.let_storage_lag(400);
        for company in ["le-north", "le-south"] {
            other.begin(async move |it| it.switch_legal_entity(Some(company.into())).await);
        }
        world.pass(moment);
        session.logout();
        world.pass(PATIENCE);
        for tab in [&session, &other] {
            tab.wake();
        }
        world.pass(PATIENCE);
        if session.snapshot().kind == Visitor::Customer
            || other.snapshot().kind == Visitor::Customer
        {
            back.push(moment);
        }
    }
    assert!(back.is_empty(), "{back:?}");
}
