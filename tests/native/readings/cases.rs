//! The readings that are tried, and what each changes of the costs.

use super::{DOCUMENTED, STEPS};
use serde_json::{Value, json};

/// The lifetimes that the documentation's samples show, the most recent first.
const LIFETIMES: [(&str, &[u64]); 5] = [
    ("anonymousExpiresIn", &[3_600]),
    ("anonymousRefreshExpiresIn", &[86_400]),
    ("customerExpiresIn", &[2_592_000, 14_400, 1_800]),
    ("customerRefreshExpiresIn", &[86_400, 15_552_000]),
    ("saasExpiresIn", &[14_400]),
];

pub struct Case {
    pub profile: Value,
    /// Steps that cost something else than under the documented readings, and why.
    pub differs: &'static [(&'static str, usize)],
    pub why: &'static str,
    /// The error that the way back to B2C ends in, where the platform bars it.
    pub no_way_back: Option<&'static str>,
    /// The error that a company ends in for which the customer does not buy.
    pub refused: &'static str,
}

fn case(reading: &str, value: Value) -> Case {
    Case {
        profile: json!({ reading: value }),
        differs: &[],
        why: "",
        no_way_back: None,
        refused: "legal_entity_refused",
    }
}

impl Case {
    fn costs(mut self, differs: &'static [(&'static str, usize)], why: &'static str) -> Self {
        self.differs = differs;
        self.why = why;
        self
    }

    pub fn expected(&self, step: &str) -> usize {
        let differs = self.differs.iter().find(|(name, _)| *name == step);
        let documented = STEPS.iter().position(|name| *name == step).unwrap();
        differs.map_or(DOCUMENTED[documented], |(_, count)| *count)
    }
}

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("saasClaims", json!("iat-exp")),
        case("saasClaims", json!("exp")),
        case("rotation", json!("strict")),
        case("rotation", json!("lenient")),
        case("rotation", json!("same")),
        case("reuse", json!("reject")),
        case("reuse", json!("revoke-session")),
        case("refreshBearer", json!("anonymous")),
        case("refreshBearer", json!("customer")).costs(
            &[("refresh", 2), ("refresh, stale guest", 1)],
            "the guest's token is tried first; what worked is remembered, and the guest needed no more",
        ),
        case("refreshBearer", json!("either")),
        case("omittedLegalEntity", json!("clears")),
        Case {
            no_way_back: Some("legal_entity_refused"),
            ..case("omittedLegalEntity", json!("keeps")).costs(
                &[("B2C again", 0)],
                "the way back to B2C is refused; that is known from then on",
            )
        },
        case("fieldStyle", json!("both")),
        case("fieldStyle", json!("snake")),
        case("fieldStyle", json!("camel")),
        case("expiresInType", json!("number")),
        case("expiresInType", json!("string")),
        case("refreshLifetime", json!("reset")),
        case("refreshLifetime", json!("countdown")),
        case("oldAccessAfterRefresh", json!("lives")),
        case("oldAccessAfterRefresh", json!("dies")),
        case("foreignBearerSession", json!("keeps")),
        case("foreignBearerSession", json!("adopts")),
        case("foreignBearerSession", json!("refused")),
        case("guestAfterLogin", json!("lives")),
        case("guestAfterLogin", json!("dies")).costs(
            &[
                ("refresh", 5),
                ("company A", 2),
                ("company B", 2),
                ("refused company", 4),
                ("B2C", 3),
                ("B2C again", 2),
            ],
            "the guest's token has died unseen: found out once, and from then on a throw-away token lends its bearer",
        ),
        case("logoutKills", json!("access")),
        case("logoutKills", json!("session")),
        case("refusedSwitch", json!("spares")),
        Case {
            no_way_back: Some("not_renewable"),
            ..case("refusedSwitch", json!("spends")).costs(
                &[("refused company", 5), ("B2C", 0), ("B2C again", 0)],
                "it has cost the refresh token, which every bearer is tried to save; the session lasts as long as its access token",
            )
        },
        case("legalEntityRefusal", json!(400)),
        case("legalEntityRefusal", json!(401)),
        case("legalEntityRefusal", json!(403)),
        case("contextDocument", json!("at-login")),
        case("contextDocument", json!("at-cart")),
        case("exposeRetryAfter", json!(true)),
        case("exposeRetryAfter", json!(false)),
        case("corsOnErrors", json!(true)),
        Case {
            refused: "network",
            ..case("corsOnErrors", json!(false)).costs(
                &[("refused company", 1)],
                "a refusal that the page may not read is no refusal: nothing says which token or company is meant",
            )
        },
    ];
    for (reading, documented) in LIFETIMES {
        for lifetime in documented {
            cases.push(case(reading, json!(lifetime)));
        }
        for lifetime in [
            json!(60),
            json!(1),
            json!(0),
            json!(-1),
            Value::Null,
            json!(9_007_199_254_740_992_u64),
            json!("soon"),
        ] {
            let (differs, why) = with_lifetime(reading, &lifetime);
            cases.push(case(reading, lifetime).costs(differs, why));
        }
    }
    cases
}

/// What a short or absurd lifetime changes.
fn with_lifetime(
    reading: &str,
    lifetime: &Value,
) -> (&'static [(&'static str, usize)], &'static str) {
    match (reading, lifetime.as_i64()) {
        ("anonymousExpiresIn", Some(60 | 1)) => (&[], ""),
        ("anonymousExpiresIn", Some(1..)) => (
            &[("login, stale guest", 1), ("refresh, stale guest", 1)],
            "the guest's token is never stale",
        ),
        ("anonymousExpiresIn", _) => (
            &[("login, stale guest", 3), ("refresh, stale guest", 3)],
            "nobody knows that the guest's token is stale before it is refused",
        ),
        ("anonymousRefreshExpiresIn", Some(60 | 1)) => (
            &[("login, stale guest", 3), ("refresh, stale guest", 3)],
            "the guest's renewal is refused, a new guest takes its place",
        ),
        ("customerRefreshExpiresIn", Some(1)) => (
            &[("refresh, stale guest", 0)],
            "the refresh token does not live to see it: the session lasts as long as its access token",
        ),
        _ => (&[], ""),
    }
}
