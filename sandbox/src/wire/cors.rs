//! What a browser lets a page of a foreign origin send and read.

use crate::profile::Profile;
use crate::wire::http::Header;
use std::borrow::Cow;

const ORIGIN: Header = ("Access-Control-Allow-Origin", Cow::Borrowed("*"));
const EXPOSED: &str = "Location, Version, X-Total-Count";
const EXPOSED_WITH_RETRY_AFTER: &str = "Location, Version, X-Total-Count, Retry-After";

/// A fixed list and no echo: a header that no service knows must fail its preflight.
///
/// These are the headers of the official files, what older clients send (`X-Version`), and the tenant that the platform's own
/// clients name with every call from a browser.
const REQUEST_HEADERS: &str = "Authorization, Content-Type, Accept-Language, Content-Language, Emporix-Tenant, saas-token, session-id, X-Total-Count, X-Version";

/// The headers of the answer to a preflight.
pub(crate) fn preflight() -> Vec<Header> {
    vec![
        ORIGIN,
        (
            "Access-Control-Allow-Methods",
            Cow::Borrowed("GET, POST, PUT, PATCH, DELETE"),
        ),
        (
            "Access-Control-Allow-Headers",
            Cow::Borrowed(REQUEST_HEADERS),
        ),
        ("Access-Control-Max-Age", Cow::Borrowed("600")),
    ]
}

/// The headers that let a page read the answer of an API call.
pub(crate) fn answer(profile: &Profile, status: u16) -> Vec<Header> {
    if status >= 400 && !profile.cors_on_errors {
        return Vec::new();
    }
    let exposed = if profile.expose_retry_after {
        EXPOSED_WITH_RETRY_AFTER
    } else {
        EXPOSED
    };
    vec![
        ORIGIN,
        ("Access-Control-Expose-Headers", Cow::Borrowed(exposed)),
    ]
}

/// The headers that let a page read the answer of a control call, whatever the profile says.
pub(crate) fn control() -> Vec<Header> {
    vec![ORIGIN]
}
