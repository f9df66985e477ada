//! The saas token: a JWT that proves to checkout who the customer is.

use crate::jwt;
use crate::problem::GatewayFault;
use crate::profile::{Lifetime, documented};
use serde_json::{Value, json};

const KIND: &str = "JWT";

/// A JWT for that customer. An absurd lifetime goes into `exp` as literally as it can.
pub(crate) fn token(customer_number: &str, now_ms: u64, lifetime: &Lifetime, key: &str) -> String {
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
    jwt::sign(KIND, &claims, key)
}

/// The number of the customer whose token it is. One with an absurd `exp` lives as long as documented.
pub(crate) fn owner(token: &str, now_ms: u64, key: &str) -> Result<String, GatewayFault> {
    let claims = jwt::claims(token, KIND, key).ok_or(GatewayFault::AccessTokenInvalid)?;
    let issued_at = claims["iat"].as_f64().unwrap_or_default();
    let said = claims["exp"].as_f64().filter(|end| *end > issued_at);
    let end = said.unwrap_or(issued_at + documented::SAAS as f64);
    if end * 1000.0 <= now_ms as f64 {
        return Err(GatewayFault::AccessTokenExpired);
    }
    claims["sub"]
        .as_str()
        .map(str::to_owned)
        .ok_or(GatewayFault::AccessTokenInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "key";

    #[test]
    fn it_has_the_documented_claims() {
        let token = token("13869001", 5_000, &Lifetime::seconds(14_400), KEY);
        let claims = json!({ "sub": "13869001", "iat": 5, "exp": 14_405 });
        assert_eq!(jwt::claims(&token, KIND, KEY), Some(claims));
    }

    #[test]
    fn it_expires() {
        let until = |lifetime: Value, seconds: u64| {
            let lifetime = Lifetime::try_from(lifetime).expect("a lifetime");
            let token = token("13869001", 5_000, &lifetime, KEY);
            owner(&token, 5_000 + seconds * 1000, KEY).is_ok()
        };
        assert!(until(json!(60), 59) && !until(json!(60), 60));
        for absurd in [json!(0), json!(-5), json!(null), json!("soon")] {
            assert!(until(absurd.clone(), 14_399) && !until(absurd, 14_400));
        }
    }
}
