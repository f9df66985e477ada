//! What an endpoint gives back.

use crate::seed::ids::TokenId;
use crate::wire::http::Header;
use serde::Serialize;
use std::borrow::Cow;

/// What an endpoint answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: String,
    /// The token that was issued, so that the log can tell whose session the answer is about.
    pub(crate) issued: Option<TokenId>,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
            issued: None,
        }
    }

    pub(crate) fn json(status: u16, body: &(impl Serialize + ?Sized)) -> Self {
        // A value that serde_json has built or derived itself always serializes.
        Self::text(
            status,
            "application/json",
            serde_json::to_string(body).unwrap_or_default(),
        )
    }

    pub(crate) fn text(status: u16, content_type: &'static str, body: String) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .header("Content-Type", content_type)
    }

    pub(crate) fn header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn issuing(mut self, token: TokenId) -> Self {
        self.issued = Some(token);
        self
    }
}
