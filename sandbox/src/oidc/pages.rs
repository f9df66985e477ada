//! What the provider shows a browser.

use crate::wire::http::Request;
use crate::wire::reply::Reply;
use std::fmt::Write;

/// The parameters that the form carries along.
const CARRIED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// Asks who it is.
pub(super) fn form(request: &Request) -> Reply {
    let mut hidden = String::new();
    for name in CARRIED {
        if let Some(value) = request.query(name) {
            let value = escape(&value);
            hidden += &format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n");
        }
    }
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Sandbox sign-in</title>\n\
         <form>\n{hidden}\
         <label>E-mail <input type=\"email\" name=\"login_hint\" value=\"buyer@example.com\" required></label>\n\
         <button>Sign in</button>\n</form>\n</html>\n"
    );
    Reply::text(200, "text/html; charset=utf-8", page)
}

/// Back to the client with one parameter and the state.
pub(super) fn redirect(uri: &str, name: &str, value: &str, state: Option<&str>) -> Reply {
    let separator = if uri.contains('?') { '&' } else { '?' };
    let mut target = format!("{uri}{separator}{name}={}", encode(value));
    if let Some(state) = state {
        target += &format!("&state={}", encode(state));
    }
    Reply::empty(302).header("Location", target)
}

/// Whether a browser can be sent there with more parameters.
pub(super) fn can_be_redirected_to(uri: &str) -> bool {
    (uri.starts_with("http://") || uri.starts_with("https://"))
        && uri.chars().all(|c| c.is_ascii_graphic() && c != '#')
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Writing to a text cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_cannot_break_out() {
        let page = form(&Request::get("/_oidc/authorize?state=%22%3E%3Cscript%3E"));
        assert!(page.body.contains("value=\"&quot;&gt;&lt;script&gt;\""));
    }

    #[test]
    fn a_redirect_keeps_the_clients_own_query() {
        let reply = redirect("http://shop/cb?a=1", "code", "x y", Some("de--1&2"));
        assert_eq!(
            reply.headers,
            [(
                "Location",
                "http://shop/cb?a=1&code=x%20y&state=de--1%262".into()
            )]
        );
        assert!(!can_be_redirected_to("javascript:alert(1)"));
        assert!(!can_be_redirected_to("http://shop/#cb"));
        assert!(!can_be_redirected_to("http://shop/\r\nX: y"));
    }
}
