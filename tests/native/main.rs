//! The lifecycle that ships, natively: virtual time, the sandbox's rules as the platform, every request counted.
#![cfg(not(target_arch = "wasm32"))]

mod anything;
mod copies;
mod former_records;
mod late_answers;
mod laws;
mod readings;
mod session;
mod taken_locks;
mod walls;
mod world;
