//! What happened, as listeners hear of it.

use super::snapshot::Snapshot;
use crate::json::Fields;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The visitor's cart is another, or not known any more.
    Cart,
    /// A company is to be chosen, or the customer has chosen none.
    Company,
    /// The session began or ceased to be stored, or a stored record was given up.
    Storage,
    /// The customer's saas token has ended; the session goes on.
    Saas,
}

impl Kind {
    /// The name by which JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Renewed => "renewed",
            Self::Login => "login",
            Self::Switched => "switched",
            Self::Logout => "logout",
            Self::Expired => "expired",
            Self::Revocation => "revocation",
            Self::Cart => "cart",
            Self::Company => "company",
            Self::Storage => "storage",
            Self::Saas => "saas",
        }
    }
}

/// Why it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A method asked for it.
    Requested,
    /// Somebody needed a token, and there was none that is good.
    Needed,
    /// Renewed ahead of its end.
    Due,
    /// The platform refused the token.
    Refused,
    /// A cart was found.
    Found,
    /// What was in the guest's cart is in the customer's.
    Merged,
    /// The guest's cart could not be merged into the customer's.
    MergeFailed,
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
    /// Its time is over.
    Expired,
}

impl Reason {
    /// Why listeners hear of a note of a cart: its text, as `Cart` has it.
    pub fn of_cart(text: &str) -> Self {
        match text.as_bytes().first() {
            Some(b'f') => Self::Found,
            Some(b'm') => Self::Merged,
            Some(b'o') => Self::MergeFailed,
            Some(b'n') => Self::Needed,
            _ => Self::Requested,
        }
    }

    /// The name by which JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Needed => "needed",
            Self::Due => "due",
            Self::Refused => "refused",
            Self::Found => "found",
            Self::Merged => "merged",
            Self::MergeFailed => "merge_failed",
            Self::Corrupt => "corrupt",
            Self::NewerSchema => "newer_schema",
            Self::ForeignApi => "foreign_api",
            Self::Unavailable => "unavailable",
            Self::Full => "full",
            Self::Cleared => "cleared",
            Self::Restored => "restored",
            Self::Expired => "expired",
        }
    }
}

/// Whether it was done here or in another tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Here.
    Local,
    /// In another tab.
    Remote,
}

impl Origin {
    /// The name by which JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// What the platform said to a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// It confirmed it.
    Done,
    /// It refused, failed, or could not be reached.
    Unknown,
}

impl Remote {
    /// The name by which JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unknown => "unknown",
        }
    }
}

/// One change, with what was before and what is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
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
    pub remote: Option<Remote>,
}

impl Event {
    /// What a listener is told.
    pub fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::default();
        fields.text("type", self.kind.as_str());
        fields.text("reason", self.reason.as_str());
        fields.text("origin", self.origin.as_str());
        fields.object("snapshot", self.snapshot.fields());
        fields.object("previous", self.previous.fields());
        fields.text_some("remote", self.remote.map(Remote::as_str));
        fields
    }
}
