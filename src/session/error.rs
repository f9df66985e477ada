//! The one error of this module.

use super::token::Millis;
use crate::text::concat;
use std::ops::Deref;

/// What kind of failure it is. The names are stable; storefronts branch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Bad input; [`Failure::field`] names it. No request was made.
    InvalidArgument,
    /// Not possible now, such as a login while signed in. No request was made.
    InvalidState,
    /// For customers only. No request was made.
    LoginRequired,
    /// E-mail or password is wrong.
    InvalidCredentials,
    /// No answer came.
    Network,
    /// No answer came in time.
    Timeout,
    /// The platform wants fewer calls (429).
    RateLimited,
    /// The platform is in trouble, or its answer was not the one of a token endpoint.
    Server,
    /// The customer's session has ended.
    SessionExpired,
    /// The platform refused the company.
    LegalEntityRefused,
    /// The platform refuses the call itself (403).
    Forbidden,
    /// The session can be renewed no more: it lasts until its token ends.
    NotRenewable,
    /// The platform refuses the storefront itself: its tenant, its client id or its origin.
    Configuration,
    /// Storage failed.
    Storage,
    /// The answer makes no sense.
    Protocol,
    /// The caller gave up, or the identity changed meanwhile.
    Aborted,
    /// The instance was closed.
    Closed,
    /// The module failed.
    Internal,
}

impl Code {
    /// The name by which JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::InvalidState => "invalid_state",
            Self::LoginRequired => "login_required",
            Self::InvalidCredentials => "invalid_credentials",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::SessionExpired => "session_expired",
            Self::LegalEntityRefused => "legal_entity_refused",
            Self::Forbidden => "forbidden",
            Self::NotRenewable => "not_renewable",
            Self::Configuration => "configuration",
            Self::Storage => "storage",
            Self::Protocol => "protocol",
            Self::Aborted => "aborted",
            Self::Closed => "closed",
            Self::Internal => "internal",
        }
    }
}

/// What went wrong, in words and in a code. It never holds a secret: its texts are written here, not received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub code: Code,
    /// The argument that was wrong.
    pub field: Option<&'static str>,
    /// The HTTP status, where the platform answered.
    pub status: Option<u16>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// How long to wait before that, where it is known.
    pub retry_after: Option<Millis>,
    /// With [`Code::LoginRequired`]: why. `guest`, or `saas_expired`.
    pub reason: Option<&'static str>,
    text: &'static str,
}

impl Failure {
    /// One sentence for the developer.
    pub fn message(&self) -> String {
        match self.field {
            Some(field) => concat(&[field, " must be ", self.text]),
            None => self.text.to_owned(),
        }
    }
}

/// The one error of this module: a [`Failure`], boxed, because every outcome of every function has room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionError(Box<Failure>);

impl Deref for SessionError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl SessionError {
    /// An error of this kind that trying again does not mend.
    pub fn new(code: Code, text: &'static str) -> Self {
        Self(Box::new(Failure {
            code,
            field: None,
            status: None,
            retryable: false,
            retry_after: None,
            reason: None,
            text,
        }))
    }

    /// An error that may be gone when the call is made again.
    pub fn passing(code: Code, text: &'static str) -> Self {
        Self::new(code, text).that_may_pass()
    }

    /// The same error, which may be gone when the call is made again.
    pub fn that_may_pass(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    /// Bad input: which argument, and what was expected.
    pub fn argument(field: &'static str, expected: &'static str) -> Self {
        let mut error = Self::new(Code::InvalidArgument, expected);
        error.0.field = Some(field);
        error
    }

    /// The identity changed while the call was under way.
    pub fn overtaken() -> Self {
        Self::new(
            Code::Aborted,
            "the identity changed while the call was under way",
        )
    }

    /// No answer came in time.
    pub fn late() -> Self {
        Self::passing(Code::Timeout, "the platform did not answer in time")
    }

    /// For customers only, and the visitor is a guest.
    pub fn login_required() -> Self {
        let mut error = Self::new(Code::LoginRequired, "the visitor is not signed in");
        error.0.reason = Some("guest");
        error
    }

    /// The customer has no saas token that is good. Only a login brings another.
    pub fn saas_expired() -> Self {
        let mut error = Self::new(
            Code::LoginRequired,
            "the customer's saas token has ended: sign in again, the session goes on",
        );
        error.0.reason = Some("saas_expired");
        error
    }

    /// The customer's session has ended.
    pub fn expired() -> Self {
        Self::new(
            Code::SessionExpired,
            "the customer's session has ended: sign in again",
        )
    }

    /// The same error with the status that the platform answered.
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The same error with the time after which to try again.
    pub fn with_retry_after(mut self, time: Option<Millis>) -> Self {
        self.0.retry_after = time;
        self
    }
}

/// The outcome of a call.
pub type Result<T> = std::result::Result<T, SessionError>;
