//! What goes in and what comes out, in terms of HTTP but without a connection.

use serde_json::Value;
use std::borrow::Cow;

/// One HTTP request as it reaches the platform.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// Path and query, e.g. `/customer/acme/refreshauthtoken?refreshToken=…`.
    pub target: String,
    /// Header names (any case) and values.
    pub headers: Vec<(String, String)>,
    /// The body, empty when there is none.
    pub body: String,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            target: target.into(),
            ..Self::default()
        }
    }

    /// A `GET`.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// A `POST` with a JSON body.
    pub fn post(target: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", target).json(body)
    }

    /// The same request with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with `Authorization: Bearer …`.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// The same request with a JSON body.
    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string();
        self.header("content-type", "application/json")
    }

    /// The target up to the query.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }

    /// The path without a slash at its end, which makes no difference to anybody.
    pub(crate) fn route(&self) -> &str {
        let path = self.path();
        path.strip_suffix('/').unwrap_or(path)
    }

    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.target
            .split_once('?')
            .and_then(|(_, query)| form_value(query, name))
    }

    /// The first header of that name, whatever its case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The token of the `Authorization` header.
    pub fn bearer_token(&self) -> Option<&str> {
        let (scheme, token) = self.header_value("authorization")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    }
}

/// A header of an answer; the names are all known when the crate is compiled.
pub(crate) type Header = (&'static str, Cow<'static, str>);

/// What the platform answers, and whether the answer arrives.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number of the row in the log; 0 for a control call, which is not logged.
    pub seq: u64,
    /// The HTTP status; 0 when the request was dropped before any work.
    pub status: u16,
    /// Header names and values, CORS included.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body, empty when there is none.
    pub body: String,
    /// Whether and when the caller gets to see it.
    pub delivery: Delivery,
}

impl Answer {
    /// The first header of that name, whatever its case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
    }

    /// The body as JSON, `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Whether and when an answer reaches the caller. The platform's own work is over by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At once.
    Now,
    /// After that many milliseconds.
    After(u64),
    /// Once [`Platform::release`](crate::Platform::release) names this ticket.
    OnRelease(Ticket),
    /// Never: to the caller it is a network failure. Whether the work was done, the caller cannot know.
    Never,
}

/// Names one held answer by a number, and never another one, not even after a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// The first value of `name` in a query or a form body, decoded.
pub(crate) fn form_value<'f>(form: &'f str, name: &str) -> Option<Cow<'f, str>> {
    form_urlencoded::parse(form.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded() {
        let request = Request::get("/p?a=1&b=x%20y%2bz&c=q+r&d=50%&e");
        assert_eq!(request.path(), "/p");
        assert_eq!(request.query("b").as_deref(), Some("x y+z"));
        assert_eq!(request.query("c").as_deref(), Some("q r"));
        assert_eq!(request.query("d").as_deref(), Some("50%"));
        assert_eq!(request.query("e").as_deref(), Some(""));
        assert_eq!(request.query("f"), None);
    }

    #[test]
    fn the_bearer_scheme_has_no_case() {
        assert_eq!(
            Request::get("/")
                .header("Authorization", "bearer abc")
                .bearer_token(),
            Some("abc")
        );
        assert_eq!(
            Request::get("/")
                .header("Authorization", "Basic abc")
                .bearer_token(),
            None
        );
    }
}
