//! Companies: the legal entities of customer management.

use crate::call::Call;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::tokens::Identity;
use serde_json::{Value, json};

/// A legal entity and what its members pay.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// What its members save on every price.
    pub(crate) discount_percent: i64,
    registration_id: &'static str,
}

static COMPANIES: [Company; 2] = [
    Company {
        id: "le-north",
        name: "North Harbour Trading GmbH",
        discount_percent: 10,
        registration_id: "HRB 100100",
    },
    Company {
        id: "le-south",
        name: "South Valley Supplies GmbH",
        discount_percent: 15,
        registration_id: "HRB 200200",
    },
];

/// Names one of the fixed companies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CompanyId(usize);

impl CompanyId {
    pub(crate) const NORTH: Self = Self(0);
    pub(crate) const SOUTH: Self = Self(1);

    pub(crate) fn find(id: &str) -> Option<Self> {
        COMPANIES
            .iter()
            .position(|company| company.id == id)
            .map(Self)
    }

    pub(crate) fn company(self) -> &'static Company {
        &COMPANIES[self.0]
    }
}

/// `GET /customer-management/{tenant}/legal-entities`: a customer's own ones, all of them for the backend.
pub(crate) fn list(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let ids = match call.caller()?.identity {
        Identity::Customer(id) => platform.customers.get(id).companies.clone(),
        _ => vec![CompanyId::NORTH, CompanyId::SOUTH],
    };
    let matching = ids
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
