//! The double of a browser: pages, what they share, virtual time, and the way to a platform that follows the sandbox's rules.
//! Each session in a page is a [`Host`](storefront_session::host::Host), on which the lifecycle runs as it ships.
//!
//! The native tests give it orders; the simulator leaves much to [`Chance`] and watches as an [`Observer`]. Neither is known here.
//!
//! * `executor`, `clock`: tasks and virtual time, and what a machine's clocks show
//! * `page`, `session`: how pages live, and the sessions in them
//! * `storage`, `sights`, `adapter`: where the record is kept, and what each page sees of it
//! * `locks`, `revisions`, `channel`: the lock, the fence, and what pages tell each other
//! * `leases`, `store`: hosts in the place of pages, with a store that gives leases
//! * `wire`: the way to the platform
//! * `host`: all of that, as the lifecycle asks for it

#![cfg(not(target_arch = "wasm32"))]

mod adapter;
mod browser;
mod chance;
mod channel;
mod clock;
mod executor;
mod host;
mod leases;
mod locks;
mod observer;
mod page;
mod revisions;
mod session;
mod sights;
mod storage;
mod store;
mod wire;

pub use browser::{Browser, PATIENCE};
pub use chance::{Certain, Chance};
pub use executor::Owner;
pub use host::Tab;
pub use locks::{LockManager, Locks};
pub use observer::Observer;
pub use storage::{Area, Fault, Key};
pub use wire::{API, Way, changes_tokens};
