//! Law 10: renewed by the nearer end.
use super::{ANONYMOUS_REFRESH, CUSTOMER_REFRESH, DAY, HOUR, signed_in};
use crate::world::{BUYER, World, code};
use serde_json::json;
use storefront_session::session::Kind;

#[test]
fn a_customers_tab_renews_by_the_nearer_end() {
    let world = World::new();
    let session = signed_in(&world);
    world.pass(17 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
    world.pass(2 * HOUR);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
    assert_eq!(session.kinds(), [Kind::Saas, Kind::Renewed]);
}

#[test]
fn an_open_shop_costs_two_renewals_a_day() {
    let world = World::new();
    let tabs: Vec<_> = (0..5).map(|_| world.open()).collect();
    tabs[0].login(BUYER).unwrap();
    world.requests();
    for day in 0..10 {
        world.pass(DAY);
        let renewals = world
            .requests()
            .iter()
            .filter(|it| it.contains("refreshauth"))
            .count();
        assert!((1..=2).contains(&renewals), "day {day}: {renewals}");
    }
    assert!(tabs.iter().all(|tab| tab.snapshot() == tabs[0].snapshot()));
}

#[test]
fn a_renewal_right_after_the_login_says_nothing_about_a_countdown() {
    let world = World::new();
    let session = signed_in(&world);
    session.switch(Some("le-north")).unwrap();
    world.requests();
    world.pass(19 * HOUR);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn an_end_that_is_counted_down_triggers_once() {
    let world = World::with_profile(json!({ "refreshLifetime": "countdown" }));
    let _session = signed_in(&world);
    world.pass(23 * HOUR);
    assert_eq!(world.requests().len(), 2);
}

#[test]
fn an_idle_customers_access_token_is_left_to_age() {
    let world = World::with_profile(json!({ "customerExpiresIn": 14_400 }));
    let session = signed_in(&world);
    world.pass(17 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
    session.token().unwrap();
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn a_guest_who_sits_idle_costs_nothing() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.requests();
    world.pass(HOUR - 30_000);
    session.wake();
    world.pass(5 * HOUR);
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn one_tab_renews_for_all_though_the_refresh_token_stays_the_same() {
    let world = World::with_profile(json!({ "rotation": "same" }));
    let _tabs = [signed_in(&world), world.open(), world.open()];
    world.requests();
    world.pass(20 * HOUR);
    let renewals = |it: &&String| *it == CUSTOMER_REFRESH;
    let requests = world.requests();
    assert_eq!(requests.iter().filter(renewals).count(), 1, "{requests:?}");
}

#[test]
fn a_clock_that_is_set_back_costs_one_renewal() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    let id = session.session_id();
    world.requests();
    session.skew_clock(-(DAY as i64));
    world.pass(2_000);
    for _ in 0..3 {
        session.token().unwrap();
        world.pass(2_000);
    }
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    assert_eq!(session.session_id(), id);
}

#[test]
fn a_clock_that_is_set_back_makes_no_token_younger_that_another_tab_stores_again() {
    const MINUTE: u64 = 60_000;
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    let token = one.token();
    world.pass(50 * MINUTE);
    for tab in [&one, &two] {
        tab.skew_clock(-50 * MINUTE as i64);
    }
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "status", "status": 503 }));
    assert_eq!(code(two.refresh()), "server");
    world.pass(11 * MINUTE);
    assert_ne!(one.token(), token);
}
