//! Who the visitor is, without any secret.

use super::cart::Cart;
use super::id::{Identity, LegalEntityId, SessionId};
use super::token::Millis;
use crate::json::Fields;

/// What the visitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// A guest, with or without a token yet.
    Anonymous,
    /// Signed in.
    Customer,
}

/// Who the visitor is: what a page may know and show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Guest or customer.
    pub kind: Visitor,
    /// Changes exactly when the identity or the company does.
    pub identity: Identity,
    /// The platform's session; `None` until the first token.
    pub session_id: Option<SessionId>,
    /// The chosen company.
    pub legal_entity_id: Option<LegalEntityId>,
    /// The visitor's cart, where it is known.
    pub cart: Option<Cart>,
    /// Whether a company is still to be chosen.
    pub needs_legal_entity: bool,
    /// Whether the password is one that somebody else has set, and is to be changed.
    pub needs_password_change: bool,
    /// When the access token ends, in milliseconds since 1970.
    pub expires_at: Option<Millis>,
    /// When the saas token ends, in milliseconds since 1970.
    pub saas_expires_at: Option<Millis>,
    /// Whether the tokens can be renewed.
    pub renewable: bool,
    /// Whether the session is stored.
    pub durable: bool,
}

impl Snapshot {
    /// What a page is told.
    pub fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::default();
        let kind = match self.kind {
            Visitor::Anonymous => "anonymous",
            Visitor::Customer => "customer",
        };
        fields.text("kind", kind);
        fields.text("identity", self.identity.as_str());
        fields.text_some("sessionId", self.session_id.as_ref().map(SessionId::as_str));
        fields.text_some(
            "legalEntityId",
            self.legal_entity_id.as_ref().map(LegalEntityId::as_str),
        );
        fields.text_some("cartId", self.cart.as_ref().map(Cart::id));
        fields.flag("needsLegalEntity", self.needs_legal_entity);
        fields.flag("needsPasswordChange", self.needs_password_change);
        fields.number_some("expiresAt", self.expires_at);
        fields.number_some("saasExpiresAt", self.saas_expires_at);
        fields.flag("renewable", self.renewable);
        fields.flag("durable", self.durable);
        fields
    }
}
