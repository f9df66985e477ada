//! Faults that a test orders: what goes wrong between a caller and the platform.

use crate::wire::problem::fault_body;
use crate::wire::reply::Reply;
use crate::world::tokens::BearerKind;
use serde::{Deserialize, Serialize};

/// An order: the next `times` requests that match go wrong in this way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The path without the query, or the beginning of one, ending in `*`.
    pub path: String,
    /// The method; without it any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The kind of bearer; without it any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<BearerKind>,
    /// How many requests it is still for.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
    /// The status of kinds `status` and `garbage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The `Retry-After` header of kind `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
    /// The body of kind `garbage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The delay of kind `delay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The gateway answers with a status of its own; no work is done.
    Status,
    /// The connection breaks before any work is done.
    Drop,
    /// The work is done, and then the connection breaks.
    LostAnswer,
    /// The work is done, and the answer comes late.
    Delay,
    /// Something between the caller and the platform answers: 200 and a captive portal's HTML, unless it is said otherwise;
    /// no work is done.
    Garbage,
    /// The work is done, and the answer waits until it is released.
    Hold,
}

/// The value of a `Retry-After` header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// Any text, such as an HTTP date.
    Text(String),
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Whether the order says all that its kind needs, and can be carried out.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !self.path.starts_with('/') {
            return Err(format!("path {:?} must begin with a slash", self.path));
        }
        match self.kind {
            FaultKind::Status
                if !self
                    .status
                    .is_some_and(|status| (400..600).contains(&status)) =>
            {
                Err("kind status needs a status from 400 to 599".to_owned())
            }
            FaultKind::Garbage
                if !self
                    .status
                    .is_none_or(|status| (200..600).contains(&status)) =>
            {
                Err("kind garbage takes a status from 200 to 599".to_owned())
            }
            FaultKind::Delay if self.delay_ms.is_none() => {
                Err("kind delay needs delayMs".to_owned())
            }
            _ => match &self.retry_after {
                Some(RetryAfter::Text(text))
                    if !text.chars().all(|c| c.is_ascii_graphic() || c == ' ') =>
                {
                    Err("retryAfter must fit into a header".to_owned())
                }
                _ => Ok(()),
            },
        }
    }

    fn matches(&self, method: &str, path: &str, bearer: BearerKind) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.bearer.is_none_or(|wanted| wanted == bearer)
            && match self.path.strip_suffix('*') {
                Some(beginning) => path.starts_with(beginning),
                None => path == self.path.strip_suffix('/').unwrap_or(&self.path),
            }
    }

    /// The gateway's own answer for kind `status`. Its error code is no token's, so that nobody mistakes the fault
    /// for a dead token.
    pub(crate) fn reply(&self) -> Reply {
        let body = fault_body("A fault ordered from the sandbox", "sandbox.OrderedFault");
        let reply = Reply::json(self.status.unwrap_or(503), &body);
        match &self.retry_after {
            Some(RetryAfter::Seconds(seconds)) => reply.header("Retry-After", seconds.to_string()),
            Some(RetryAfter::Text(text)) => reply.header("Retry-After", text.clone()),
            None => reply,
        }
    }

    /// The answer of kind `garbage`: a captive portal, a preview's password page, a VPN's gate.
    pub(crate) fn garbage(&self) -> Reply {
        let page = "<!doctype html><title>Welcome to the hotel</title><p>Please accept our terms to go online.";
        let body = self.body.as_deref().unwrap_or(page);
        let kind = match body.as_bytes().first() {
            Some(b'<') => "text/html",
            Some(b'{' | b'[' | b'"') => "application/json",
            _ => "text/plain",
        };
        Reply::text(self.status.unwrap_or(200), kind, body.to_owned())
    }
}

/// The orders that are left, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn orders(&self) -> &[Fault] {
        &self.0
    }

    pub(crate) fn add(&mut self, orders: Vec<Fault>) {
        self.0
            .extend(orders.into_iter().filter(|fault| fault.times > 0));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Uses up one turn of the first order that matches.
    pub(crate) fn take(&mut self, method: &str, path: &str, bearer: BearerKind) -> Option<Fault> {
        let position = self
            .0
            .iter()
            .position(|fault| fault.matches(method, path, bearer))?;
        let fault = &mut self.0[position];
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times == 0 {
            self.0.remove(position);
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn order(order: Value) -> Fault {
        serde_json::from_value(order).expect("an order")
    }

    #[test]
    fn an_order_is_used_up() {
        let mut faults = Faults::default();
        faults.add(vec![order(
            json!({ "path": "/a/*", "times": 2, "kind": "drop" }),
        )]);
        assert!(faults.take("GET", "/b", BearerKind::None).is_none());
        assert!(faults.take("GET", "/a/b", BearerKind::None).is_some());
        assert!(faults.take("POST", "/a/", BearerKind::Customer).is_some());
        assert!(faults.take("GET", "/a/b", BearerKind::None).is_none());
        assert!(faults.orders().is_empty());
    }

    #[test]
    fn an_order_can_be_narrow() {
        let fault =
            order(json!({ "path": "/a", "method": "get", "bearer": "customer", "kind": "drop" }));
        assert!(fault.matches("GET", "/a", BearerKind::Customer));
        assert!(!fault.matches("POST", "/a", BearerKind::Customer));
        assert!(!fault.matches("GET", "/a", BearerKind::Anonymous));
        assert!(!fault.matches("GET", "/a/b", BearerKind::Customer));
    }

    #[test]
    fn an_order_must_be_complete() {
        assert!(
            order(json!({ "path": "/a", "kind": "status" }))
                .check()
                .is_err()
        );
        assert!(
            order(json!({ "path": "/a", "kind": "delay" }))
                .check()
                .is_err()
        );
        assert!(
            order(json!({ "path": "a", "kind": "drop" }))
                .check()
                .is_err()
        );
        assert!(
            order(json!({ "path": "/a", "kind": "status", "status": 429, "retryAfter": "a\nb" }))
                .check()
                .is_err()
        );
        assert!(
            order(json!({ "path": "/a", "kind": "status", "status": 429, "retryAfter": 3 }))
                .check()
                .is_ok()
        );
    }
}
