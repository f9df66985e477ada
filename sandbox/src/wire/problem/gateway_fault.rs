//! What the gateway itself objects to, whatever the service behind it.

use serde_json::{Value, json};

/// What the gateway objects to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GatewayFault {
    AccessTokenInvalid,
    AccessTokenExpired,
    RefreshTokenInvalid,
    RefreshTokenExpired,
    ApiKeyInvalid,
    ClientInvalid,
    GrantTypeUnsupported,
    PathUnknown,
}

impl GatewayFault {
    /// Its status, its words and its code.
    pub(super) fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::AccessTokenInvalid => {
                (401, "Invalid access token", "oauth.v2.InvalidAccessToken")
            }
            Self::AccessTokenExpired => (
                401,
                "Access Token expired",
                "keymanagement.service.access_token_expired",
            ),
            Self::RefreshTokenInvalid => (
                401,
                "Invalid Refresh Token",
                "keymanagement.service.invalid_refresh_token",
            ),
            Self::RefreshTokenExpired => (
                401,
                "Refresh Token expired",
                "keymanagement.service.refresh_token_expired",
            ),
            Self::ApiKeyInvalid => (401, "Invalid ApiKey", "oauth.v2.InvalidApiKey"),
            Self::ClientInvalid => (
                401,
                "Invalid client identifier",
                "oauth.v2.InvalidClientIdentifier",
            ),
            Self::GrantTypeUnsupported => (
                400,
                "Unsupported grant type",
                "oauth.v2.UnsupportedGrantType",
            ),
            Self::PathUnknown => (
                404,
                "Unable to identify proxy for host: default and url",
                "messaging.adaptors.http.flow.ApplicationNotFound",
            ),
        }
    }
}

pub(crate) fn fault_body(text: &str, code: &str) -> Value {
    json!({ "fault": { "faultstring": text, "detail": { "errorcode": code } } })
}
