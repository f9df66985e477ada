//! Law 9: the company stays chosen.
use super::{CUSTOMER_REFRESH, HOUR, VALIDATE, revoke, signed_in, with_company};
use crate::world::{PATIENCE, Session, World, code};
use serde_json::json;
use storefront_session::lifecycle::Change;
use storefront_session::session::Kind;

#[test]
fn a_refused_company_leaves_the_former_one_in_force() {
    for status in [400, 401, 403] {
        let world = World::with_profile(json!({ "legalEntityRefusal": status }));
        let session = with_company(&world);
        let before = session.snapshot();
        assert_eq!(
            code(session.switch(Some("le-nobody"))),
            "legal_entity_refused",
            "{status}"
        );
        let after = session.snapshot();
        assert_eq!(
            (after.identity, after.legal_entity_id),
            (before.identity, before.legal_entity_id)
        );
        session.refresh().unwrap();
        session.switch(Some("le-south")).unwrap();
    }
}

#[test]
fn a_refused_company_that_spends_the_refresh_token_keeps_the_access_token() {
    let world = World::with_profile(json!({ "refusedSwitch": "spends" }));
    let session = with_company(&world);
    assert_eq!(
        code(session.switch(Some("le-nobody"))),
        "legal_entity_refused"
    );
    assert!(!session.snapshot().renewable);
    assert_eq!(session.company().as_deref(), Some("le-north"));
    session.validate().unwrap();
}

#[test]
fn a_403_in_the_check_after_a_refused_company_spends_nothing() {
    let world = World::new();
    let session = with_company(&world);
    let path = "/customer/acme/refreshauthtoken";
    world.fault(json!({ "path": path, "kind": "status", "status": 400 }));
    world.fault(json!({ "path": path, "kind": "status", "status": 403 }));
    let refused = session.switch(Some("le-south"));
    assert_eq!(code(refused), "legal_entity_refused");
    assert!(session.snapshot().renewable);
    session.switch(Some("le-south")).unwrap();
}

#[test]
fn the_first_return_to_b2c_is_checked_and_the_next_is_not() {
    let world = World::new();
    let session = with_company(&world);
    session.switch(None).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, VALIDATE]);
    assert_eq!(session.company(), None);
    session.switch(Some("le-north")).unwrap();
    session.switch(None).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, CUSTOMER_REFRESH]);
}

#[test]
fn a_platform_that_keeps_the_company_refuses_b2c() {
    let world = World::with_profile(json!({ "omittedLegalEntity": "keeps" }));
    let session = with_company(&world);
    for requests in [vec![CUSTOMER_REFRESH, VALIDATE], vec![]] {
        assert_eq!(code(session.switch(None)), "legal_entity_refused");
        assert_eq!(world.requests(), requests);
        assert_eq!(session.company().as_deref(), Some("le-north"));
        session.token().unwrap();
    }
}

#[test]
fn an_unanswered_check_of_b2c_hands_out_no_token_of_unknown_company() {
    let world = World::new();
    let session = with_company(&world);
    world.fault(json!({ "path": "/customer/acme/validateauthtoken", "kind": "drop", "times": 1 }));
    assert_eq!(code(session.switch(None)), "network");
    assert_eq!(session.company().as_deref(), Some("le-north"));
    world.requests();
    session.token().unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
    let info = session.validate().unwrap();
    assert_eq!(info.legal_entity_id.unwrap().as_str(), "le-north");
}

#[test]
fn a_return_to_b2c_whose_check_was_lost_is_seen_when_nothing_can_be_renewed() {
    for (omission, company) in [("clears", None), ("keeps", Some("le-north"))] {
        let world = World::with_profile(json!({ "omittedLegalEntity": omission }));
        let session = with_company(&world);
        let before = session.snapshot();
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "drop" }));
        assert_eq!(code(session.switch(None)), "network");
        assert_eq!(session.company().as_deref(), Some("le-north"));
        revoke(&world, &session, "refresh", "customer");
        session.token().unwrap();
        let after = session.snapshot();
        assert_eq!(session.company().as_deref(), company);
        assert_eq!(after.identity == before.identity, company.is_some());
        assert_eq!(after.session_id, before.session_id);
    }
}

