//! The guest's endpoints (docs/platform.md §1 and §2).

use super::platform::Platform;
use crate::http::{Address, Request};
use crate::session::RefreshToken;
use crate::text::concat;

/// `GET /customerlogin/auth/anonymous/login`: a token for a new guest, and a new session.
pub fn login(platform: &Platform) -> Request {
    let mut address = address(platform, "login");
    for (name, value) in platform.context().iter() {
        address = address.query(name, value);
    }
    Request::get(address.build())
}

/// `GET /customerlogin/auth/anonymous/refresh`: new tokens, the same session.
pub fn refresh(platform: &Platform, token: &RefreshToken) -> Request {
    Request::get(
        address(platform, "refresh")
            .query("refresh_token", token.expose())
            .build(),
    )
}

fn address(platform: &Platform, call: &str) -> Address {
    platform
        .address(&concat(&["/customerlogin/auth/anonymous/", call]))
        .query("tenant", platform.tenant())
        .query("client_id", platform.client_id())
}

#[cfg(test)]
mod tests {
    use super::super::platform::Context;
    use super::*;

    #[test]
    fn the_exact_wire() {
        let mut context = Context::default();
        for (name, value) in [
            ("currency", "EUR"),
            ("siteCode", "main site"),
            ("targetLocation", "DE"),
        ] {
            context.set(name, value.into());
        }
        let platform = Platform::new("acme", "shop&1", Some("http://h"), context).unwrap();
        assert_eq!(
            login(&platform).url,
            "http://h/customerlogin/auth/anonymous/login?tenant=acme&client_id=shop%261&currency=EUR&siteCode=main%20site&targetLocation=DE"
        );
        let token = RefreshToken::new("r/1".into()).unwrap();
        let request = refresh(&platform, &token);
        assert_eq!(
            request.url,
            "http://h/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=shop%261&refresh_token=r%2F1"
        );
        assert_eq!(request.bearer, None);
    }
}
