//! The customer's endpoints (docs/platform.md §4–7).

use super::platform::Platform;
use crate::http::Request;
use crate::json::{Fields, Json};
use crate::session::{
    AccessToken, Email, LegalEntityId, Life, Millis, Moment, Password, RefreshToken, SessionId,
};

/// `POST /customer/{tenant}/login` with the guest's token. `None` where the body cannot be written.
pub fn login<J: Json>(
    platform: &Platform,
    guest: &AccessToken,
    email: &Email,
    password: &Password,
) -> Option<Request> {
    let mut credentials = Fields::default();
    credentials.text("email", email.expose());
    credentials.text("password", password.expose());
    let body = J::render(None, &credentials)?;
    let url = platform.customer_address("/login").build();
    Some(Request::post(url, body).with_bearer(guest))
}

/// `GET /customer/{tenant}/refreshauthtoken`: new tokens for this company, or for none.
pub fn refresh(
    platform: &Platform,
    bearer: &AccessToken,
    token: &RefreshToken,
    legal_entity: Option<&LegalEntityId>,
) -> Request {
    let url = platform
        .customer_address("/refreshauthtoken")
        .query("refreshToken", token.expose())
        .query_some("legalEntityId", legal_entity.map(LegalEntityId::as_str))
        .build();
    Request::get(url).with_bearer(bearer)
}

/// `GET /customer/{tenant}/logout`. The page may be on its way out, so the request outlives it.
pub fn logout(platform: &Platform, token: &AccessToken) -> Request {
    let url = platform
        .customer_address("/logout")
        .query("accessToken", token.expose())
        .build();
    Request {
        keepalive: true,
        ..Request::get(url).with_bearer(token)
    }
}

/// `GET /customer/{tenant}/validateauthtoken`: what the platform says of the token.
pub fn validate(platform: &Platform, token: &AccessToken) -> Request {
    Request::get(platform.customer_address("/validateauthtoken").build()).with_bearer(token)
}

/// What the platform says of a customer's token.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenInfo {
    /// The session it belongs to.
    pub session_id: Option<SessionId>,
    /// The customer's e-mail address: for the customer's own page only.
    pub email: Option<String>,
    /// The company it speaks for.
    pub legal_entity_id: Option<LegalEntityId>,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: Option<Millis>,
}

impl std::fmt::Debug for TokenInfo {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TokenInfo")
            .field("session_id", &self.session_id)
            .field("legal_entity_id", &self.legal_entity_id)
            .finish_non_exhaustive()
    }
}

impl TokenInfo {
    /// Reads the answer of [`validate`]; `None` where it is none. What the token allows is read where it is asked for, in
    /// `npm/validate.js`.
    pub fn decode<J: Json>(body: &str, received: Moment) -> Option<Self> {
        let json = J::parse(body)?;
        json.text_at(&["scope"])?;
        let life = Life::from_answer(received, json.whole_at(&["expires_in", "expiresIn"]));
        Some(Self {
            session_id: json
                .text_at(&["sessionId", "session_id"])
                .and_then(SessionId::new),
            email: json.text_at(&["email"]),
            legal_entity_id: json
                .text_at(&["legalEntityId", "legal_entity_id"])
                .and_then(LegalEntityId::new),
            expires_at: life.ends(),
        })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::platform::Context;
    use super::*;
    use serde_json::Value;

    fn platform() -> Platform {
        Platform::new("acme", "shop", Some("http://h"), Context::default()).unwrap()
    }

    fn token(text: &str) -> AccessToken {
        AccessToken::new(text.into()).unwrap()
    }

    #[test]
    fn the_exact_wire() {
        let platform = platform();
        let request = login::<Value>(
            &platform,
            &token("guest"),
            &Email::new("a@b.c".into()).unwrap(),
            &Password::new("pa\"ss".into()).unwrap(),
        )
        .unwrap();
        assert_eq!(request.url, "http://h/customer/acme/login");
        assert_eq!(
            request.body.unwrap(),
            r#"{"email":"a@b.c","password":"pa\"ss"}"#
        );
        assert_eq!(request.bearer, Some(token("guest")));

        let entity = LegalEntityId::new("le north".into());
        let refresh_token = RefreshToken::new("r".into()).unwrap();
        let request = refresh(&platform, &token("guest"), &refresh_token, entity.as_ref());
        assert_eq!(
            request.url,
            "http://h/customer/acme/refreshauthtoken?refreshToken=r&legalEntityId=le%20north"
        );
        let request = refresh(&platform, &token("guest"), &refresh_token, None);
        assert_eq!(
            request.url,
            "http://h/customer/acme/refreshauthtoken?refreshToken=r"
        );

        let request = logout(&platform, &token("mine"));
        assert_eq!(
            request.url,
            "http://h/customer/acme/logout?accessToken=mine"
        );
        assert!(request.keepalive);
    }

    #[test]
    fn debug_of_what_validate_says_names_nobody() {
        let info = TokenInfo::decode::<Value>(
            r#"{"scope":"a b","email":"a@b.c","sessionId":"s"}"#,
            Moment::default(),
        );
        assert!(!format!("{info:?}").contains("a@b.c"));
    }
}
