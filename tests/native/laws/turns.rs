//! Law 3: one token call at a time, per record.
use super::{ANONYMOUS_LOGIN, ANONYMOUS_REFRESH, CUSTOMER_REFRESH, HOUR, signed_in};
use crate::world::{BUYER, World, code};
use serde_json::json;

#[test]
fn a_thousand_callers_cost_one_request() {
    let world = World::new();
    let session = world.open();
    let waiting: Vec<_> = (0..1000)
        .map(|_| session.begin(async |it| it.access_token().await.is_ok()))
        .collect();
    world.pass(1000);
    assert!(waiting.iter().all(|outcome| outcome.take() == Some(true)));
    assert_eq!(world.requests(), [ANONYMOUS_LOGIN]);
}

#[test]
fn two_tabs_renew_once() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    world.requests();
    world.sleep(2 * HOUR);
    let first = one.begin(async |it| it.access_token().await.unwrap().fingerprint());
    let second = two.begin(async |it| it.access_token().await.unwrap().fingerprint());
    world.pass(1000);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    assert_eq!(first.take().unwrap(), second.take().unwrap());
}

#[test]
fn without_locks_a_renewal_that_another_tab_has_begun_is_waited_for() {
    for (is_customer, renewal) in [(false, ANONYMOUS_REFRESH), (true, CUSTOMER_REFRESH)] {
        let world = World::new();
        world.without_locks();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let two = world.open();
        world.requests();
        let first = one.begin(async |it| it.refresh().await);
        world.pass(5);
        let second = two.begin(async |it| it.refresh().await);
        world.pass(1_000);
        assert_eq!((first.take(), second.take()), (Some(Ok(())), Some(Ok(()))));
        assert_eq!(world.requests(), [renewal]);
        assert_eq!(two.token(), one.token());
    }
}

#[test]
fn without_locks_the_loser_ends_nobody_whom_the_winner_is_renewing() {
    let guests = (
        "/customerlogin/auth/anonymous/refresh",
        ANONYMOUS_REFRESH,
        "GET /anonymous/refresh none 401",
    );
    let spent = "GET /customer/refreshauthtoken anonymous 401";
    let customers = ("/customer/acme/refreshauthtoken", CUSTOMER_REFRESH, spent);
    for (is_customer, (path, renewal, spent)) in [(false, guests), (true, customers)] {
        let world = World::new();
        world.without_locks();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let (id, two) = (one.session_id(), world.open());
        world.requests();
        world.delay(path, 30_000);
        one.begin(async |it| it.refresh().await);
        world.pass(5);
        let second = two.begin(async |it| it.refresh().await);
        world.pass(9_000);
        assert_eq!(world.requests(), [renewal]);
        world.pass(11_000);
        assert_eq!(code(second.take().unwrap()), "timeout");
        assert!(world.requests().iter().all(|request| request == spent));
        world.pass(20_000);
        for tab in [&one, &two] {
            tab.token().unwrap();
            assert_eq!(
                (tab.session_id(), tab.snapshot().renewable),
                (id.clone(), true)
            );
        }
        assert_eq!(world.requests(), [""; 0]);
        two.refresh().unwrap();
    }
}

#[test]
fn a_tab_waits_for_storage_to_show_what_the_last_holder_of_the_lock_wrote() {
    let world = World::new();
    let one = signed_in(&world);
    let two = world.open();
    world.let_storage_lag(400);
    let first = one.begin(async |it| it.refresh().await);
    let second = two.begin(async |it| it.switch_legal_entity(Some("le-north".into())).await);
    world.pass(5_000);
    assert_eq!((first.take(), second.take()), (Some(Ok(())), Some(Ok(()))));
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, CUSTOMER_REFRESH]);
    assert!(two.snapshot().renewable);
}

#[test]
fn a_token_whose_answer_was_lost_is_not_sent_again_just_to_be_early() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    one.token().unwrap();
    world.requests();
    world.fault(json!({ "path": "/customerlogin/auth/anonymous/refresh", "kind": "lost-answer" }));
    world.pass(HOUR - 30_000);
    one.token().unwrap();
    world.pass(20_000);
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    one.token().unwrap();
    two.token().unwrap();
    world.pass(1_000);
    assert_eq!(world.requests(), [""; 0]);
    // The access token is over: now it must be tried, and it was spent indeed.
    world.pass(20_000);
    two.token().unwrap();
    assert_eq!(
        world.requests(),
        ["GET /anonymous/refresh none 401", ANONYMOUS_LOGIN]
    );
}

#[test]
fn a_renewal_that_was_answered_with_a_fault_is_tried_again_before_the_end() {
    let world = World::new();
    let session = world.open();
    session.token().unwrap();
    world.pass(HOUR - 30_000);
    world.requests();
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "status", "status": 503 }));
    for _ in 0..2 {
        session.token().unwrap();
        world.pass(2_000);
    }
    let fault = "GET /anonymous/refresh none 503";
    assert_eq!(world.requests(), [fault, ANONYMOUS_REFRESH]);
}

