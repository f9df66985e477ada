//! `SessionManager` as JavaScript sees it: values, errors and events across the border.
//!
//! The class of this crate is wrapped by the npm package's own (in `npm/`), which loads the WebAssembly, keeps the
//! snapshot, the listeners and the token at hand on the JavaScript side, and lives on when this side fails.

mod error;
mod manager;
mod options;
mod value;

pub use manager::SessionManager;
