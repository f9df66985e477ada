//! Answers that come later than anybody waits for.

use crate::laws::revoke;
use crate::world::{BUYER, KEY, Session, World, code};
use serde_json::{Value, json};
use storefront_session::session::Kind;

const MINUTE: u64 = 60_000;
const GUEST: &str = "/customerlogin/auth/anonymous/refresh";
const CUSTOMER: &str = "/customer/acme/refreshauthtoken";

fn guest(world: &World) -> Session {
    let session = world.open();
    session.token().unwrap();
    session
}

fn customer(world: &World) -> Session {
    let session = world.open();
    session.login(BUYER).unwrap();
    session
}

/// Somebody, and the endpoint that renews them.
type Open = fn(&World) -> Session;
const VISITORS: [(Open, &str); 2] = [(guest, GUEST), (customer, CUSTOMER)];

#[test]
fn a_renewal_that_is_answered_after_the_machine_slept_is_adopted() {
    for (visitor, path) in VISITORS {
        let world = World::new();
        let session = visitor(&world);
        let (token, id) = (session.token().unwrap(), session.session_id());
        world.delay(path, 10 * MINUTE + 500);
        let waiting = session.begin(async |it| it.refresh().await);
        world.pass(1_000);
        world.sleep(10 * MINUTE);
        world.pass(1_000);
        assert_eq!(code(waiting.take().unwrap()), "timeout");
        world.requests();
        assert_ne!(session.token().unwrap(), token);
        assert_eq!(session.session_id(), id);
        session.refresh().unwrap();
        assert_eq!(world.requests().len(), 1);
    }
}

#[test]
fn a_renewal_is_adopted_however_late_and_the_lock_is_free_meanwhile() {
    for (visitor, path) in VISITORS {
        for late in [2 * MINUTE, 30 * MINUTE] {
            let world = World::new();
            let session = visitor(&world);
            let other = world.open();
            let token = session.token().unwrap();
            world.delay(path, late);
            session.begin(async |it| it.refresh().await);
            world.pass(late - 1_000);
            assert_eq!(other.token().unwrap(), token);
            world.pass(2_000);
            assert_ne!(other.token().unwrap(), token);
            assert_eq!(other.token(), session.token());
            assert!(session.snapshot().renewable);
            other.refresh().unwrap();
        }
    }
}

#[test]
fn a_token_that_was_spent_for_an_answer_on_its_way_ends_nobody() {
    for (visitor, path) in VISITORS {
        let world = World::new();
        let session = visitor(&world);
        let id = session.session_id();
        world.delay(path, 5 * MINUTE);
        session.begin(async |it| it.refresh().await);
        world.pass(2 * MINUTE);
        let refused = session.refresh().unwrap_err();
        assert!(refused.retryable, "{refused:?}");
        assert!(session.snapshot().renewable);
        world.pass(4 * MINUTE);
        assert_eq!(session.session_id(), id);
        session.refresh().unwrap();
    }
}

#[test]
fn another_tab_ends_nobody_for_whom_an_answer_is_on_its_way() {
    for (visitor, path) in VISITORS {
        let world = World::new();
        let session = visitor(&world);
        let other = world.open();
        let id = session.session_id();
        world.delay(path, 4 * MINUTE);
        session.begin(async |it| it.refresh().await);
        world.pass(2 * MINUTE);
        let refused = other.refresh().unwrap_err();
        assert!(refused.retryable, "{refused:?}");
        assert!(other.snapshot().renewable);
        world.pass(3 * MINUTE);
        assert_eq!(other.session_id(), id);
        other.refresh().unwrap();
        assert_eq!(session.token(), other.token());
    }
}

