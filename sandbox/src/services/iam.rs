//! What a token allows, as identity and access management tells its owner.

use crate::seed::scopes::scopes;
use crate::services::call::Call;
use crate::services::route::{OWN_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::Identity;
use serde_json::json;

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/iam/{tenant}/users/me/scopes", Service::Iam, OWN_SCOPE, own_scopes),
];

/// `GET /iam/{tenant}/users/me/scopes`
pub(crate) fn own_scopes(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let Identity::Customer(id) = call.caller()?.identity else {
        return Err(call.forbidden());
    };
    let number = &world.customers.get(id).number;
    Ok(Reply::json(
        200,
        &json!({ "userId": number, "scopes": scopes(call.caller()?.tenant) }),
    ))
}
