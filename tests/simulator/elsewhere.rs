//! Tokens that somebody brings to a page, and where he has them from.

use crate::customer::{Brought, Source};
use crate::oracle::access_token_of;
use crate::world::World;
use sandbox::Status;
use serde_json::{Value, json};
use storefront_session::session::Record;

/// Tokens that the platform has given to a page which is none of these, or to one of them: its answer, and the company they
/// are for.
pub fn elsewhere(world: &World, brought: Brought) -> (String, Option<String>) {
    let stored = world.oracle.borrow().stored();
    let is_in_force = brought.source == Source::InForce && world.is_quiet();
    let in_force = stored.as_ref().filter(|_| is_in_force);
    if let Some(found) = in_force.and_then(|record| in_force_of(world, record)) {
        return found;
    }
    let of_session = stored.as_ref().and_then(|record| record.guest.as_ref());
    let of_session = of_session.filter(|_| brought.source == Source::Session);
    let mut server = world.wire.server.borrow_mut();
    server.set_host_time(world.now());
    let guest = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
    let guest = server.handle(&sandbox::Request::get(guest));
    let mut guest = access_token_of(&guest.body).unwrap_or_default();
    if let Some(pair) = of_session {
        let token = pair.access.token.expose();
        let facts = server.token(token);
        if facts.is_some_and(|facts| facts.status == Status::Live) {
            token.clone_into(&mut guest);
        }
    }
    let credentials = json!({ "email": brought.whose.email(), "password": "sandbox-pass" });
    let mut login = sandbox::Request::new("POST", "/customer/acme/login")
        .header("content-type", "application/json")
        .bearer(&guest);
    login.body = credentials.to_string();
    let mut answer: Value = serde_json::from_str(&server.handle(&login).body).unwrap();
    let text = |answer: &Value, names: [&str; 2]| {
        let found = names.iter().find_map(|name| answer[*name].as_str());
        found.unwrap_or_default().to_owned()
    };
    let mut company = None;
    if let Some(wanted) = brought.company {
        let own = text(&answer, ["access_token", "accessToken"]);
        let refresh = text(&answer, ["refresh_token", "refreshToken"]);
        let target = format!(
            "/customer/acme/refreshauthtoken?refreshToken={refresh}&legalEntityId={}",
            wanted.id()
        );
        for bearer in [&guest, &own] {
            let renewed = server.handle(&sandbox::Request::get(&*target).bearer(bearer));
            if renewed.status == 200 {
                company = Some(wanted.id().to_owned());
                let renewed: Value = serde_json::from_str(&renewed.body).unwrap();
                let renewed = renewed.as_object().unwrap().clone();
                answer.as_object_mut().unwrap().extend(renewed);
                break;
            }
        }
    }
    let fields = answer.as_object_mut().unwrap();
    if !brought.tells_session {
        for name in ["session_id", "sessionId"] {
            fields.remove(name);
        }
    }
    if !brought.is_good {
        for name in ["access_token", "accessToken"] {
            fields.insert(name.into(), json!("nobody"));
        }
    }
    (answer.to_string(), company)
}

/// The customer's tokens that are stored, as the platform would have them told.
fn in_force_of(world: &World, record: &Record) -> Option<(String, Option<String>)> {
    let pair = &record.customer.as_ref()?.pair;
    let refresh = pair.refresh.as_ref()?.token.expose();
    world.oracle.borrow_mut().taken(refresh);
    let answer = json!({
        "access_token": pair.access.token.expose(),
        "refresh_token": refresh,
        "session_id": record.session_id.as_ref().map(|id| id.as_str()),
    });
    let company = record.legal_entity().map(|id| id.as_str().to_owned());
    Some((answer.to_string(), company))
}
