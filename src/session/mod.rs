//! What a session is and how it may change: pure values and functions. No I/O, no clock, no async.

pub mod account;
pub mod address;
pub mod cart;
pub mod customer;
pub mod error;
pub mod event;
pub mod grant;
pub mod id;
pub mod pending;
pub mod readings;
pub mod record;
pub mod secret;
pub mod snapshot;
pub mod stored;
pub mod token;
mod transition;

pub use account::Account;
pub use cart::Cart;
pub use customer::Customer;
pub use error::{Code, Result, SessionError};
pub use event::{Event, Kind, Origin, Reason, Remote};
pub use grant::Grant;
pub use id::{Identity, LegalEntityId, SessionId};
pub use pending::{Operation, Pending};
pub use readings::{Bearer, Omission, Readings};
pub use record::{Record, RecordData};
pub use secret::{AccessToken, Email, Password, RefreshToken, SaasToken};
pub use snapshot::{Snapshot, Visitor};
pub use stored::Unreadable;
pub use token::{Freshness, Held, Life, Millis, Moment, Pair};
pub use transition::LEAP;
