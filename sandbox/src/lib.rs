//! The local stand-in for the Emporix platform: strict, honest, quick to start.
//!
//! [`Platform`] holds the platform's rules as a pure state machine. It does no I/O, reads no system clock and is
//! deterministic: the same seed, clock and requests give the same answers. A test can therefore use it natively as
//! its server, and [`server`] (feature `server`) puts it behind HTTP for a browser.
//!
//! ```
//! use sandbox::{Platform, Request};
//!
//! let mut platform = Platform::new(1);
//! let answer = platform.handle(&Request::get(
//!     "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront",
//! ));
//! assert_eq!(answer.status, 200);
//! ```
//!
//! The control calls and every reading of the documentation are listed in the crate's README.

mod control;
mod front;
mod gateway;
mod oidc;
mod platform;
mod profile;
mod seed;
#[cfg(feature = "server")]
pub mod server;
mod services;
mod wire;
mod world;

pub use control::state::{
    CartItemState, CartState, ContextState, IdentityState, MailState, OrderState, SessionState,
    State, TokenState,
};
pub use gateway::faults::{Fault, FaultKind, RetryAfter};
pub use gateway::log::{Fingerprint, Row};
pub use platform::Platform;
pub use profile::{
    ContextDocument, ExpiresInType, FieldStyle, ForeignBearerSession, LegalEntityRefusal, Lifetime,
    LogoutKills, OmittedLegalEntity, Profile, RefreshBearer, RefreshLifetime, RefusedSwitch, Reuse,
    Rotation, SaasClaims, Survival,
};
pub use wire::http::{Answer, Delivery, Request, Ticket};
pub use world::mails::MailKind;
pub use world::tokens::{
    BearerKind, Purpose, Revocation, RevokedIdentity, RevokedKind, Status, TokenFacts,
};
