//! Ending the tokens of a session from outside, as an operator would.

use super::{FamilyId, Identity, Purpose, Tokens};
use serde::Deserialize;

/// The control call that ends tokens before their time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revocation {
    /// Which tokens.
    pub kind: RevokedKind,
    /// Whose; without it both.
    pub identity: Option<RevokedIdentity>,
    /// Of which session.
    pub session_id: String,
}

/// Which tokens a [`Revocation`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevokedKind {
    /// Access tokens.
    Access,
    /// Refresh tokens.
    Refresh,
    /// Both.
    Session,
}

/// Whose tokens a [`Revocation`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevokedIdentity {
    /// The guest's.
    Guest,
    /// The customer's.
    Customer,
}

impl Revocation {
    fn purpose(&self) -> Option<Purpose> {
        match self.kind {
            RevokedKind::Access => Some(Purpose::Access),
            RevokedKind::Refresh => Some(Purpose::Refresh),
            RevokedKind::Session => None,
        }
    }

    fn means(&self, identity: Identity) -> bool {
        match self.identity {
            None => true,
            Some(RevokedIdentity::Guest) => identity == Identity::Guest,
            Some(RevokedIdentity::Customer) => identity != Identity::Guest,
        }
    }
}

impl Tokens {
    /// Ends what a revocation names and tells how many tokens; none for a session that there is not.
    pub(crate) fn apply(&mut self, revocation: &Revocation, now: u64) -> Option<usize> {
        let families = self.families_of_session(&revocation.session_id)?;
        let meant: Vec<FamilyId> = families
            .iter()
            .copied()
            .filter(|family| revocation.means(self.family(*family).identity))
            .collect();
        let ended = meant
            .into_iter()
            .map(|family| self.revoke_family(family, revocation.purpose(), now));
        Some(ended.sum())
    }
}
