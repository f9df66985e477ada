//! JSON web tokens, signed with a key that both sides know.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A token of some type (`JWT` or a narrower one) with these claims.
pub(crate) fn sign(kind: &str, claims: &Value, key: &str) -> String {
    let header = json!({ "typ": kind, "alg": "HS256" });
    let mut token = base64url(header.to_string().as_bytes());
    token.push('.');
    token += &base64url(claims.to_string().as_bytes());
    let signature = hmac(key, &token);
    token.push('.');
    token + &base64url(&signature)
}

/// The claims of a token of that type, if it was signed with that key.
pub(crate) fn claims(token: &str, kind: &str, key: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    if base64url(&hmac(key, signed)) != signature {
        return None;
    }
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    if header["typ"] != kind {
        return None;
    }
    serde_json::from_slice(&decode(claims)?).ok()
}

/// Base64 for URLs, without padding, as JWTs use it.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The base64 of the SHA-256 of a text, as a proof key's challenge is written.
pub(crate) fn challenge(text: &str) -> String {
    base64url(&Sha256::digest(text))
}

fn hmac(key: &str, text: &str) -> Vec<u8> {
    // HMAC takes keys of any length, so that no key is refused.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_or_else(
        |_| Vec::new(),
        |mut hmac| {
            hmac.update(text.as_bytes());
            hmac.finalize().into_bytes().to_vec()
        },
    )
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_as_others_write_it() {
        // RFC 4231, test case 2, and RFC 7636, appendix B.
        assert_eq!(
            base64url(&hmac("Jefe", "what do ya want for nothing?")),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM"
        );
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_signature_is_checked() {
        let token = sign("JWT", &json!({ "sub": "1" }), "key");
        assert_eq!(claims(&token, "JWT", "key"), Some(json!({ "sub": "1" })));
        assert_eq!(claims(&token, "JWT", "other"), None);
        assert_eq!(claims(&token, "at+jwt", "key"), None);
        let (signed, signature) = token.rsplit_once('.').expect("a token");
        let header = signed.split_once('.').expect("a token").0;
        let forged = base64url(br#"{"sub":"2"}"#);
        assert_eq!(
            claims(&format!("{header}.{forged}.{signature}"), "JWT", "key"),
            None
        );
        assert_eq!(claims("nonsense", "JWT", "key"), None);
    }
}
