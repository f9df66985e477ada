//! What happened, as listeners hear of it.

use super::snapshot::Snapshot;
use serde::Serialize;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A guest got a token, and with it a session id.
    Started,
    /// New tokens, the same identity.
    Renewed,
    /// A customer signed in.
    Login,
    /// Another company, or none.
    Switched,
    /// The session was ended on purpose.
    Logout,
    /// The session came to its end.
    Expired,
    /// The platform's part of a logout has ended.
    Revocation,
    /// The session began or ceased to be stored, or a stored record was given up.
    Storage,
}

/// Why it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A method asked for it.
    Requested,
    /// Somebody needed a token, and there was none that is good.
    Needed,
    /// Renewed ahead of its end.
    Due,
    /// The platform refused the token.
    Refused,
    /// The stored record could not be read.
    Corrupt,
    /// The stored record is of a later version of this module, and is left alone.
    NewerSchema,
    /// The stored record is of another apiUrl.
    ForeignApi,
    /// Storage cannot be used.
    Unavailable,
    /// Storage has no room.
    Full,
    /// Storage was cleared by somebody.
    Cleared,
    /// Storage works again.
    Restored,
}

/// Whether it was done here or in another tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Here.
    Local,
    /// In another tab.
    Remote,
}

/// What the platform said to a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remote {
    /// It confirmed it.
    Done,
    /// It refused, failed, or could not be reached.
    Unknown,
}

/// One change, with what was before and what is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Why.
    pub reason: Reason,
    /// Where.
    pub origin: Origin,
    /// What is now.
    pub snapshot: Snapshot,
    /// What was before.
    pub previous: Snapshot,
    /// On [`Kind::Revocation`]: what the platform said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<Remote>,
}
