//! Searching for carts, closed ones too.

use super::view;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::carts::{Cart, Owner};
use crate::world::tokens::Identity;

/// `POST /cart/{tenant}/carts/search`: as measured, everybody finds only what is their own. The query knows `field:value`,
/// several of them apart by spaces.
pub(crate) fn search(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let body = call.body()?;
    let query = super::endpoints::text(&body, "q")?.unwrap_or_default();
    let terms: Vec<(&str, &str)> = query
        .split_whitespace()
        .map(|term| term.split_once(':').ok_or_else(|| unknown(term)))
        .collect::<Result<_, _>>()?;
    if let Some((field, _)) = terms.iter().find(|(field, _)| !FIELDS.contains(field)) {
        return Err(unknown(field));
    }
    let own = |cart: &&Cart| match (caller.identity, &cart.criteria.owner) {
        (Identity::Service, _) => cart.criteria.tenant == caller.tenant,
        (Identity::Customer(id), Owner::Customer(owner)) => id == *owner,
        (Identity::Guest, Owner::Session(session)) => caller.session_id.as_ref() == Some(session),
        _ => false,
    };
    let now = world.now();
    let found = world
        .carts
        .all()
        .filter(own)
        .map(|cart| view::found(cart, &world.customers, now))
        .filter(|view| terms.iter().all(|(field, value)| view[field] == *value));
    call.page(found.collect())
}

const FIELDS: [&str; 7] = [
    "id",
    "status",
    "siteCode",
    "type",
    "customerId",
    "legalEntityId",
    "sessionId",
];

fn unknown(term: &str) -> Problem {
    let fields = FIELDS.join(", ");
    Problem::invalid("q", format!("{term} cannot be searched for, but {fields}"))
}
