//! The saas token: the only token of the platform that is a JWT.

use crate::profile::Lifetime;
use serde_json::{Value, json};

/// Nothing here verifies a signature, so it only has to look like HS256.
const SIGNATURE: &str = "c2FuZGJveC1zaWduYXR1cmUtdmVyaWZpZWQtYnktbm9ib2R5";

/// A JWT for that customer. An absurd lifetime goes into `exp` as literally as it can.
pub(crate) fn token(customer_number: &str, now_ms: u64, lifetime: &Lifetime) -> String {
    let issued_at = now_ms / 1000;
    let mut claims = json!({ "sub": customer_number, "iat": issued_at });
    match lifetime.as_given() {
        Value::Null => {}
        Value::Number(seconds) => {
            claims["exp"] = match seconds.as_i64() {
                Some(whole) => (issued_at as i64).saturating_add(whole).into(),
                None => (issued_at as f64 + seconds.as_f64().unwrap_or_default()).into(),
            };
        }
        literal => claims["exp"] = literal.clone(),
    }
    let header = json!({ "typ": "JWT", "alg": "HS256" });
    format!(
        "{}.{}.{SIGNATURE}",
        base64url(header.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    )
}

/// Base64 for URLs, without padding, as JWTs use it.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0u32, |bits, &byte| bits << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for position in 0..=chunk.len() {
            text.push(char::from(
                DIGITS[(bits >> (18 - 6 * position) & 63) as usize],
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_has_no_padding() {
        assert_eq!(base64url(b"f"), "Zg");
        assert_eq!(base64url(b"fo"), "Zm8");
        assert_eq!(base64url(b"foo"), "Zm9v");
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn it_has_three_parts_and_the_documented_claims() {
        let token = token("13869001", 5_000, &Lifetime::seconds(14_400));
        let parts: Vec<_> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        let claims = json!({ "sub": "13869001", "iat": 5, "exp": 14_405 });
        assert_eq!(parts[1], base64url(claims.to_string().as_bytes()));
    }
}
