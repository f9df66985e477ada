//! What a session is and how it may change: pure values and functions. No I/O, no clock, no async.

pub mod account;
pub mod address;
pub mod cart;
pub mod error;
pub mod event;
pub mod id;
pub mod record;
pub mod secret;
pub mod snapshot;
pub mod stored;
pub mod token;

pub use account::Account;
pub use cart::Cart;
pub use error::{Code, Result, SessionError};
pub use event::{Event, Kind, Origin, Reason, Remote};
pub use id::{Identity, LegalEntityId, SessionId};
pub use record::{
    Bearer, Customer, Grant, Omission, Operation, Pending, Readings, Record, RecordData,
};
pub use secret::{AccessToken, Email, Password, RefreshToken, SaasToken};
pub use snapshot::{Snapshot, Visitor};
pub use stored::Unreadable;
pub use token::{Freshness, Held, Life, Millis, Moment, Pair};
