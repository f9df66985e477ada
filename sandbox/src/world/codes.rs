//! The codes of the identity provider next door.

use std::collections::BTreeMap;

/// The codes that wait to be redeemed.
#[derive(Debug, Default)]
pub(crate) struct Codes(pub(crate) BTreeMap<String, Code>);

/// What a code stands for.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) email: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// Of the proof key, as the client has announced it.
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) expires_at: u64,
}
