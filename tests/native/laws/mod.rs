//! The laws of `docs/laws.md`, one module for each.
mod adoption;
mod bearers;
mod calls;
mod checkout;
mod company;
mod continuity;
mod epochs;
mod logout;
mod notes;
mod reauthentication;
mod refusals;
mod renewals;
mod slow_logout;
mod storage;
mod turns;

use crate::world::{BUYER, Session, World};
use serde_json::json;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

const ANONYMOUS_LOGIN: &str = "GET /anonymous/login none 200";
const ANONYMOUS_REFRESH: &str = "GET /anonymous/refresh none 200";
const LOGIN: &str = "POST /customer/login anonymous 200";
const CUSTOMER_REFRESH: &str = "GET /customer/refreshauthtoken anonymous 200";
const VALIDATE: &str = "GET /customer/validateauthtoken customer 200";
const LOGOUT: &str = "GET /customer/logout customer 204";

fn signed_in(world: &World) -> Session {
    let session = world.open();
    session.login(BUYER).unwrap();
    world.requests();
    session.events();
    session
}

/// Ends tokens of a session behind its back.
pub(crate) fn revoke(world: &World, session: &Session, kind: &str, identity: &str) {
    let id = session.session_id();
    let order = json!({ "kind": kind, "identity": identity, "sessionId": id });
    world.control("POST", "revoke", order);
}

fn with_company(world: &World) -> Session {
    let session = signed_in(world);
    session.switch(Some("le-north")).unwrap();
    world.requests();
    session.events();
    session
}