#[test]
fn every_refresh_sends_the_chosen_company() {
    let world = World::new();
    let session = with_company(&world);
    session.refresh().unwrap();
    let info = session.validate().unwrap();
    assert_eq!(info.legal_entity_id.unwrap().as_str(), "le-north");
}

#[test]
fn a_verified_switch_is_checked_each_time() {
    let world = World::new();
    let session = with_company(&world);
    for company in [Some("le-south"), None, Some("le-north"), None] {
        session.switch_verified(company).unwrap();
        assert_eq!(world.requests(), [CUSTOMER_REFRESH, VALIDATE]);
        assert_eq!(session.company().as_deref(), company);
        assert_eq!(session.kinds().last(), Some(&Kind::Switched));
    }
    let before = session.snapshot();
    session.switch_verified(None).unwrap();
    assert_eq!(world.requests(), [CUSTOMER_REFRESH, VALIDATE]);
    assert_eq!(session.snapshot().identity, before.identity);
}

#[test]
fn a_verified_return_from_b2c_to_b2c_teaches_nothing_of_the_platform() {
    let world = World::with_profile(json!({ "omittedLegalEntity": "keeps" }));
    let session = signed_in(&world);
    session.switch_verified(None).unwrap();
    session.switch(Some("le-south")).unwrap();
    assert_eq!(code(session.switch(None)), "legal_entity_refused");
    assert_eq!(session.company().as_deref(), Some("le-south"));
}

#[test]
fn a_token_of_another_company_than_the_verified_one_is_handed_out_to_nobody() {
    for told in [
        r#""legalEntityId":"le-east""#,
        r#""legalEntityId":"""#,
        r#""legalEntityId":null"#,
        r#""x":0"#,
    ] {
        let world = World::new();
        let session = with_company(&world);
        let before = session.snapshot();
        world.reword("/validateauthtoken", r#""legalEntityId":"le-south""#, told);
        let refused = session.switch_verified(Some("le-south"));
        assert_eq!(code(refused), "legal_entity_refused", "{told}");
        assert_eq!(session.snapshot().identity, before.identity);
        assert!(session.snapshot().renewable);
        world.requests();
        session.token().unwrap();
        assert_eq!(world.requests(), [CUSTOMER_REFRESH]);
        let info = session.validate().unwrap();
        assert_eq!(info.legal_entity_id.unwrap().as_str(), "le-north");
    }
}

/// Older answers to a validation name no company, whichever the token is for.
#[test]
fn a_token_for_a_company_that_the_platform_does_not_name_is_none_of_b2c() {
    for told in [r#""legalEntityId":null"#, r#""x":0"#] {
        let world = World::new();
        let session = signed_in(&world);
        let before = session.snapshot();
        world.reword("/validateauthtoken", r#""legalEntityId":"le-south""#, told);
        let refused = session.switch_verified(Some("le-south"));
        assert_eq!(code(refused), "legal_entity_refused", "{told}");
        session.token().unwrap();
        let info = session.validate().unwrap();
        assert_eq!(info.legal_entity_id, None, "{told}");
        assert_eq!(session.snapshot().identity, before.identity);
    }
}

#[test]
fn a_token_that_speaks_for_the_former_company_still_serves_after_a_verified_switch() {
    let world = World::new();
    let session = with_company(&world);
    world.reword("/validateauthtoken", "le-south", "le-north");
    let refused = session.switch_verified(Some("le-south"));
    assert_eq!(code(refused), "legal_entity_refused");
    assert_eq!(session.company().as_deref(), Some("le-north"));
    world.requests();
    session.token().unwrap();
    assert_eq!(world.requests(), [""; 0]);
}

#[test]
fn an_unanswered_check_of_a_verified_switch_leaves_the_former_company_in_force() {
    for fault in [
        json!({ "kind": "drop" }),
        json!({ "kind": "lost-answer" }),
        json!({ "kind": "status", "status": 403 }),
        json!({ "kind": "status", "status": 503 }),
        json!({ "kind": "garbage" }),
    ] {
        let world = World::new();
        let session = signed_in(&world);
        let mut order = fault.clone();
        order["path"] = "/customer/acme/validateauthtoken".into();
        world.fault(order);
        let failed = session.switch_verified(Some("le-south")).unwrap_err();
        assert!(failed.retryable, "{fault}");
        assert_eq!(session.company(), None);
        session.token().unwrap();
        let info = session.validate().unwrap();
        assert_eq!(info.legal_entity_id, None);
        session.switch_verified(Some("le-south")).unwrap();
    }
}

#[test]
fn until_a_switch_is_verified_nobody_has_its_token_on_a_host_either() {
    let world = World::new();
    world.serve();
    let [switching, other] = [with_company(&world), world.open()];
    let former = switching.token().unwrap();
    // Worth renewing before it is handed out.
    world.pass(19 * HOUR);
    world.delay("/customer/acme/validateauthtoken", PATIENCE + 5_000);
    let switched = switching.begin(async |it| {
        it.change(it.epoch(), Change::switch(Some("le-south".into()), true)?)
            .await
    });
    let ask = |session: &Session| session.begin(async |it| it.access_token().await);
    let asked = [ask(&switching), ask(&other)];
    world.pass(1_500);
    // And those who come now, when the former is not to be seen any more.
    let late = [ask(&switching), ask(&other)];
    world.pass(PATIENCE);
    for asked in asked.iter().chain(&late) {
        assert_eq!(code(asked.take().unwrap()), "timeout");
    }
    world.pass(PATIENCE);
    assert_eq!(code(switched.take().unwrap()), "timeout");
    for session in [switching, other] {
        assert_ne!(session.token().unwrap(), former);
        assert_eq!(session.company().as_deref(), Some("le-south"));
    }
}

#[test]
fn a_switch_whose_check_was_lost_is_seen_at_the_next_renewal() {
    for (omission, company) in [("clears", None), ("keeps", Some("le-south"))] {
        let world = World::with_profile(json!({ "omittedLegalEntity": omission }));
        let session = signed_in(&world);
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "drop" }));
        assert_eq!(code(session.switch_verified(Some("le-south"))), "network");
        assert_eq!(session.company(), None);
        session.token().unwrap();
        assert_eq!(session.company().as_deref(), company, "{omission}");
        let info = session.validate().unwrap();
        let told = info.legal_entity_id;
        assert_eq!(told.as_ref().map(|id| id.as_str()), company, "{omission}");
    }
}

