//! Which cart is the visitor's, where a storefront wants that to be known.

use crate::text::concat;

/// The visitor's cart: its id, behind a letter that says how it became his. `f`: it was found. `m`: it holds what the guest's
/// held. `o`: it is the guest's, and still to be merged into the customer's. One text, as it is stored and noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart(String);

impl Cart {
    /// Takes the text, unless it is none of a cart.
    pub fn new(text: String) -> Option<Self> {
        let cart = Self(text);
        let is_cart = !cart.id().trim_ascii().is_empty() && cart.0.starts_with(['f', 'm', 'o']);
        is_cart.then_some(cart)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The platform's name for it.
    pub fn id(&self) -> &str {
        self.0.get(1..).unwrap_or_default()
    }

    /// A guest's cart when he has become a customer.
    pub fn owed(&self) -> Self {
        Self(concat(&["o", self.id()]))
    }

    /// Whether a guest has filled it, and it is to be merged into the customer's.
    pub fn is_owed(&self) -> bool {
        self.0.starts_with('o')
    }
}
