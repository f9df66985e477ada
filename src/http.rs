//! Request and response: what goes over the wire, whoever carries it.

use crate::session::{AccessToken, Millis};
use std::fmt;

/// The method of a request. The platform's session endpoints know two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read. The platform also renews and ends sessions with it.
    Get,
    /// Write.
    Post,
}

impl Method {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request to the platform.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address. Its query may hold a token: the platform wants it so.
    pub url: String,
    /// The token it is made with.
    pub bearer: Option<AccessToken>,
    /// JSON text.
    pub body: Option<String>,
    /// Whether it outlives the page.
    pub keepalive: bool,
}

impl Request {
    /// A GET of this address.
    pub fn get(url: String) -> Self {
        Self {
            method: Method::Get,
            url,
            bearer: None,
            body: None,
            keepalive: false,
        }
    }

    /// A POST of this JSON text.
    pub fn post(url: String, body: String) -> Self {
        Self {
            method: Method::Post,
            body: Some(body),
            ..Self::get(url)
        }
    }

    /// The same with a token.
    pub fn with_bearer(mut self, token: &AccessToken) -> Self {
        self.bearer = Some(token.clone());
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self
            .url
            .split_once('?')
            .map_or(&*self.url, |(path, _)| path);
        write!(out, "{} {path}", self.method.as_str())
    }
}

/// An answer of the platform, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// What `Retry-After` asks for, seconds and dates alike; `None` where it is missing or the browser may not read it.
    pub retry_after: Option<Millis>,
    /// The text of the body.
    pub body: String,
}

impl Response {
    /// Whether the status says that it worked.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({} bytes)", self.status, self.body.len())
    }
}

/// No answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// None will: the platform could not be reached.
    Unreached,
    /// It was not waited for any longer; it may come yet.
    Late,
}

/// Builds the address of a request: a base and a query whose values are encoded.
pub struct Address {
    text: String,
    separator: &'static str,
}

impl Address {
    /// Begins with a base that has no query yet.
    pub fn new(base: String) -> Self {
        Self {
            text: base,
            separator: "?",
        }
    }

    /// Adds a field to the query.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        for part in [self.separator, name, "="] {
            self.text.push_str(part);
        }
        self.separator = "&";
        percent_encode(&mut self.text, value);
        self
    }

    /// Adds a field where there is a value.
    pub fn query_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// The address.
    pub fn build(self) -> String {
        self.text
    }
}

/// RFC 3986: all but the unreserved characters.
fn percent_encode(into: &mut String, text: &str) {
    let digit =
        |value: u8| char::from_digit(u32::from(value), 16).map(|it| it.to_ascii_uppercase());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.extend(digit(byte >> 4));
            into.extend(digit(byte & 15));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values_are_encoded() {
        let url = Address::new("http://h/p".into())
            .query("a", "x y&z=ü/~")
            .query_some("b", None)
            .query_some("c", Some("1"))
            .build();
        assert_eq!(url, "http://h/p?a=x%20y%26z%3D%C3%BC%2F~&c=1");
    }

    #[test]
    fn debug_shows_no_query_and_no_body() {
        let request = Request::post("http://h/p?refresh_token=secret".into(), "secret".into());
        assert_eq!(format!("{request:?}"), "POST http://h/p");
        let response = Response {
            status: 200,
            retry_after: None,
            body: "secret".into(),
        };
        assert_eq!(format!("{response:?}"), "200 (6 bytes)");
    }
}
