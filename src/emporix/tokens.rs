//! What token endpoints answer, in all the spellings that were seen (docs/platform.md §1–5).

use crate::json::Json;
use crate::session::{AccessToken, Grant, Held, Life, Moment, RefreshToken, SaasToken, SessionId};

/// Reads the tokens of an answer; `None` where there is no access token, whatever the status said.
pub fn grant<J: Json>(body: &str, received: Moment) -> Option<Grant> {
    let json = J::parse(body)?;
    let life = |names: &[&str]| Life::from_answer(received, json.whole_at(names));
    let access = AccessToken::new(json.text_at(&["access_token", "accessToken"])?)?;
    let refresh = json
        .text_at(&["refresh_token", "refreshToken"])
        .and_then(RefreshToken::new);
    let saas = json
        .text_at(&["saas_token", "saasToken"])
        .and_then(SaasToken::new);
    Some(Grant {
        access: Held {
            token: access,
            life: life(&["expires_in", "expiresIn"]),
        },
        refresh: refresh.map(|token| Held {
            token,
            life: life(&["refresh_token_expires_in", "refreshTokenExpiresIn"]),
        }),
        saas: saas.map(|token| Held {
            life: Life::of_seconds(received, saas_lives::<J>(&token, received)),
            token,
        }),
        session_id: json
            .text_at(&["sessionId", "session_id"])
            .and_then(SessionId::new),
        initial_password: json
            .field("initialPassword")
            .is_some_and(|it| it.flag() == Some(true) || it.text().as_deref() == Some("true")),
    })
}

/// For how many seconds the saas token lives. Its JWT says when it ends by the platform's clock; with `iat` beside `exp` that is a
/// span, for which no machine's clock need be right. Without it, this machine's tells the span; where that says that the token
/// has ended before it came, or lives for months, the clock is wrong, and the documented life counts from the receipt.
fn saas_lives<J: Json>(token: &SaasToken, received: Moment) -> Option<u64> {
    let mut parts = token.expose().as_bytes().split(|byte| *byte == b'.');
    let claims = J::parse(&base64url(parts.nth(1)?)?)?;
    let seconds = |name| u64::try_from(claims.whole_at(&[name])?).ok();
    const DOCUMENTED: u64 = 14_400;
    const MONTH: u64 = 31 * 86_400;
    let ends = seconds("exp")?;
    let (began, longest) = match seconds("iat") {
        Some(issued) => (issued, u64::MAX),
        None => (received.wall / 1000, MONTH),
    };
    let lives = ends.saturating_sub(began);
    Some(match lives {
        0 => DOCUMENTED,
        _ if lives > longest => DOCUMENTED,
        _ => lives,
    })
}

/// Each byte as a character of its own: of claims only numbers are wanted, and their names are ASCII.
fn base64url(text: &[u8]) -> Option<String> {
    let mut decoded = String::new();
    let mut bits = 0_u32;
    let mut held = 0_u32;
    for &letter in text {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push(char::from((bits >> held) as u8));
        }
    }
    Some(decoded)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Moment = Moment {
        wall: 1_000_000,
        mono: 5,
    };

    #[test]
    fn base64url_reads_what_a_jwt_is_made_of() {
        assert_eq!(base64url(b"aGVsbG8_fn4").unwrap(), "hello?~~");
        assert_eq!(base64url(b"aGVsbG8_fn4=").unwrap(), "hello?~~");
        assert_eq!(base64url(b"").unwrap(), "");
        assert_eq!(base64url(b"a b"), None);
    }

    #[test]
    fn a_saas_token_lives_from_iat_to_exp() {
        let token = |claims: &str| {
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let mut text = String::new();
            for chunk in claims.as_bytes().chunks(3) {
                let mut group = [0_u8; 4];
                group[1..=chunk.len()].copy_from_slice(chunk);
                let group = u32::from_be_bytes(group);
                for index in 0..=chunk.len() {
                    let value = group >> (18 - 6 * index) & 63;
                    text.push(char::from(alphabet[value as usize]));
                }
            }
            SaasToken::new(format!("e30.{text}.sig")).unwrap()
        };
        let lives = |claims: &str| saas_lives::<Value>(&token(claims), NOW);
        assert_eq!(lives(r#"{"sub":"1","iat":100,"exp":14500}"#), Some(14_400));
        assert_eq!(lives(r#"{"exp":1060}"#), Some(60));
        // The clock is wrong: the token cannot have ended before it came, nor live for months.
        for wrong in [r#"{"exp":10}"#, r#"{"exp":1000}"#, r#"{"exp":9000000}"#] {
            assert_eq!(lives(wrong), Some(14_400), "{wrong}");
        }
        assert_eq!(lives(r#"{"iat":100,"exp":90}"#), Some(14_400));
        assert_eq!(lives(r#"{"iat":100,"exp":9000100}"#), Some(9_000_000));
        assert_eq!(lives(r#"{"sub":"1"}"#), None);
        assert_eq!(lives("no json"), None);
        let opaque = SaasToken::new("opaque".into()).unwrap();
        assert_eq!(saas_lives::<Value>(&opaque, NOW), None);
    }

    #[test]
    fn a_200_without_a_token_is_no_grant() {
        for answer in [
            json!({}),
            json!([]),
            json!("token"),
            json!({ "access_token": "" }),
            json!({ "access_token": null }),
            json!({ "access_token": "undefined" }),
            json!({ "access_token": 7 }),
            json!({ "access_token": "two words" }),
        ] {
            assert_eq!(grant::<Value>(&answer.to_string(), NOW), None, "{answer}");
        }
    }

    #[test]
    fn a_word_for_nothing_is_nothing() {
        for nothing in ["undefined", "null", " null ", "", " "] {
            let answer = json!({
                "access_token": nothing,
                "accessToken": "a",
                "refresh_token": nothing,
                "refreshToken": "r",
                "saas_token": nothing,
                "sessionId": nothing,
            });
            let grant = grant::<Value>(&answer.to_string(), NOW).expect(nothing);
            assert_eq!(grant.access.token.expose(), "a");
            assert_eq!(
                grant.refresh.map(|it| it.token.expose().to_owned()),
                Some("r".into())
            );
            assert!(
                grant.saas.is_none() && grant.session_id.is_none(),
                "{nothing}"
            );
        }
    }
}
