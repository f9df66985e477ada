//! What callers are told where the platform's answer is no token.

use crate::emporix::{NotGranted, Refusal};
use crate::session::{Code, SessionError};

/// The platform wants no guest of this storefront: a wrong client id, as a rule. Where it has granted one before, that may
/// pass; and words that are nobody's for certain may be those of somebody in between.
pub(super) fn refused_start(refusal: Refusal, is_first: bool) -> SessionError {
    if !is_first && !refusal.is_explicit {
        return fault_of(refusal.status);
    }
    let mut error = SessionError::new(
        Code::Configuration,
        "the platform refuses anonymous tokens: are tenant and clientId right, and is this origin allowed?",
    );
    if !is_first {
        error = error.that_may_pass();
    }
    error.with_status(refusal.status)
}

/// A refusal that is none of a token's: it ends nothing and may pass.
pub(super) fn fault_of(status: u16) -> SessionError {
    let code = match status {
        403 => Code::Forbidden,
        _ => Code::Server,
    };
    SessionError::passing(code, "the platform refuses the call").with_status(status)
}

/// The same for whoever cannot do without the answer.
impl From<NotGranted> for SessionError {
    fn from(reason: NotGranted) -> Self {
        match reason {
            NotGranted::Refused(refusal) => fault_of(refusal.status),
            NotGranted::Fault(error) => error,
        }
    }
}

pub(super) fn not_renewable() -> SessionError {
    SessionError::new(
        Code::NotRenewable,
        "the session can be renewed no more; it lasts until its token ends",
    )
}
