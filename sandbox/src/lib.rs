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

mod anonymous;
mod call;
mod carts;
mod catalogue;
mod checkout;
mod clock;
mod companies;
mod contexts;
mod control;
mod cors;
mod coupons;
mod customers;
mod faults;
mod gateway;
mod grants;
mod http;
mod iam;
mod jwt;
mod language;
mod log;
mod mails;
mod money;
mod oidc;
mod orders;
mod platform;
mod prices;
mod problem;
mod products;
mod profile;
mod query;
mod random;
mod renewal;
mod reply;
mod routes;
mod saas;
#[cfg(feature = "server")]
pub mod server;
mod service_keys;
mod sha256;
mod sites;
mod state;
mod tenant;
mod tokens;
mod world;

pub use faults::{Fault, FaultKind, RetryAfter};
pub use http::{Answer, Delivery, Request, Ticket};
pub use log::{Fingerprint, Row};
pub use mails::MailKind;
pub use platform::Platform;
pub use profile::{
    ContextDocument, ExpiresInType, FieldStyle, ForeignBearerSession, LegalEntityRefusal, Lifetime,
    LogoutKills, OmittedLegalEntity, Profile, RefreshBearer, RefreshLifetime, RefusedSwitch, Reuse,
    Rotation, SaasClaims, Survival,
};
pub use state::{
    CartItemState, CartState, ContextState, IdentityState, MailState, OrderState, SessionState,
    State, TokenState,
};
pub use tokens::{
    BearerKind, Purpose, Revocation, RevokedIdentity, RevokedKind, Status, TokenFacts,
};
