//! The wire: each endpoint as a request builder and a tolerant decoder of its answer.
//!
//! Sources are the platform's OpenAPI files and guides, as gathered in `docs/platform.md`; where they contradict each
//! other, every reading is accepted. Nothing here sends anything.

pub mod anonymous;
pub mod customer;
pub mod platform;
pub mod refusal;
mod tokens;

pub use customer::TokenInfo;
pub use platform::{Context, Platform};
pub use refusal::{NotGranted, Refusal, garbled, judge};
pub use tokens::grant;