#[test]
fn a_lost_answer_about_the_guest_does_not_hold_up_the_customers_renewal() {
    let world = World::with_profile(json!({ "customerExpiresIn": 7_200 }));
    let session = signed_in(&world);
    world.pass(2 * HOUR - 30_000);
    let path = "/customerlogin/auth/anonymous/refresh";
    world.fault(json!({ "path": path, "kind": "lost-answer" }));
    for _ in 0..2 {
        session.token().unwrap();
        world.pass(2_000);
    }
    let spent = "GET /anonymous/refresh none 401";
    let requests = [ANONYMOUS_REFRESH, spent, ANONYMOUS_LOGIN, CUSTOMER_REFRESH];
    assert_eq!(world.requests(), requests);
}

#[test]
fn a_revision_that_storage_never_shows_is_waited_for_once() {
    let world = World::new();
    drop(signed_in(&world));
    world.put_stored(None);
    let session = world.open();
    let time_of = |work: &dyn Fn()| {
        let begin = world.now();
        work();
        world.now() - begin
    };
    assert!(time_of(&|| _ = session.token().unwrap()) >= 600);
    assert!(time_of(&|| session.refresh().unwrap()) < 600);
    let other = world.open();
    assert!(time_of(&|| other.refresh().unwrap()) < 600);
    assert_eq!(other.session_id(), session.session_id());
}

#[test]
fn who_has_taken_the_lock_from_a_page_that_stood_still_waits_for_its_younger_request() {
    for is_customer in [false, true] {
        let world = World::new();
        // One lock each, as where one of them was taken.
        world.without_locks();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let (id, two) = (one.session_id(), world.open());
        let path = match is_customer {
            true => "/customer/acme/refreshauthtoken",
            false => "/customerlogin/auth/anonymous/refresh",
        };
        world.requests();
        world.delay(path, 8_000);
        one.begin(async |it| it.refresh().await);
        world.pass(5_000);
        let waiting = two.begin(async |it| it.refresh().await);
        world.pass(4_000);
        assert_eq!(waiting.take(), Some(Ok(())));
        assert_eq!(world.requests().len(), 1);
        assert_eq!((two.token(), two.session_id()), (one.token(), id));
    }
}

#[test]
fn a_page_that_goes_on_after_its_lock_was_taken_sends_and_stores_nothing_over_what_came_after() {
    let world = World::new();
    world.without_locks();
    let one = world.open();
    one.token().unwrap();
    let two = world.open();
    world.requests();
    // It stands still between the lock and the request.
    world.let_publishing_take(5_000);
    one.begin(async |it| it.refresh().await);
    world.pass(100);
    world.let_publishing_take(0);
    two.refresh().unwrap();
    let token = two.token();
    assert_eq!(world.requests(), [ANONYMOUS_REFRESH]);
    world.pass(10_000);
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!((one.token(), two.token()), (token.clone(), token));
}

#[test]
fn a_page_that_stood_still_while_it_looked_looks_again_before_it_stores() {
    let world = World::new();
    world.slow_storage();
    // And it hears nothing meanwhile.
    world.let_storage_lag(1);
    let one = world.open();
    one.token().unwrap();
    let two = world.open();
    // What it has asked storage for reaches it long after.
    world.let_publishing_take(100);
    one.begin(async |it| it.refresh().await);
    world.pass(102);
    one.freeze();
    world.let_publishing_take(0);
    world.pass(80_000);
    world.take_lock();
    two.refresh().unwrap();
    let token = two.token();
    world.requests();
    one.thaw();
    world.pass(100_000);
    assert_eq!(world.requests(), [""; 0]);
    assert_eq!((one.token(), two.token()), (token.clone(), token));
}

#[test]
fn a_page_whose_lock_was_taken_waits_for_the_request_of_who_took_it() {
    for is_customer in [false, true] {
        let world = World::new();
        let one = world.open();
        one.token().unwrap();
        if is_customer {
            one.login(BUYER).unwrap();
        }
        let two = world.open();
        let path = match is_customer {
            true => "/customer/acme/refreshauthtoken",
            false => "/customerlogin/auth/anonymous/refresh",
        };
        world.requests();
        // It stands still between the lock and the request, and goes on in the middle of the other's.
        world.let_publishing_take(5_000);
        let first = one.begin(async |it| it.refresh().await);
        world.pass(100);
        world.let_publishing_take(0);
        world.delay(path, 8_000);
        world.take_lock();
        let second = two.begin(async |it| it.refresh().await);
        world.pass(9_000);
        assert_eq!((first.take(), second.take()), (Some(Ok(())), Some(Ok(()))));
        assert_eq!(world.requests().len(), 1);
        assert_eq!(one.token(), two.token());
    }
}

/// The time in which a machine sleeps, or a page stands still, is no time in which storage could have caught up.
#[test]
fn a_tab_that_slept_while_it_waited_for_storage_waits_on() {
    const SLEEP: u64 = 600_000;
    let world = World::new();
    let (first, second) = (world.open(), world.open());
    first.token().unwrap();
    assert_eq!(second.token(), first.token());
    world.let_storage_lag(SLEEP + 300);
    first.refresh().unwrap();
    world.requests();
    second.begin(async |it| it.refresh().await);
    world.pass(50);
    world.sleep(SLEEP);
    world.pass(1_000);
    assert_eq!(world.requests(), [""; 0]);
}
