//! The customer's own profile.

use crate::call::Call;
use crate::clock::iso;
use crate::customers::Customer;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::sites::DEFAULT_SITE;
use crate::tokens::Identity;
use serde_json::{Value, json};

/// `GET /customer/{tenant}/me`: a customer's profile, or the pseudo-customer that every guest is.
pub(crate) fn me(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    match call.caller()?.identity {
        Identity::Guest => Ok(Reply::json(200, &anonymous())),
        Identity::Customer(id) => Ok(Reply::json(200, &document(platform.customers.get(id)))),
        Identity::Service => Err(call.forbidden()),
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

fn document(customer: &Customer) -> Value {
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
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "contactEmail": customer.email,
        "preferredLanguage": "en_US",
        "preferredCurrency": "EUR",
        "preferredSite": DEFAULT_SITE,
        "accounts": [{ "id": customer.email, "providerId": "emporix" }],
        "businessModel": if customer.companies.is_empty() { "B2C" } else { "B2B" },
        "b2b": { "legalEntities": companies.collect::<Value>() },
        "mixins": {},
        "metadata": { "mixins": {}, "version": 1 },
    });
    if let Some(last_login) = customer.last_login {
        document["lastLogin"] = iso(last_login).into();
    }
    document
}
