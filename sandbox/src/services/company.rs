//! Companies: the legal entities of customer management.

use crate::seed::companies::{Company, CompanyId};
use crate::seed::tenant::Tenant;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::Identity;
use serde_json::{Value, json};

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
    call.page(matching.map(document).collect())
}

/// `POST /customer-management/{tenant}/legal-entities/search`: the query is one `field:value`, quoted or not.
pub(crate) fn search(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let query = match &body["q"] {
        Value::Null => None,
        Value::String(query) => Some(query.split_once(':').ok_or_else(unknown_query)?),
        _ => return Err(unknown_query()),
    };
    if query.is_some_and(|(field, _)| !["id", "name", "type"].contains(&field)) {
        return Err(unknown_query());
    }
    let found = readable(world, call)?
        .into_iter()
        .map(|id| document(id.company()))
        .filter(|document| {
            query.is_none_or(|(field, value)| document[field] == *value.trim_matches('"'))
        });
    call.page(found.collect())
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

fn unknown_query() -> Problem {
    Problem::invalid("q", "q must be id, name or type, a colon and a value")
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