#[test]
fn a_question_that_is_lost_meanwhile_ends_nobody_for_whom_an_answer_is_on_its_way() {
    for (visitor, path) in VISITORS {
        let world = World::new();
        let session = visitor(&world);
        let tabs = [world.open(), world.open()];
        let id = session.session_id();
        world.delay(path, 4 * MINUTE);
        session.begin(async |it| it.refresh().await);
        world.pass(2 * MINUTE);
        world.fault(json!({ "path": path, "kind": "drop" }));
        assert_eq!(code(tabs[0].refresh()), "network");
        for tab in &tabs {
            assert_eq!(code(tab.refresh()), "timeout", "{path}");
            assert!(tab.snapshot().renewable);
        }
        world.pass(3 * MINUTE);
        assert_eq!(session.session_id(), id);
        session.refresh().unwrap();
    }
}

/// The first answer is a refusal, and waits for the lock until the second is late as well.
#[test]
fn a_refusal_that_is_late_ends_nobody_for_whom_another_answer_is_on_its_way() {
    for (visitor, path) in VISITORS {
        for is_other in [false, true] {
            let world = World::new();
            let session = visitor(&world);
            let other = world.open();
            world.fault(json!({ "path": path, "kind": "lost-answer" }));
            assert_eq!(code(session.refresh()), "network");
            world.delay(path, MINUTE + 10_000);
            session.begin(async |it| it.refresh().await);
            world.pass(MINUTE + 5_000);
            world.delay(path, 4 * MINUTE);
            let asking = if is_other { &other } else { &session };
            asking.begin(async |it| it.refresh().await);
            world.pass(MINUTE + 5_000);
            assert!(session.snapshot().renewable, "{path} {is_other}");
            // Then that is refused as well, and nothing is to be waited for any more.
            world.pass(4 * MINUTE);
            session.refresh().unwrap_err();
            assert!(!session.snapshot().renewable, "{path} {is_other}");
        }
    }
}

#[test]
fn a_guest_who_is_renewed_meanwhile_leaves_standing_that_the_customers_answer_is_late() {
    for is_other in [false, true] {
        let world = World::with_profile(json!({ "anonymousExpiresIn": 90 }));
        let session = customer(&world);
        let other = world.open();
        world.delay(CUSTOMER, 4 * MINUTE);
        session.begin(async |it| it.refresh().await);
        world.pass(2 * MINUTE);
        world.requests();
        let asking = if is_other { &other } else { &session };
        assert_eq!(code(asking.refresh()), "timeout");
        let asked = "GET /customer/refreshauthtoken anonymous 401";
        assert_eq!(world.requests(), ["GET /anonymous/refresh none 200", asked]);
        assert!(asking.snapshot().renewable);
        world.pass(3 * MINUTE);
        asking.refresh().unwrap();
    }
}

#[test]
fn a_customer_who_is_asked_about_meanwhile_leaves_standing_that_the_guests_answer_is_late() {
    for is_other in [false, true] {
        let profile = json!({ "customerExpiresIn": 60, "refreshBearer": "customer" });
        let world = World::with_profile(profile);
        let session = customer(&world);
        session.refresh().unwrap();
        let other = world.open();
        world.pass(90 * MINUTE);
        world.delay(GUEST, 4 * MINUTE);
        session.begin(async |it| it.access_token().await.map(drop));
        world.pass(2 * MINUTE);
        world.requests();
        let asking = if is_other { &other } else { &session };
        assert_eq!(code(asking.refresh()), "timeout");
        let asked = "GET /customer/refreshauthtoken customer 401";
        assert_eq!(world.requests(), [asked, "GET /anonymous/refresh none 401"]);
    }
}

/// The record notes the first, which is not waited for any more after five minutes; this page knows both.
#[test]
fn a_page_that_waits_for_two_late_answers_of_two_tokens_ends_nobody() {
    let profile = json!({ "customerExpiresIn": 60, "refreshBearer": "customer" });
    let world = World::with_profile(profile);
    let session = customer(&world);
    session.refresh().unwrap();
    let id = session.session_id();
    world.pass(90 * MINUTE);
    for path in [GUEST, CUSTOMER] {
        world.delay(path, 10 * MINUTE);
        session.begin(async |it| it.access_token().await.map(drop));
        world.pass(2 * MINUTE);
    }
    world.pass(MINUTE + 30_000);
    for _ in 0..2 {
        assert_eq!(code(session.refresh()), "timeout");
        assert_eq!(session.session_id(), id);
    }
}

