//! The customer's own profile.

use super::fields::{REGISTRATION_ID, merge_details};
use crate::seed::sites::DEFAULT_SITE;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::clock::iso;
use crate::world::customers::{Address, Customer, CustomerId};
use crate::world::tokens::Identity;
use serde_json::{Value, json};

/// `GET /customer/{tenant}/me`: a customer's profile, or the pseudo-customer that every guest is.
pub(crate) fn me(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let expanded = call.query("expand");
    let expands = |part: &str| {
        expanded
            .as_deref()
            .is_some_and(|list| list.split(',').any(|item| item == part))
    };
    match call.caller()?.identity {
        Identity::Guest => Ok(Reply::json(200, &anonymous())),
        Identity::Customer(id) => Ok(Reply::json(
            200,
            &document(world.customers.get(id), expands("addresses")),
        )),
        Identity::Service => Err(call.forbidden()),
    }
}

/// `PATCH` and `PUT /customer/{tenant}/me`, as JSON or as a merge patch: in both `null` removes.
pub(crate) fn change_me(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let customer = world.customers.get_mut(own_id(call)?);
    let body = call.body()?;
    match &body["metadata"]["version"] {
        Value::Null => {}
        version if version.as_u64() == Some(customer.version) => {}
        version if version.is_u64() => return Err(Problem::stale_version()),
        _ => {
            return Err(Problem::invalid(
                "metadata.version",
                "metadata.version must be a number",
            ));
        }
    }
    customer.details = merge_details(&customer.details, &body)?;
    customer.version += 1;
    Ok(Reply::empty(200))
}

/// The customer who is calling.
pub(super) fn own_id(call: &Call) -> Result<CustomerId, Problem> {
    match call.caller()?.identity {
        Identity::Customer(id) => Ok(id),
        Identity::Guest | Identity::Service => Err(call.forbidden()),
    }
}

fn anonymous() -> Value {
    json!({
        "firstName": "Anonymous",
        "lastName": "Anonymous",
        "preferredSite": DEFAULT_SITE,
        "customerNumber": "00000000",
        "id": "00000000",
        "accounts": [],
    })
}

fn document(customer: &Customer, with_addresses: bool) -> Value {
    let companies = customer.companies.iter().map(|id| {
        let company = id.company();
        json!({
            "id": company.id,
            "name": company.name,
            "contactAssignmentId": format!("contact-{}-{}", customer.number, company.id),
        })
    });
    let mut document = json!({
        "id": customer.number,
        "customerNumber": customer.number,
        "accounts": [{ "id": customer.email, "providerId": "emporix" }],
        "businessModel": if customer.companies.is_empty() { "B2C" } else { "B2B" },
        "b2b": { "legalEntities": companies.collect::<Value>() },
        "mixins": {},
        "metadata": { "mixins": {}, "version": customer.version },
    });
    for (field, value) in &customer.details {
        let place = match field.as_str() {
            REGISTRATION_ID => &mut document["b2b"][REGISTRATION_ID],
            field => &mut document[field],
        };
        *place = value.clone();
    }
    if let Some(last_login) = customer.last_login {
        document["lastLogin"] = iso(last_login).into();
    }
    if with_addresses {
        let addresses = || customer.addresses.iter();
        document["addresses"] = addresses().map(Address::view).collect();
        if let Some(default) = addresses().find(|address| address.is_default) {
            document["defaultAddress"] = default.view();
        }
    }
    document
}
