//! What a token allows, as identity and access management tells its owner.

use crate::seed::companies::Company;
use crate::seed::scopes::scopes;
use crate::services::call::Call;
use crate::services::route::{OWN_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::Identity;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/iam/{tenant}/users/me/scopes", Service::Iam, OWN_SCOPE, own_scopes),
    route("GET", "/iam/{tenant}/users/{userId}/groups", Service::Iam, OWN_SCOPE, groups),
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

/// `GET /iam/{tenant}/users/{userId}/groups`: a group for each company of the customer's, who may ask for his own only.
pub(crate) fn groups(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let Identity::Customer(id) = call.caller()?.identity else {
        return Err(call.forbidden());
    };
    let customer = world.customers.get(id);
    if call.param("userId") != customer.number {
        return Err(call.forbidden());
    }
    let companies = customer.companies.iter().map(|id| id.company());
    call.page(companies.map(group).collect())
}

/// Everybody whom the sandbox knows may buy for his companies.
fn group(company: &Company) -> Value {
    json!({
        "id": format!("{}-buyer", company.id),
        "code": "BUYER",
        "name": { "en": format!("Buyer, {}", company.name) },
        "accessControls": [],
        "userType": "CUSTOMER",
        "b2b": { "legalEntityId": company.id },
        "metadata": {
            "version": 1,
            "createdAt": "2025-01-01T00:00:00.000Z",
            "modifiedAt": "2025-01-01T00:00:00.000Z",
        },
    })
}
