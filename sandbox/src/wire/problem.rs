//! Why a request is refused, and how each service says so.

mod gateway_fault;

pub(crate) use gateway_fault::{GatewayFault, fault_body};

use crate::wire::http::Header;
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
    /// As customer management; product and price.
    Catalogue,
    /// As the customer service.
    Site,
    /// As customer management, but a bearer that it does not know has an error code of its own.
    Iam,
    /// `{code, message[, sessionId]}`
    SessionContext,
    /// As the customer service, with another type for 403.
    Checkout,
    /// As the checkout.
    Order,
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
    /// 404 from the session context service: the session has no document.
    NoContext { session_id: String },
    /// The service answers with nothing but a JSON string.
    Text { status: u16, text: &'static str },
}

/// One field that is at fault.
#[derive(Debug)]
pub(crate) struct Detail {
    field: &'static str,
    kind: &'static str,
    message: String,
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

    pub(crate) fn no_context(session_id: &str) -> Self {
        Self::NoContext {
            session_id: session_id.to_owned(),
        }
    }

    /// 409 for a change of something that somebody else has changed before.
    pub(crate) fn stale_version() -> Self {
        Self::new(
            409,
            "The version of the object that you are trying to update has already changed. Please refresh and try again with the latest version!",
        )
    }

    pub(crate) fn unknown_tenant(service: Service) -> Self {
        if service == Service::Iam {
            return GatewayFault::AccessTokenInvalid.into();
        }
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

    /// 403 for a token without a scope that has to be there.
    pub(crate) fn missing_scope(scope: &str) -> Self {
        Self::Refused {
            status: 403,
            message: "The access to the given resource is forbidden.".to_owned(),
            details: vec![Detail {
                field: "scope",
                kind: "missing_scope",
                message: format!("Missing required scopes '{scope}'"),
            }],
        }
    }

    pub(crate) fn forbidden(service: Service) -> Self {
        if service == Service::Iam {
            return Self::missing_scope(crate::seed::scopes::READ_OWN);
        }
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
            Self::Refused { status, .. } | Self::Text { status, .. } => *status,
            Self::NoContext { .. } => 404,
        }
    }

    /// What is wrong, as an entry of a batch says it.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Refused {
                message, details, ..
            } => details
                .first()
                .map_or(message.as_str(), |detail| &detail.message),
            Self::Fault(fault) => fault.parts().1,
            Self::NoContext { .. } => "Session not found",
            Self::Text { text, .. } => text,
        }
    }

    /// The error body as that service writes it.
    pub(crate) fn body(&self, service: Service) -> Value {
        match (self, service) {
            (Self::Text { text, .. }, _) => json!(text),
            (Self::NoContext { session_id }, _) => {
                json!({ "sessionId": session_id, "code": 404, "message": "Session not found" })
            }
            (Self::Fault(GatewayFault::AccessTokenInvalid), Service::Iam) => fault_body(
                "Invalid Access Token",
                "keymanagement.service.invalid_access_token",
            ),
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
                Service::SessionContext,
            ) => {
                let message = details.first().map_or(message, |detail| &detail.message);
                json!({ "code": status, "message": message })
            }
            (
                Self::Refused {
                    status,
                    message,
                    details,
                },
                Service::Customer | Service::Checkout | Service::Order | Service::Site,
            ) => {
                let kind = error_type(*status, service);
                let mut body = json!({ "status": status, "type": kind, "message": message });
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

/// The type that the services with a numeric status give to it.
fn error_type(status: u16, service: Service) -> &'static str {
    match status {
        403 if matches!(service, Service::Checkout | Service::Order) => "insufficient_permissions",
        401 => "insufficient_credentials",
        403 => "Forbidden",
        404 => "resource_not_found",
        405 => "method_not_allowed",
        409 => "conflict_resource",
        501 => "not_implemented",
        _ => "bad_request",
    }
}

/// The name that a status has in the bodies of that service.
pub(crate) fn reason(status: u16, service: Service) -> &'static str {
    match status {
        400 if service == Service::Cart => "BAD_REQUEST",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        501 => "Not Implemented",
        _ => "Internal Server Error",
    }
}

/// The header that a 405 owes.
pub(crate) fn allow(methods: &[&str]) -> Header {
    ("Allow", methods.join(", ").into())
}
