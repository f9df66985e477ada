//! JSON web tokens, signed with a key that both sides know.

use crate::world::sha256;
use serde_json::{Value, json};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A token of some type (`JWT` or a narrower one) with these claims.
pub(crate) fn sign(kind: &str, claims: &Value, key: &str) -> String {
    let header = json!({ "typ": kind, "alg": "HS256" });
    let mut token = base64url(header.to_string().as_bytes());
    token.push('.');
    token += &base64url(claims.to_string().as_bytes());
    let signature = sha256::hmac(key.as_bytes(), token.as_bytes());
    token.push('.');
    token + &base64url(&signature)
}

/// The claims of a token of that type, if it was signed with that key.
pub(crate) fn claims(token: &str, kind: &str, key: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    if base64url(&sha256::hmac(key.as_bytes(), signed.as_bytes())) != signature {
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

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in chunk {
            let value = DIGITS.iter().position(|known| known == digit)?;
            bits = bits << 6 | value as u32;
        }
        bits <<= 6 * (4 - chunk.len());
        bytes.extend(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_has_no_padding() {
        for (bytes, text) in [
            (&b"f"[..], "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (&[0xfb, 0xff], "-_8"),
        ] {
            assert_eq!(base64url(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        assert_eq!(decode("Z=="), None);
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
