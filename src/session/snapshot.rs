//! Who the visitor is, without any secret.

use super::id::{Identity, LegalEntityId, SessionId};
use super::token::Millis;
use serde::Serialize;

/// What the visitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visitor {
    /// A guest, with or without a token yet.
    Anonymous,
    /// Signed in.
    Customer,
}

/// Who the visitor is: what a page may know and show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Guest or customer.
    pub kind: Visitor,
    /// Changes exactly when the identity or the company does.
    pub identity: Identity,
    /// The platform's session; `None` until the first token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The chosen company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_entity_id: Option<LegalEntityId>,
    /// When the access token ends, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Millis>,
    /// When the saas token ends, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saas_expires_at: Option<Millis>,
    /// Whether the tokens can be renewed.
    pub renewable: bool,
    /// Whether the session is stored.
    pub durable: bool,
}
