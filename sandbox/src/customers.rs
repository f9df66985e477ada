//! Customers: who they are, and what they do with their tokens.

mod profile;
mod tokens;

pub(crate) use profile::me;
pub(crate) use tokens::{login, logout, refresh, validate};

use crate::companies::CompanyId;
use crate::tenant::PASSWORD;

/// A registered customer.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) number: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) companies: Vec<CompanyId>,
    pub(crate) last_login: Option<u64>,
}

impl Customer {
    /// Whether the customer is assigned to a company.
    pub(crate) fn buys_for(&self, company: CompanyId) -> bool {
        self.companies.contains(&company)
    }
}

/// Names a customer of [`Customers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CustomerId(usize);

/// All customers of the tenant.
#[derive(Debug)]
pub(crate) struct Customers(Vec<Customer>);

impl Customers {
    /// The fixed ones.
    pub(crate) fn new() -> Self {
        let customer = |number: &str,
                        email: &str,
                        first_name: &str,
                        last_name: &str,
                        companies: &[CompanyId]| Customer {
            number: number.to_owned(),
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            companies: companies.to_vec(),
            last_login: None,
        };
        Self(vec![
            customer(
                "13869001",
                "buyer@example.com",
                "Bea",
                "Buyer",
                &[CompanyId::NORTH, CompanyId::SOUTH],
            ),
            customer(
                "13869002",
                "single@example.com",
                "Sina",
                "Single",
                &[CompanyId::NORTH],
            ),
            customer("13869003", "solo@example.com", "Sol", "Solo", &[]),
        ])
    }

    pub(crate) fn get(&self, id: CustomerId) -> &Customer {
        &self.0[id.0]
    }

    pub(crate) fn get_mut(&mut self, id: CustomerId) -> &mut Customer {
        &mut self.0[id.0]
    }

    pub(crate) fn find_by_email(&self, email: &str) -> Option<CustomerId> {
        self.0
            .iter()
            .position(|customer| customer.email.eq_ignore_ascii_case(email))
            .map(CustomerId)
    }

    pub(crate) fn find_by_number(&self, number: &str) -> Option<CustomerId> {
        self.0
            .iter()
            .position(|customer| customer.number == number)
            .map(CustomerId)
    }
}
