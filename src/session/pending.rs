//! The note that an operation is under way.

use super::secret::Fingerprint;
use super::token::Millis;

/// An operation that changes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A guest's first token, or a renewal.
    Renewal,
    /// A customer signs in.
    Login,
    /// Another company.
    Switch,
}

/// An operation under way. Found under the lock, it says that somebody sent a token and its answer never came home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which operation, by a random name.
    pub id: u32,
    /// Its kind.
    pub operation: Operation,
    /// The epoch in which it began.
    pub epoch: u64,
    /// The refresh token that it consumes.
    pub consumes: Option<Fingerprint>,
    /// When it began, by the wall clock.
    pub started: Millis,
    /// Whether its tab still waits for the answer, though it has given the lock back.
    pub late: bool,
}
