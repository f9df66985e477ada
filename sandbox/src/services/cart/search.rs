//! Searching for carts, closed ones too.

use super::view;
use crate::services::call::{Call, text};
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::carts::{Cart, Owner};
use crate::world::tokens::Identity;

/// `POST /cart/{tenant}/carts/search`: as measured, everybody finds only what is their own.
pub(crate) fn search(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let body = call.body()?;
    let query = text(&body, "q")?;
    let own = |cart: &&Cart| match (caller.identity, &cart.criteria.owner) {
        (Identity::Service, _) => cart.criteria.tenant == caller.tenant,
        (Identity::Customer(id), Owner::Customer(owner)) => id == *owner,
        (Identity::Guest, Owner::Session(session)) => caller.session_id.as_ref() == Some(session),
        _ => false,
    };
    let now = world.now();
    let own = world.carts.all().filter(own);
    let views = own.map(|cart| view::found(cart, &world.customers, now));
    call.found(views, query, &FIELDS)
}

/// What can be searched for.
const FIELDS: [&str; 7] = [
    "id",
    "status",
    "siteCode",
    "type",
    "customerId",
    "legalEntityId",
    "sessionId",
];
