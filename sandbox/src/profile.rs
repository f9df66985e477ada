//! The profile: which reading of the documentation the platform follows where it is silent or contradicts itself.

mod lifetime;
mod readings;

pub use lifetime::Lifetime;
pub use readings::*;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What every lifetime is as documented, in seconds. An absurd reported one leaves these in force.
pub(crate) mod documented {
    pub(crate) const ANONYMOUS: u64 = 3_600;
    pub(crate) const ANONYMOUS_REFRESH: u64 = 86_400;
    pub(crate) const CUSTOMER: u64 = 2_592_000;
    pub(crate) const CUSTOMER_REFRESH: u64 = 86_400;
    pub(crate) const SAAS: u64 = 14_400;
}

/// All readings. [`Profile::default`] is the documentation's most literal one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The life of an anonymous access token.
    pub anonymous_expires_in: Lifetime,
    /// The life of an anonymous refresh token.
    pub anonymous_refresh_expires_in: Lifetime,
    /// The life of a customer access token.
    pub customer_expires_in: Lifetime,
    /// The life of a customer refresh token.
    pub customer_refresh_expires_in: Lifetime,
    /// The life of a saas token, only told by its `exp`.
    pub saas_expires_in: Lifetime,
    /// Which times stand in a saas token.
    pub saas_claims: SaasClaims,
    /// What a refresh does to the refresh token.
    pub rotation: Rotation,
    /// What the use of a spent refresh token does.
    pub reuse: Reuse,
    /// Which bearer `refreshauthtoken` takes.
    pub refresh_bearer: RefreshBearer,
    /// What a refresh without `legalEntityId` does to the company.
    pub omitted_legal_entity: OmittedLegalEntity,
    /// How the fields of customer token answers are named.
    pub field_style: FieldStyle,
    /// How token answers write a number of seconds.
    pub expires_in_type: ExpiresInType,
    /// Whether a refresh renews the refresh token's life.
    pub refresh_lifetime: RefreshLifetime,
    /// What becomes of the former access tokens at a refresh.
    pub old_access_after_refresh: Survival,
    /// Whose session a refresh with another session's bearer belongs to.
    pub foreign_bearer_session: ForeignBearerSession,
    /// What becomes of the guest's tokens at login.
    pub guest_after_login: Survival,
    /// What logout ends.
    pub logout_kills: LogoutKills,
    /// Whether a refused company costs the refresh token.
    pub refused_switch: RefusedSwitch,
    /// The status of a refused company.
    pub legal_entity_refusal: LegalEntityRefusal,
    /// When the session context document comes into being.
    pub context_document: ContextDocument,
    /// Whether a foreign origin may read `Retry-After`.
    pub expose_retry_after: bool,
    /// Whether error answers carry CORS headers.
    pub cors_on_errors: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            anonymous_expires_in: Lifetime::seconds(documented::ANONYMOUS),
            anonymous_refresh_expires_in: Lifetime::seconds(documented::ANONYMOUS_REFRESH),
            customer_expires_in: Lifetime::seconds(documented::CUSTOMER),
            customer_refresh_expires_in: Lifetime::seconds(documented::CUSTOMER_REFRESH),
            saas_expires_in: Lifetime::seconds(documented::SAAS),
            saas_claims: SaasClaims::IatExp,
            rotation: Rotation::Strict,
            reuse: Reuse::Reject,
            refresh_bearer: RefreshBearer::Anonymous,
            omitted_legal_entity: OmittedLegalEntity::Clears,
            field_style: FieldStyle::Both,
            expires_in_type: ExpiresInType::Number,
            refresh_lifetime: RefreshLifetime::Reset,
            old_access_after_refresh: Survival::Lives,
            foreign_bearer_session: ForeignBearerSession::Keeps,
            guest_after_login: Survival::Lives,
            logout_kills: LogoutKills::Access,
            refused_switch: RefusedSwitch::Spares,
            legal_entity_refusal: LegalEntityRefusal::BadRequest,
            context_document: ContextDocument::AtLogin,
            expose_retry_after: true,
            cors_on_errors: true,
        }
    }
}

impl Profile {
    /// The profile with some readings replaced; the message names the first one that is refused.
    pub(crate) fn patched(&self, patch: &Map<String, Value>) -> Result<Self, String> {
        let mut profile = self.clone();
        for (name, value) in patch {
            let mut readings = profile.to_json();
            let Some(reading) = readings.get_mut(name) else {
                let known = readings
                    .keys()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(format!("{name} is no reading; there are {known}"));
            };
            *reading = value.clone();
            // One at a time, because serde's message names the value but not the field.
            profile = serde_json::from_value(Value::Object(readings))
                .map_err(|error| format!("{name} cannot be {value}: {error}"))?;
        }
        Ok(profile)
    }

    fn to_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(readings)) => readings,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(patch: Value) -> Result<Profile, String> {
        Profile::default().patched(patch.as_object().expect("an object"))
    }

    #[test]
    fn the_defaults_are_as_documented() {
        let documented = json!({
            "anonymousExpiresIn": 3600, "anonymousRefreshExpiresIn": 86400,
            "customerExpiresIn": 2592000, "customerRefreshExpiresIn": 86400, "saasExpiresIn": 14400,
            "saasClaims": "iat-exp", "rotation": "strict", "reuse": "reject", "refreshBearer": "anonymous", "omittedLegalEntity": "clears",
            "fieldStyle": "both", "expiresInType": "number", "refreshLifetime": "reset",
            "oldAccessAfterRefresh": "lives", "foreignBearerSession": "keeps", "guestAfterLogin": "lives",
            "logoutKills": "access", "refusedSwitch": "spares", "legalEntityRefusal": 400,
            "contextDocument": "at-login", "exposeRetryAfter": true, "corsOnErrors": true,
        });
        assert_eq!(
            serde_json::to_value(Profile::default()).expect("serializes"),
            documented
        );
    }

    #[test]
    fn a_patch_replaces_what_it_names() {
        let profile =
            patch(json!({ "rotation": "same", "saasExpiresIn": null, "legalEntityRefusal": 403 }));
        assert_eq!(
            profile,
            Ok(Profile {
                rotation: Rotation::Same,
                saas_expires_in: Lifetime::try_from(Value::Null).expect("a lifetime"),
                legal_entity_refusal: LegalEntityRefusal::Forbidden,
                ..Profile::default()
            })
        );
    }

    #[test]
    fn a_refused_patch_names_the_culprit() {
        let unknown = patch(json!({ "rotatoin": "same" })).expect_err("refused");
        assert!(unknown.contains("rotatoin"), "{unknown}");
        let value = patch(json!({ "reuse": "maybe" })).expect_err("refused");
        assert!(
            value.contains("reuse") && value.contains("maybe"),
            "{value}"
        );
        assert!(patch(json!({ "legalEntityRefusal": 404 })).is_err());
        assert!(patch(json!({ "corsOnErrors": "yes" })).is_err());
        assert!(patch(json!({ "anonymousExpiresIn": true })).is_err());
    }
}
