//! What the platform grants.

use super::id::SessionId;
use super::secret::{AccessToken, RefreshToken, SaasToken};
use super::token::Held;

/// The tokens of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For API calls.
    pub access: Held<AccessToken>,
    /// For the next pair.
    pub refresh: Option<Held<RefreshToken>>,
    /// For checkout; a login gives it, a refresh does not.
    pub saas: Option<Held<SaasToken>>,
    /// The session the tokens belong to, where the answer names it.
    pub session_id: Option<SessionId>,
    /// Whether the password is one that somebody else has set; a login tells it.
    pub initial_password: bool,
}
