//! The requests that change tokens, as they are seen on the wire.

use serde_json::Value;
use storefront_session::http::Request;

pub enum Kinds {
    /// A guest's, with the refresh token, if it is no first one.
    Guest(Option<String>),
    Login,
    Customer {
        token: String,
        company: Option<String>,
    },
}

impl Kinds {
    pub fn of(request: &Request) -> Option<Self> {
        let (path, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let query = |name| {
            let sent = sandbox::Request::get(request.url.clone());
            sent.query(name).map(|value| value.into_owned())
        };
        if path.ends_with("/anonymous/login") {
            Some(Self::Guest(None))
        } else if path.ends_with("/anonymous/refresh") {
            Some(Self::Guest(query("refresh_token")))
        } else if path.ends_with("/acme/login") {
            Some(Self::Login)
        } else if path.ends_with("/refreshauthtoken") {
            Some(Self::Customer {
                token: query("refreshToken")?,
                company: query("legalEntityId"),
            })
        } else {
            None
        }
    }

    /// The refresh token that is sent.
    pub fn consumes(&self) -> Option<&str> {
        match self {
            Self::Guest(token) => token.as_deref(),
            Self::Customer { token, .. } => Some(token),
            Self::Login => None,
        }
    }
}

/// The access token of an answer.
pub fn access_token_of(body: &str) -> Option<String> {
    let json: Value = serde_json::from_str(body).ok()?;
    let token = json
        .get("access_token")
        .or_else(|| json.get("accessToken"))?;
    Some(token.as_str()?.to_owned())
}
