//! Which platform, which tenant, which storefront: checked once, when a session is opened.

use crate::http::{Address, Request};
use crate::session::{AccessToken, Result, SessionError};
use crate::text::concat;

/// Where the platform is, unless it is said otherwise.
pub const DEFAULT_API_URL: &str = "https://api.emporix.io";

/// Written to the platform's session context by the first anonymous login; price matching depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(Vec<(&'static str, String)>);

impl Context {
    /// Currency, site, language and the country where the goods go, by their names on the wire.
    pub const NAMES: [&str; 4] = ["currency", "siteCode", "language", "targetLocation"];

    /// Adds one of [`NAMES`](Self::NAMES).
    pub fn set(&mut self, name: &'static str, value: String) {
        self.0.push((name, value));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value))
    }
}

/// One storefront's place on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    api_url: String,
    tenant: String,
    client_id: String,
    context: Context,
}

impl Platform {
    /// Checks what a storefront was configured with. `api_url` is normal: the npm package has seen to that, with the parser that
    /// every platform for JavaScript has.
    pub fn new(
        tenant: &str,
        client_id: &str,
        api_url: Option<&str>,
        context: Context,
    ) -> Result<Self> {
        let api_url = api_url.unwrap_or(DEFAULT_API_URL);
        if !is_tenant(tenant) {
            return Err(SessionError::argument(
                "tenant",
                "3 to 16 lower-case letters and digits, beginning with a letter",
            ));
        }
        if client_id.trim_ascii().is_empty() {
            return Err(SessionError::argument(
                "clientId",
                "a text that is not empty",
            ));
        }
        if !is_http_url(api_url) {
            return Err(SessionError::argument(
                "apiUrl",
                "an http or https URL without query and fragment",
            ));
        }
        Ok(Self::checked(
            tenant.to_owned(),
            client_id.to_owned(),
            api_url.to_owned(),
            context,
        ))
    }

    /// The same of what has been checked before, as the npm package does: an address without a slash at its end.
    pub fn checked(tenant: String, client_id: String, api_url: String, context: Context) -> Self {
        Self {
            api_url,
            tenant,
            client_id,
            context,
        }
    }

    /// The platform's address, in the one spelling by which addresses are compared; no slash at its end.
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The key under which this storefront's record is stored. It holds the address where that is not the default one:
    /// sessions of two platforms are no concern of each other's.
    pub fn record_key(&self) -> String {
        let (colon, address) = match &*self.api_url {
            DEFAULT_API_URL => ("", ""),
            address => (":", address),
        };
        let Self {
            tenant, client_id, ..
        } = self;
        concat(&[
            "storefront-session:",
            tenant,
            ":",
            client_id,
            colon,
            address,
        ])
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn tenant(&self) -> &str {
        &self.tenant
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn address(&self, path: &str) -> Address {
        Address::new(concat(&[&self.api_url, path]))
    }

    /// A path of the customer service.
    fn customer_path(&self, call: &str) -> String {
        concat(&["/customer/", &self.tenant, call])
    }

    /// A request under the platform's address: a GET, or a POST where there is a body.
    pub fn request(&self, path: &str, body: Option<&str>, token: &AccessToken) -> Request {
        let url = self.address(path).build();
        let request = match body {
            Some(body) => Request::post(url, body.to_owned()),
            None => Request::get(url),
        };
        request.with_bearer(token)
    }

    pub(super) fn customer_address(&self, call: &str) -> Address {
        self.address(&self.customer_path(call))
    }
}

/// `^[a-z][a-z0-9]+$`, 3 to 16 characters (customer service spec, parameter `tenant`).
fn is_tenant(text: &str) -> bool {
    (3..=16).contains(&text.len())
        && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_http_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let rest = rest.map(str::as_bytes).unwrap_or_default();
    let is_good = |byte: &u8| !matches!(byte, 0..=b' ' | 127 | b'?' | b'#' | b'\\' | b'@');
    let is_open = |byte: &u8| matches!(byte, b'/' | b':' | b'.');
    !rest.first().is_none_or(is_open)
        && !rest.last().is_none_or(is_open)
        && rest.iter().all(is_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(tenant: &str, client_id: &str, api_url: &str) -> Option<&'static str> {
        Platform::new(tenant, client_id, Some(api_url), Context::default())
            .err()
            .and_then(|error| error.field)
    }

    #[test]
    fn bad_input_is_named() {
        let url = "https://api.example";
        for tenant in [
            "",
            "ab",
            "Acme",
            "1acme",
            "ac me",
            "acme-x",
            "abcdefghijklmnopq",
        ] {
            assert_eq!(field(tenant, "c", url), Some("tenant"), "{tenant}");
        }
        for client_id in ["", " "] {
            assert_eq!(field("acme", client_id, url), Some("clientId"));
        }
        for url in [
            "",
            "api.example",
            "ftp://x",
            "https://",
            "http:///x",
            "http://a b",
            "https://x?y",
            "https://u:p@x",
        ] {
            assert_eq!(field("acme", "c", url), Some("apiUrl"), "{url}");
        }
        assert_eq!(field("acme", "c", "http://127.0.0.1:8787"), None);
        assert_eq!(field("abcdefghijklmno1", "c", url), None);
    }

    #[test]
    fn the_key_holds_an_address_that_is_not_the_default_one() {
        for (url, key) in [
            (None, "storefront-session:acme:c"),
            (Some(DEFAULT_API_URL), "storefront-session:acme:c"),
            (Some("https://x"), "storefront-session:acme:c:https://x"),
            (
                Some("https://x/proxy"),
                "storefront-session:acme:c:https://x/proxy",
            ),
        ] {
            let platform = Platform::new("acme", "c", url, Context::default()).unwrap();
            assert_eq!(platform.record_key(), key);
        }
    }
}
