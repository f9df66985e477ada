//! Names of what the platform holds.

/// Names one of the tokens that were ever issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenId(pub(crate) usize);
