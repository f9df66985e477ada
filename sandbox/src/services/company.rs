//! Companies: the legal entities of customer management.

use crate::seed::companies::{Company, CompanyId};
use crate::seed::tenant::Tenant;
use crate::services::call::{self, Call};
use crate::services::route::{CUSTOMER_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::Identity;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/customer-management/{tenant}/legal-entities", Service::CustomerManagement, CUSTOMER_SCOPE, list),
    route("POST", "/customer-management/{tenant}/legal-entities/search", Service::CustomerManagement, CUSTOMER_SCOPE, search),
    route("GET", "/customer-management/{tenant}/legal-entities/{legalEntityId}", Service::CustomerManagement, CUSTOMER_SCOPE, one),
];

/// What can be searched for.
const FIELDS: [&str; 4] = ["id", "name", "type", "legalInfo"];

/// `GET /customer-management/{tenant}/legal-entities`: a customer's own ones, all of them for the backend.
pub(crate) fn list(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let matching = readable(world, call)?
        .into_iter()
        .map(CompanyId::company)
        .filter(|company| {
            call.query("id")
                .is_none_or(|id| company.id.eq_ignore_ascii_case(&id))
        })
        .filter(|company| {
            call.query("name")
                .is_none_or(|name| contains(company.name, &name))
        });
    call.found(matching.map(document), call.query("q").as_deref(), &FIELDS)
}

/// `POST /customer-management/{tenant}/legal-entities/search`
pub(crate) fn search(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let query = call::text(&body, "q")?;
    let companies = readable(world, call)?.into_iter();
    call.found(companies.map(|id| document(id.company())), query, &FIELDS)
}

/// `GET /customer-management/{tenant}/legal-entities/{legalEntityId}`: customers read their own ones here too.
pub(crate) fn one(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = call.param("legalEntityId");
    let company = CompanyId::find(id);
    let readable = readable(world, call)?;
    let company = company
        .filter(|company| readable.contains(company))
        .ok_or_else(|| Problem::new(404, format!("Legal entity with id {id} not found.")))?;
    Ok(Reply::json(200, &document(company.company())))
}

fn readable(world: &World, call: &Call) -> Result<Vec<CompanyId>, Problem> {
    Ok(match call.caller()?.identity {
        Identity::Customer(id) => world.customers.get(id).companies.clone(),
        _ if call.caller()?.tenant == Tenant::Acme => vec![CompanyId::NORTH, CompanyId::SOUTH],
        _ => Vec::new(),
    })
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

fn document(company: &Company) -> Value {
    json!({
        "id": company.id,
        "name": company.name,
        "type": "COMPANY",
        "legalInfo": {
            "legalName": company.name,
            "countryOfRegistration": "DE",
            "registrationId": company.registration_id,
        },
        "customerGroups": [],
        "entitiesAddresses": [],
        "approvalGroup": [],
        "metadata": {
            "createdAt": "2025-01-01T00:00:00.000Z",
            "modifiedAt": "2025-01-01T00:00:00.000Z",
            "version": 1,
        },
    })
}
