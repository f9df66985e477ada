//! Why a request is refused, and how each service says so.

use crate::http::Header;
use serde_json::{Value, json};

/// Who writes the error body. The platform has no common one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// `{status, type, message, details: [{field, type, message}]}`
    Customer,
    /// `{code, status, message, details: [text]}`
    CustomerManagement,
    /// As customer management, with another spelling of 400.
    Cart,
    /// As customer management; product and site.
    Catalogue,
    /// Gateway faults only.
    Gateway,
}

/// A refusal. Endpoints return it; the route's service gives it its shape.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The gateway speaks, whatever the service behind it.
    Fault(GatewayFault),
    /// The service speaks.
    Refused {
        status: u16,
        message: String,
        details: Vec<Detail>,
    },
}

/// One field that is at fault.
#[derive(Debug)]
pub(crate) struct Detail {
    field: &'static str,
    kind: &'static str,
    message: String,
}

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
    fn parts(self) -> (u16, &'static str, &'static str) {
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

impl From<GatewayFault> for Problem {
    fn from(fault: GatewayFault) -> Self {
        Self::Fault(fault)
    }
}

impl Problem {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self::Refused {
            status,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// 400 for a parameter or field that has to be there.
    pub(crate) fn missing(field: &'static str) -> Self {
        Self::field(field, "missing_value", format!("{field} must not be empty"))
    }

    /// 400 for a parameter or field with a value that cannot be.
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::field(field, "invalid_value", message.into())
    }

    fn field(field: &'static str, kind: &'static str, message: String) -> Self {
        Self::Refused {
            status: 400,
            message: "There are validation problems, see details section for more information"
                .to_owned(),
            details: vec![Detail {
                field,
                kind,
                message,
            }],
        }
    }

    pub(crate) fn malformed_body() -> Self {
        Self::new(400, "The request body is not valid JSON.")
    }

    pub(crate) fn unknown_tenant(service: Service) -> Self {
        Self::new(
            400,
            match service {
                Service::CustomerManagement => {
                    "Tenant in the header is not matching with the one provided in the URI."
                }
                _ => "The tenant information provided with the request is not valid.",
            },
        )
    }

    pub(crate) fn forbidden(service: Service) -> Self {
        Self::new(
            403,
            match service {
                Service::CustomerManagement => "The access to the given resource is forbidden.",
                _ => "User not authorized.",
            },
        )
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Fault(fault) => fault.parts().0,
            Self::Refused { status, .. } => *status,
        }
    }

    /// The error body as that service writes it.
    pub(crate) fn body(&self, service: Service) -> Value {
        match (self, service) {
            (Self::Fault(fault), _) => {
                let (_, text, code) = fault.parts();
                fault_body(text, code)
            }
            (Self::Refused { message, .. }, Service::Gateway) => {
                fault_body(message, "messaging.runtime.BadRequest")
            }
            (
                Self::Refused {
                    status,
                    message,
                    details,
                },
                Service::Customer,
            ) => {
                let mut body =
                    json!({ "status": status, "type": error_type(*status), "message": message });
                if !details.is_empty() {
                    let details = details
                        .iter()
                        .map(|detail| json!({ "field": detail.field, "type": detail.kind, "message": detail.message }));
                    body["details"] = details.collect();
                }
                body
            }
            (
                Self::Refused {
                    status,
                    message,
                    details,
                },
                _,
            ) => {
                let mut body = json!({ "code": status, "status": reason(*status, service), "message": message });
                if !details.is_empty() {
                    body["details"] = details
                        .iter()
                        .map(|detail| detail.message.as_str())
                        .collect();
                }
                body
            }
        }
    }
}

pub(crate) fn fault_body(text: &str, code: &str) -> Value {
    json!({ "fault": { "faultstring": text, "detail": { "errorcode": code } } })
}

/// The type that the customer service gives to a status.
fn error_type(status: u16) -> &'static str {
    match status {
        401 => "insufficient_credentials",
        403 => "Forbidden",
        404 => "resource_not_found",
        405 => "method_not_allowed",
        409 => "conflict_resource",
        _ => "bad_request",
    }
}

fn reason(status: u16, service: Service) -> &'static str {
    match status {
        400 if service == Service::Cart => "BAD_REQUEST",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        _ => "Internal Server Error",
    }
}

/// The header that a 405 owes.
pub(crate) fn allow(methods: &[&str]) -> Header {
    ("Allow", methods.join(", ").into())
}
