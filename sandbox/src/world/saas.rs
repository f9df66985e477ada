//! The saas token: a JWT that proves to checkout who the customer is.

use crate::profile::{Profile, SaasClaims, documented};
use crate::world::jwt;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const KIND: &str = "JWT";

/// Why a saas token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Unknown,
    Expired,
}

/// The ends of those tokens that do not tell them themselves, in milliseconds since 1970.
#[derive(Debug, Default)]
pub(crate) struct UntoldEnds(BTreeMap<String, u64>);

/// A JWT for that customer. An absurd lifetime goes into `exp` as literally as it can.
pub(crate) fn token(
    customer_number: &str,
    now_ms: u64,
    profile: &Profile,
    key: &str,
    untold: &mut UntoldEnds,
) -> String {
    let issued_at = now_ms / 1000;
    let lifetime = &profile.saas_expires_in;
    let mut claims = json!({ "sub": customer_number });
    if profile.saas_claims == SaasClaims::IatExp {
        claims["iat"] = issued_at.into();
    }
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
    let token = jwt::sign(KIND, &claims, key);
    if profile.saas_claims == SaasClaims::Exp && !lifetime.is_truthful() {
        let end = now_ms.saturating_add(documented::SAAS * 1000);
        untold.0.insert(token.clone(), end);
    }
    token
}

/// The number of the customer whose token it is. One with an absurd `exp` lives as long as documented.
pub(crate) fn owner(
    token: &str,
    now_ms: u64,
    key: &str,
    untold: &UntoldEnds,
) -> Result<String, Refused> {
    let claims = jwt::claims(token, KIND, key).ok_or(Refused::Unknown)?;
    let issued_at = claims["iat"].as_f64().unwrap_or_default();
    let said = claims["exp"].as_f64().filter(|end| *end > issued_at);
    let end = match untold.0.get(token) {
        Some(end) => *end as f64,
        None => said.unwrap_or(issued_at + documented::SAAS as f64) * 1000.0,
    };
    if end <= now_ms as f64 {
        return Err(Refused::Expired);
    }
    claims["sub"]
        .as_str()
        .map(str::to_owned)
        .ok_or(Refused::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Lifetime;

    const KEY: &str = "key";

    fn profile(saas_claims: SaasClaims, lifetime: Value) -> Profile {
        Profile {
            saas_claims,
            saas_expires_in: Lifetime::try_from(lifetime).expect("a lifetime"),
            ..Profile::default()
        }
    }

    #[test]
    fn it_has_the_claims_of_its_reading() {
        for (reading, claims) in [
            (
                SaasClaims::IatExp,
                json!({ "sub": "13869001", "iat": 5, "exp": 14_405 }),
            ),
            (SaasClaims::Exp, json!({ "sub": "13869001", "exp": 14_405 })),
        ] {
            let profile = profile(reading, json!(14_400));
            let token = token("13869001", 5_000, &profile, KEY, &mut UntoldEnds::default());
            assert_eq!(jwt::claims(&token, KIND, KEY), Some(claims));
        }
    }

    #[test]
    fn it_expires() {
        for reading in [SaasClaims::IatExp, SaasClaims::Exp] {
            let until = |lifetime: Value, seconds: u64| {
                let profile = profile(reading, lifetime);
                let mut untold = UntoldEnds::default();
                let token = token("13869001", 5_000, &profile, KEY, &mut untold);
                owner(&token, 5_000 + seconds * 1000, KEY, &untold).is_ok()
            };
            assert!(until(json!(60), 59) && !until(json!(60), 60));
            for absurd in [json!(0), json!(-5), json!(null), json!("soon")] {
                assert!(until(absurd.clone(), 14_399) && !until(absurd, 14_400));
            }
        }
    }
}
