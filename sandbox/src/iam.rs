//! What a token allows, as identity and access management tells its owner.

use crate::call::Call;
use crate::customers::scopes;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::tokens::Identity;
use crate::world::World;
use serde_json::json;

/// The scope that this takes.
pub(crate) const READ_OWN: &str = "iam.scope_read_own";

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
