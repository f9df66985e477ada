//! The world that a run takes place in: how its browser is, and its platform.

use crate::plan::{mostly, one};
use double::{Area, Locks};
use fastrand::Rng;
use sandbox::{
    ContextDocument, ExpiresInType, FieldStyle, ForeignBearerSession, LegalEntityRefusal, Lifetime,
    LogoutKills, OmittedLegalEntity, Profile, RefreshBearer, RefreshLifetime, RefusedSwitch, Reuse,
    Rotation, SaasClaims, Survival,
};
use serde_json::json;

/// How this run's browser is.
#[derive(Clone, Debug)]
pub struct Setup {
    pub profile: Profile,
    /// Where locks are not granted the laws are promised for calls that do not overlap, so one act ends before the next begins.
    pub locks: Locks,
    pub area: Area,
    /// The longest time after which another tab's write is seen, in milliseconds.
    pub lag: u64,
    /// How many messages of a hundred are lost.
    pub lost_messages: u64,
    /// Whether the pages' own clocks go on while the machine sleeps.
    pub mono_sleeps: bool,
    /// The longest way to the platform, in milliseconds.
    pub latency: u64,
    /// How many epochs former visitors have left behind.
    pub epochs_before: u64,
}

impl Setup {
    /// Nothing is strange.
    pub fn plain() -> Self {
        Self {
            profile: Profile::default(),
            locks: Locks::Granted,
            area: Area::Shared,
            lag: 0,
            lost_messages: 0,
            mono_sleeps: false,
            latency: 5,
            epochs_before: 0,
        }
    }

    /// A host knows nothing but what the store tells it, in the store's order; and no browser hides answers from it.
    pub fn become_served(&mut self, number: u64) {
        self.area = Area::Hosts([1, 5, 50, 400][number as usize % 4]);
        self.locks = Locks::Granted;
        self.lag = 0;
        self.lost_messages = 0;
        self.profile.cors_on_errors = true;
        self.profile.expose_retry_after = true;
    }

    pub fn draw(rng: &mut Rng) -> Self {
        let locks = match rng.u8(..16) {
            0 => Locks::Absent,
            1 => Locks::Refused,
            _ => Locks::Granted,
        };
        let area = match rng.u8(..8) {
            // Without locks there are no revisions either, and nothing tells a copy that comes back that it is behind.
            0 if locks != Locks::Absent => Area::Cloned,
            1 => Area::Adapter(one(rng, &[5, 50, 400])),
            _ => Area::Shared,
        };
        Self {
            profile: profile(rng),
            locks,
            area,
            // Without locks there is no telling when storage is seen; that is not promised.
            lag: match locks {
                Locks::Absent => 0,
                _ if area != Area::Shared => 0,
                _ => one(rng, &[0, 0, 50, 400]),
            },
            // Copies learn from each other by messages alone.
            lost_messages: match area {
                Area::Cloned => 0,
                _ => one(rng, &[0, 0, 10, 100]),
            },
            mono_sleeps: rng.bool(),
            latency: one(rng, &[5, 50, 2_000]),
            epochs_before: one(rng, &[0, 0, 8, 14, 253, 70_000]),
        }
    }
}

fn lifetime(rng: &mut Rng, documented: u64) -> Lifetime {
    let value = match rng.u8(..16) {
        0..8 => json!(documented),
        8 => json!(1),
        9..12 => json!(one(rng, &[30, 90, 300, 3_600])),
        12 => json!(0),
        13 => json!(-1),
        14 => json!(null),
        _ => json!(9_007_199_254_740_992_u64),
    };
    Lifetime::try_from(value).unwrap()
}

fn profile(rng: &mut Rng) -> Profile {
    use {ForeignBearerSession as Foreign, LegalEntityRefusal as Refusal};
    Profile {
        anonymous_expires_in: lifetime(rng, 3_600),
        anonymous_refresh_expires_in: lifetime(rng, 86_400),
        customer_expires_in: lifetime(rng, 2_592_000),
        customer_refresh_expires_in: lifetime(rng, 86_400),
        saas_expires_in: lifetime(rng, 14_400),
        saas_claims: SaasClaims::IatExp,
        rotation: mostly(rng, &[Rotation::Strict, Rotation::Lenient, Rotation::Same]),
        reuse: mostly(rng, &[Reuse::Reject, Reuse::RevokeSession]),
        refresh_bearer: one(
            rng,
            &[
                RefreshBearer::Anonymous,
                RefreshBearer::Customer,
                RefreshBearer::Either,
            ],
        ),
        omitted_legal_entity: mostly(
            rng,
            &[OmittedLegalEntity::Clears, OmittedLegalEntity::Keeps],
        ),
        field_style: mostly(
            rng,
            &[FieldStyle::Snake, FieldStyle::Camel, FieldStyle::Both],
        ),
        expires_in_type: mostly(rng, &[ExpiresInType::Number, ExpiresInType::String]),
        refresh_lifetime: mostly(rng, &[RefreshLifetime::Reset, RefreshLifetime::Countdown]),
        old_access_after_refresh: mostly(rng, &[Survival::Lives, Survival::Dies]),
        foreign_bearer_session: mostly(rng, &[Foreign::Keeps, Foreign::Adopts, Foreign::Refused]),
        guest_after_login: mostly(rng, &[Survival::Lives, Survival::Dies]),
        logout_kills: mostly(rng, &[LogoutKills::Access, LogoutKills::Session]),
        refused_switch: mostly(rng, &[RefusedSwitch::Spares, RefusedSwitch::Spends]),
        legal_entity_refusal: one(
            rng,
            &[
                Refusal::BadRequest,
                Refusal::Unauthorized,
                Refusal::Forbidden,
            ],
        ),
        context_document: mostly(rng, &[ContextDocument::AtLogin, ContextDocument::AtCart]),
        expose_retry_after: rng.bool(),
        cors_on_errors: mostly(rng, &[true, false]),
    }
}