#[test]
fn a_switch_whose_check_was_lost_is_seen_after_a_refused_one_too() {
    for (omission, company) in [("clears", None), ("keeps", Some("le-south"))] {
        let world = World::with_profile(json!({ "omittedLegalEntity": omission }));
        let session = signed_in(&world);
        session.refresh().unwrap();
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "drop" }));
        let lost = session.switch_verified(Some("le-south"));
        assert_eq!(code(lost), "network");
        let refused = session.switch(Some("le-strange"));
        assert_eq!(code(refused), "legal_entity_refused");
        session.token().unwrap();
        let info = session.validate().unwrap();
        let told = info.legal_entity_id;
        assert_eq!(told.as_ref().map(|id| id.as_str()), company, "{omission}");
        assert_eq!(session.company().as_deref(), company, "{omission}");
    }
}

#[test]
fn who_chooses_the_former_company_after_a_switch_whose_check_was_lost_has_it_or_is_told() {
    for (omission, told) in [("clears", None), ("keeps", Some("legal_entity_refused"))] {
        let world = World::with_profile(json!({ "omittedLegalEntity": omission }));
        let session = signed_in(&world);
        let path = "/customer/acme/validateauthtoken";
        world.fault(json!({ "path": path, "kind": "drop" }));
        let lost = session.switch_verified(Some("le-south"));
        assert_eq!(code(lost), "network");
        let before = session.snapshot().identity;
        match (session.switch(None), told) {
            (outcome, Some(told)) => assert_eq!(code(outcome), told),
            (outcome, None) => assert_eq!(outcome, Ok(())),
        }
        assert_eq!(session.snapshot().identity, before);
        session.token().unwrap();
        let is_former = session.company().is_none();
        assert_eq!(is_former, told.is_none(), "{omission}");
    }
}