#[test]
fn a_login_that_is_refused_late_leaves_standing_what_is_unanswered_since() {
    let world = World::new();
    let session = guest(&world);
    let tabs = [world.open(), world.open()];
    let id = session.session_id();
    world.delay(GUEST, 3 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(MINUTE + 10_000);
    world.delay("/customer/acme/login", 6 * MINUTE);
    tabs[0].begin(async |it| it.login(BUYER.0.into(), "wrong-pass".into()).await);
    world.pass(2 * MINUTE);
    world.delay(GUEST, 6 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(4 * MINUTE + 10_000);
    assert_eq!(code(tabs[1].refresh()), "timeout");
    assert!(tabs[1].snapshot().renewable);
    world.pass(3 * MINUTE);
    assert_eq!(session.session_id(), id);
    session.refresh().unwrap();
}

#[test]
fn a_choice_that_costs_no_request_leaves_standing_what_is_unanswered() {
    let world = World::new();
    let session = customer(&world);
    let other = world.open();
    let of = session.snapshot().identity;
    let noted = session.run(async |it| it.note(of, "needed".into()).await);
    noted.unwrap();
    world.delay(CUSTOMER, 4 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(2 * MINUTE);
    session.switch(None).unwrap();
    assert_eq!(code(other.refresh()), "timeout");
    assert!(other.snapshot().renewable);
}

#[test]
fn whose_page_is_gone_with_its_question_is_asked_anew_after_five_minutes() {
    let world = World::new();
    let session = guest(&world);
    world.delay(GUEST, 60 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(2 * MINUTE);
    drop(session);
    let other = world.open();
    assert_eq!(code(other.refresh()), "timeout");
    world.pass(4 * MINUTE);
    other.refresh().unwrap_err();
    assert!(!other.snapshot().renewable);
}

#[test]
fn a_switch_that_is_answered_late_is_made() {
    let world = World::new();
    let session = customer(&world);
    world.delay(CUSTOMER, 10 * MINUTE);
    let waiting = session.begin(async |it| it.switch_legal_entity(Some("le-north".into())).await);
    world.pass(5 * MINUTE);
    assert_eq!(code(waiting.take().unwrap()), "timeout");
    assert_eq!(session.company(), None);
    world.pass(6 * MINUTE);
    assert_eq!(session.company().as_deref(), Some("le-north"));
    session.switch(Some("le-south")).unwrap();
}

#[test]
fn a_login_that_is_answered_late_is_made_unless_somebody_logged_in_or_out_meanwhile() {
    let answered = |between: fn(&Session)| {
        let world = World::new();
        let session = guest(&world);
        world.delay("/customer/acme/login", 10 * MINUTE);
        session.begin(async |it| it.login(BUYER.0.into(), BUYER.1.into()).await);
        world.pass(2 * MINUTE);
        between(&session);
        world.requests();
        world.pass(10 * MINUTE);
        let is_revoked = world
            .requests()
            .contains(&"GET /customer/logout customer 204".to_owned());
        (session.snapshot().kind, is_revoked)
    };
    use storefront_session::session::Visitor;
    assert_eq!(answered(|_| ()), (Visitor::Customer, false));
    assert_eq!(answered(|it| it.logout()), (Visitor::Anonymous, true));
    let again = |it: &Session| it.login(BUYER).unwrap();
    assert_eq!(answered(again), (Visitor::Customer, true));
}

#[test]
fn a_late_answer_is_dropped_where_other_tokens_were_stored() {
    for (visitor, path) in VISITORS {
        // Where the refresh token is never rotated, the access token alone tells that there are others.
        for rotation in ["lenient", "same"] {
            let world = World::with_profile(json!({ "rotation": rotation }));
            let session = visitor(&world);
            world.delay(path, 5 * MINUTE);
            session.begin(async |it| it.refresh().await);
            world.pass(2 * MINUTE);
            session.refresh().unwrap();
            let token = session.token();
            world.pass(5 * MINUTE);
            assert_eq!(session.token(), token, "{path} {rotation}");
            assert!(session.snapshot().renewable);
        }
    }
}

#[test]
fn a_switch_that_is_answered_after_a_later_renewal_is_dropped() {
    let world = World::with_profile(json!({ "rotation": "same" }));
    let session = customer(&world);
    world.delay(CUSTOMER, 5 * MINUTE);
    session.begin(async |it| it.switch_legal_entity(Some("le-north".into())).await);
    world.pass(2 * MINUTE);
    session.refresh().unwrap();
    let token = session.token();
    world.pass(5 * MINUTE);
    assert_eq!((session.company(), session.token()), (None, token));
}

#[test]
fn a_spent_token_is_not_told_as_the_companys_refusal() {
    for status in [400, 401, 403] {
        let world = World::with_profile(json!({ "legalEntityRefusal": status }));
        let session = customer(&world);
        session.switch(Some("le-north")).unwrap();
        let id = session.session_id();
        let order = json!({ "kind": "refresh", "identity": "customer", "sessionId": id });
        world.control("POST", "revoke", order);
        let refused = session.switch(Some("le-south"));
        assert_eq!(code(refused), "not_renewable");
        assert_eq!(session.company().as_deref(), Some("le-north"));
        assert!(!session.snapshot().renewable);
        session.token().unwrap();
    }
}

#[test]
fn a_guests_renewal_that_is_answered_after_the_login_goes_on_behind_the_customer() {
    let world = World::new();
    let session = guest(&world);
    let id = session.session_id();
    world.delay(GUEST, 10 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(2 * MINUTE);
    session.login(BUYER).unwrap();
    let token = session.token();
    world.pass(10 * MINUTE);
    assert_eq!((session.token(), session.session_id()), (token, id));
    // The guest's pair was renewed, so its refresh token is good.
    world.pass(90 * MINUTE);
    world.requests();
    session.refresh().unwrap();
    assert_eq!(
        world.requests(),
        [
            "GET /anonymous/refresh none 200",
            "GET /customer/refreshauthtoken anonymous 200"
        ]
    );
}

#[test]
fn a_check_that_is_late_as_well_does_not_make_forget_what_is_unanswered() {
    let world = World::new();
    let session = guest(&world);
    let id = session.session_id();
    world.delay(GUEST, 8 * MINUTE);
    world.delay("/customer/acme/login", 3 * MINUTE);
    session.begin(async |it| it.refresh().await);
    world.pass(2 * MINUTE);
    session.begin(async |it| it.login(BUYER.0.into(), "wrong-pass".into()).await);
    world.pass(2 * MINUTE);
    let refused = session.refresh().unwrap_err();
    assert!(refused.retryable, "{refused:?}");
    world.pass(6 * MINUTE);
    assert_eq!(
        (session.session_id(), session.snapshot().renewable),
        (id, true)
    );
}

#[test]
fn what_was_late_and_is_lost_is_waited_for_no_more() {
    for (visitor, path) in VISITORS {
        for is_other in [false, true] {
            let world = World::new();
            let session = visitor(&world);
            let other = world.open();
            world.delay(path, MINUTE + 10_000);
            session.begin(async |it| it.refresh().await);
            world.pass(MINUTE + 5_000);
            world.browser().wire.is_offline.set(true);
            world.pass(10_000);
            world.browser().wire.is_offline.set(false);
            let asking = if is_other { &other } else { &session };
            asking.refresh().unwrap_err();
            assert!(!asking.snapshot().renewable, "{path} {is_other}");
        }
    }
}

/// The answer is here, and waits for the lock that somebody holds who asks with the same token.
#[test]
fn a_renewal_that_was_answered_hours_later_is_adopted_while_another_is_under_way() {
    let world = World::new();
    let session = customer(&world);
    world.pass(90 * MINUTE);
    world.delay(CUSTOMER, 60 * MINUTE);
    session.begin(async |it| it.refresh().await);
    // It ends while the next renewal waits for the guest whose bearer it needs.
    world.pass(60 * MINUTE);
    world.delay(GUEST, 20_000);
    session.begin(async |it| it.refresh().await);
    world.pass(MINUTE);
    assert!(session.snapshot().renewable);
    session.refresh().unwrap();
}

/// The renewal goes on when the guest whose bearer it waits for is there; the customer is not any more.
#[test]
fn a_renewal_whose_customer_ended_while_it_waited_for_a_bearer_ends_nobody() {
    let profile = json!({ "rotation": "same", "customerExpiresIn": 60 });
    let world = World::with_profile(profile);
    let session = customer(&world);
    let id = session.session_id();
    world.pass(90 * MINUTE);
    world.delay(GUEST, 10 * MINUTE);
    session.begin(async |it| it.access_token().await.map(drop));
    world.pass(2 * MINUTE);
    for kind in ["access", "refresh"] {
        let order = json!({ "kind": kind, "identity": "customer", "sessionId": id });
        world.control("POST", "revoke", order);
    }
    assert_eq!(code(session.refresh()), "session_expired");
    let ended = session.snapshot();
    world.pass(10 * MINUTE);
    assert_eq!(session.snapshot().identity, ended.identity);
    session.refresh().unwrap();
    assert_eq!(session.session_id(), id);
}

/// What the platform refused before were the former tokens.
#[test]
fn a_renewal_that_waited_for_a_bearer_spends_nothing_of_who_has_signed_in_again() {
    let profile =
        json!({ "rotation": "same", "customerExpiresIn": 60, "refreshBearer": "customer" });
    let world = World::with_profile(profile);
    let session = customer(&world);
    session.refresh().unwrap();
    world.pass(90 * MINUTE);
    world.delay(GUEST, 10 * MINUTE);
    session.begin(async |it| it.access_token().await.map(drop));
    world.pass(10 * MINUTE - 1_000);
    session.login(BUYER).unwrap();
    world.pass(MINUTE);
    assert!(session.snapshot().renewable);
}

/// His is another session, whose name would not be told before he is renewed.
#[test]
fn another_guest_who_is_granted_after_a_customer_came_does_not_go_on_behind_him() {
    let world = World::new();
    let elsewhere = world.open_at("http://another-page");
    elsewhere.login(BUYER).unwrap();
    let key = KEY.replace("http://sandbox", "http://another-page");
    let record: Value = serde_json::from_str(&world.stored_under(&key).unwrap()).unwrap();
    let pair = &record["customer"]["pair"];
    let (access, refresh) = (&pair["access"]["token"], &pair["refresh"]["token"]);
    let tokens = json!({ "accessToken": access, "refreshToken": refresh });
    let session = guest(&world);
    revoke(&world, &session, "refresh", "guest");
    world.pass(2 * 60 * MINUTE);
    world.delay("/customerlogin/auth/anonymous/login", 3 * MINUTE);
    assert_eq!(code(session.token()), "timeout");
    world.pass(MINUTE);
    session.adopt(&tokens, None, false).unwrap();
    world.pass(3 * MINUTE);
    for kind in ["access", "refresh"] {
        revoke(&world, &elsewhere, kind, "customer");
    }
    session.refresh().unwrap_err();
    session.validate().unwrap_err();
    assert_eq!(session.kinds().last(), Some(&Kind::Expired));
    session.token().unwrap();
    let id = session.session_id();
    session.refresh().unwrap();
    assert_eq!(session.session_id(), id);
}
