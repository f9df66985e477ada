//! The registered customers.

use crate::seed::companies::CompanyId;
use crate::seed::sites::{self, DEFAULT_SITE};
use crate::seed::tenant::{PASSWORD, Tenant};
use serde_json::{Map, Value, json};

/// An address of a customer.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) id: String,
    pub(crate) fields: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) is_default: bool,
}

impl Address {
    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|candidate| candidate == tag)
    }

    pub(crate) fn country(&self) -> Option<&str> {
        self.fields.get("country").and_then(Value::as_str)
    }

    pub(crate) fn view(&self) -> Value {
        let mut view = Value::Object(self.fields.clone());
        view["id"] = self.id.as_str().into();
        view["tags"] = self.tags.clone().into();
        view["isDefault"] = self.is_default.into();
        view
    }
}

/// The number of a tenant's first customer.
pub(crate) fn first_number(tenant: Tenant) -> usize {
    match tenant {
        Tenant::Acme => 13_869_001,
        Tenant::Other => 24_869_001,
    }
}

/// A registered customer.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) tenant: Tenant,
    pub(crate) number: String,
    /// What the customer logs in with; the address to write to is one of the details.
    pub(crate) email: String,
    pub(crate) password: String,
    /// The part of the profile that the customer may write.
    pub(crate) details: Map<String, Value>,
    pub(crate) companies: Vec<CompanyId>,
    pub(crate) addresses: Vec<Address>,
    /// Whether the e-mail address is confirmed. Nothing else depends on it.
    pub(crate) opted_in: bool,
    pub(crate) last_login: Option<u64>,
    /// Of the profile.
    pub(crate) version: u64,
}

impl Customer {
    /// Whether the customer is assigned to a company.
    pub(crate) fn buys_for(&self, company: CompanyId) -> bool {
        self.companies.contains(&company)
    }

    /// One text of the profile.
    pub(crate) fn detail(&self, name: &str) -> Option<&str> {
        self.details.get(name).and_then(Value::as_str)
    }

    /// Where the customer is, as far as the addresses tell.
    pub(crate) fn country(&self) -> Option<String> {
        ["SHIPPING", "BILLING"].iter().find_map(|tag| {
            let country = |address: &&Address| address.country().map(str::to_owned);
            self.addresses
                .iter()
                .filter(|address| address.has_tag(tag))
                .find_map(|address| country(&address))
        })
    }
}

/// Names a customer of [`Customers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CustomerId(usize);

/// All customers of all tenants.
#[derive(Debug)]
pub(crate) struct Customers(pub(crate) Vec<Customer>);

impl Customers {
    /// The fixed ones.
    pub(crate) fn new() -> Self {
        let mut customers = Self(Vec::new());
        for (tenant, email, first_name, last_name, companies) in [
            (
                Tenant::Acme,
                "buyer@example.com",
                "Bea",
                "Buyer",
                &[CompanyId::NORTH, CompanyId::SOUTH][..],
            ),
            (
                Tenant::Acme,
                "single@example.com",
                "Sina",
                "Single",
                &[CompanyId::NORTH][..],
            ),
            (Tenant::Acme, "solo@example.com", "Sol", "Solo", &[]),
            (Tenant::Other, "other@example.com", "Otto", "Other", &[]),
        ] {
            let names = json!({ "firstName": first_name, "lastName": last_name });
            let mut details = default_details(email);
            details.extend(names.as_object().cloned().unwrap_or_default());
            let id = customers.add(tenant, email, PASSWORD, details);
            let customer = customers.get_mut(id);
            customer.companies = companies.to_vec();
            customer.opted_in = true;
        }
        customers
    }

    /// Registers a customer without companies and addresses.
    pub(crate) fn add(
        &mut self,
        tenant: Tenant,
        email: &str,
        password: &str,
        details: Map<String, Value>,
    ) -> CustomerId {
        let id = CustomerId(self.0.len());
        let former = self.0.iter().filter(|it| it.tenant == tenant).count();
        self.0.push(Customer {
            tenant,
            number: (first_number(tenant) + former).to_string(),
            email: email.to_owned(),
            password: password.to_owned(),
            details,
            companies: Vec::new(),
            addresses: Vec::new(),
            opted_in: false,
            last_login: None,
            version: 1,
        });
        id
    }

    /// The customer of that address, registered now if there is none. Without a password, since somebody else
    /// vouches for the person.
    pub(crate) fn provision(&mut self, tenant: Tenant, email: &str) -> CustomerId {
        self.find_by_email(tenant, email).unwrap_or_else(|| {
            let id = self.add(tenant, email, "", default_details(email));
            self.get_mut(id).opted_in = true;
            id
        })
    }

    pub(crate) fn get(&self, id: CustomerId) -> &Customer {
        &self.0[id.0]
    }

    pub(crate) fn get_mut(&mut self, id: CustomerId) -> &mut Customer {
        &mut self.0[id.0]
    }

    pub(crate) fn find_by_email(&self, tenant: Tenant, email: &str) -> Option<CustomerId> {
        self.0
            .iter()
            .position(|customer| {
                customer.tenant == tenant && customer.email.eq_ignore_ascii_case(email)
            })
            .map(CustomerId)
    }

    pub(crate) fn find_by_number(&self, tenant: Tenant, number: &str) -> Option<CustomerId> {
        self.0
            .iter()
            .position(|customer| customer.tenant == tenant && customer.number == number)
            .map(CustomerId)
    }
}

/// What a profile says when its customer has said nothing.
pub(crate) fn default_details(email: &str) -> Map<String, Value> {
    let details = json!({
        "contactEmail": email,
        "preferredLanguage": "en_US",
        "preferredCurrency": sites::find(DEFAULT_SITE).map(|site| site.currency.code()),
        "preferredSite": DEFAULT_SITE,
    });
    details.as_object().cloned().unwrap_or_default()
}
