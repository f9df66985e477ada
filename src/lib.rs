//! Who the visitor of an Emporix storefront is, and a token that works.
//!
//! One `sessionId` goes through anonymous token, customer login, refresh, company switch and logout, so that the
//! guest's cart is still there after login. Storefronts use the npm package; this is the crate inside.
//!
//! # The house
//! Data comes in at the top, goes down, comes back. A layer knows only those below it:
//!
//! | layer | is about |
//! |---|---|
//! | `js` | `SessionManager` as JavaScript sees it: values, errors and events across the border |
//! | [`lifecycle`] | what happens when: start, renew, log in, switch, log out, authorize a call |
//! | [`host`] | what the lifecycle needs of the place it runs in; `browser` is such a place |
//! | [`emporix`] | the wire: requests of each endpoint, tolerant decoders, what a refusal means |
//! | [`http`] | request and response |
//! | [`session`] | what a session is and how it may change: values only |
//! | [`json`], `text` | an object whose fields are asked for by name; text that is put together |
//!
//! # Before this module is there
//! A token that is good needs nobody to decide. The package's entry reads it from the record in JavaScript (`npm/record.js`),
//! and loads this module when something changes, or when the page is at rest:
//!
//! ```text
//!  index.js   hands out                         core.js + .wasm   decides
//!  ────────────────────────────────────────     ──────────────────────────────────────────────
//!  options, snapshot, signal, listeners         login, refresh, switch, logout, validate, 401
//!  accessToken, fetch, saasToken: while the     no record, one that the entry is not sure of,
//!    record's token is good (record.js)           a token that is due or over
//!  reads localStorage                    ──▶    locks, fence, storage, messages, timers
//!  hears of other tabs (news.js)         ──▶    what became of the identity, and its events
//!  loads the core when one of these is needed, when another tab has another identity, or at rest
//! ```
//!
//! `docs/light.md` explains it.
//!
//! All but `js` and `browser` compile natively, so that the lifecycle which ships is the lifecycle which is tested.
//!
//! Shipped code cannot panic, and says so to clippy; tests may.
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable,
        clippy::todo
    )
)]

pub mod emporix;
pub mod host;
pub mod http;
pub mod json;
pub mod lifecycle;
pub mod session;
mod text;

/// Half the size of the standard library's.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod js;
