//! Who is signed in.

use super::account::Account;
use super::id::LegalEntityId;
use super::secret::SaasToken;
use super::token::{Held, Pair};

/// A signed-in customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The customer's tokens.
    pub pair: Pair,
    /// For checkout.
    pub saas: Option<Held<SaasToken>>,
    /// The chosen company.
    pub legal_entity: Option<LegalEntityId>,
    /// Whether a company is still to be chosen.
    pub needs_legal_entity: bool,
    /// Whether the password is to be changed.
    pub needs_password_change: bool,
    /// Whose tokens they are, where that is known.
    pub account: Option<Account>,
    /// Whether another guest has lent the bearer that they were got with: what the platform names for them is his session.
    pub is_lent: bool,
}
