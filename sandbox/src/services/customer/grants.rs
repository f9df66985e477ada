//! A pair of tokens, and how the answers present it.

use crate::oidc::Proof;
use crate::profile::{ExpiresInType, FieldStyle, Lifetime, Profile, documented};
use crate::seed::ids::TokenId;
use crate::seed::scopes::scopes;
use crate::seed::tenant::Tenant;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::{FamilyId, Purpose};
use serde_json::{Map, Value, json};

/// How long the tokens of an identity live, and how long they are said to.
#[derive(Clone, Debug)]
pub(crate) struct Lifetimes {
    access: Lifetime,
    access_documented: u64,
    refresh: Lifetime,
    refresh_documented: u64,
}

impl Lifetimes {
    pub(crate) fn anonymous(profile: &Profile) -> Self {
        Self {
            access: profile.anonymous_expires_in.clone(),
            access_documented: documented::ANONYMOUS,
            refresh: profile.anonymous_refresh_expires_in.clone(),
            refresh_documented: documented::ANONYMOUS_REFRESH,
        }
    }

    pub(crate) fn customer(profile: &Profile) -> Self {
        Self {
            access: profile.customer_expires_in.clone(),
            access_documented: documented::CUSTOMER,
            refresh: profile.customer_refresh_expires_in.clone(),
            refresh_documented: documented::CUSTOMER_REFRESH,
        }
    }

    pub(crate) fn access_end(&self, now: u64) -> u64 {
        now.saturating_add(self.access.milliseconds(self.access_documented))
    }

    pub(crate) fn refresh_end(&self, now: u64) -> u64 {
        now.saturating_add(self.refresh.milliseconds(self.refresh_documented))
    }

    /// The pair that a login begins with: no company yet.
    pub(crate) fn first_pair(&self, world: &mut World, family: FamilyId) -> Grant {
        let now = world.now();
        let refresh_end = self.refresh_end(now);
        let access = world.mint(Purpose::Access, family, None, self.access_end(now));
        let refresh = world.mint(Purpose::Refresh, family, None, refresh_end);
        self.grant(access, refresh, refresh_end, now)
    }

    /// The pair with what is said of its ends. A truthful refresh life is what is left of it, which matters when
    /// refreshes count down.
    pub(crate) fn grant(
        &self,
        access: TokenId,
        refresh: TokenId,
        refresh_end: u64,
        now: u64,
    ) -> Grant {
        let refresh_expires_in =
            if self.refresh.is_truthful() && refresh_end != self.refresh_end(now) {
                Value::from(refresh_end.saturating_sub(now) / 1000)
            } else {
                self.refresh.as_given().clone()
            };
        Grant {
            access,
            refresh,
            expires_in: self.access.as_given().clone(),
            refresh_expires_in,
        }
    }
}

/// A pair of tokens on its way to the caller.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) access: TokenId,
    refresh: TokenId,
    expires_in: Value,
    refresh_expires_in: Value,
}

impl Grant {
    /// The answer of anonymous login and refresh: the same in every era.
    pub(crate) fn anonymous_reply(&self, world: &World) -> Reply {
        let mut fields = Map::new();
        fields.insert("token_type".to_owned(), "Bearer".into());
        fields.insert(
            "scope".to_owned(),
            format!("tenant={}", self.tenant(world).name()).into(),
        );
        fields.insert("sessionId".to_owned(), self.session_id(world));
        self.put_pair(world, FieldStyle::Snake, &mut fields);
        Reply::json(200, &fields).issuing(self.access)
    }

    /// The answer of customer login and refresh; `more` holds what only a login adds, in snake and camel case.
    pub(crate) fn customer_reply(&self, world: &World, more: &[(&str, &str, Value)]) -> Reply {
        let style = world.profile().field_style;
        let mut fields = Map::new();
        if style != FieldStyle::Camel {
            fields.insert("token_type".to_owned(), "Bearer".into());
            let session_id = self.session_id(world);
            put(
                &mut fields,
                FieldStyle::Snake,
                "session_id",
                "session_id",
                session_id,
            );
        }
        self.put_pair(world, style, &mut fields);
        for (snake, camel, value) in more {
            put(&mut fields, style, snake, camel, value.clone());
        }
        Reply::json(200, &fields).issuing(self.access)
    }

    /// The answer of a confirmed sign-up: a login's without session id.
    pub(crate) fn opt_in_reply(&self, world: &World, saas_token: String) -> Reply {
        let style = world.profile().field_style;
        let mut fields = Map::new();
        if style != FieldStyle::Camel {
            fields.insert("token_type".to_owned(), "Bearer".into());
        }
        self.put_pair(world, style, &mut fields);
        put(
            &mut fields,
            style,
            "saas_token",
            "saasToken",
            saas_token.into(),
        );
        Reply::json(200, &fields).issuing(self.access)
    }

    /// The answer of a social login: in snake case, all numbers of seconds as texts but one, and no session id.
    pub(crate) fn social_reply(&self, world: &World, proof: &Proof, saas_token: String) -> Reply {
        let mut fields = self.sso_fields(world, ExpiresInType::String, saas_token, 3600);
        let mut set = |name: &str, value: &str| fields.insert(name.to_owned(), value.into());
        set("social_access_token", &proof.access_token);
        set("social_id_token", &proof.id_token);
        Reply::json(200, &fields).issuing(self.access)
    }

    /// The answer of a token exchange: in snake case, numbers, and with a session id.
    pub(crate) fn exchange_reply(
        &self,
        world: &World,
        subject_access_token: &str,
        saas_token: String,
    ) -> Reply {
        let mut fields = self.sso_fields(world, ExpiresInType::Number, saas_token, 120);
        fields.insert("session_id".to_owned(), self.session_id(world));
        fields.insert(
            "subject_access_token".to_owned(),
            subject_access_token.into(),
        );
        Reply::json(200, &fields).issuing(self.access)
    }

    /// What both have in common, whatever the readings of form are.
    fn sso_fields(
        &self,
        world: &World,
        number: ExpiresInType,
        saas_token: String,
        session_idle_time: u64,
    ) -> Map<String, Value> {
        let mut fields = Map::new();
        let secret = |id| Value::from(world.tokens.token(id).secret.as_str());
        for (name, value) in [
            ("token_type", "Bearer".into()),
            ("access_token", secret(self.access)),
            ("refresh_token", secret(self.refresh)),
            ("saas_token", saas_token.into()),
            ("expires_in", written(&self.expires_in, number)),
            (
                "refresh_token_expires_in",
                written(&self.refresh_expires_in, number),
            ),
            ("session_idle_time", session_idle_time.into()),
            ("scope", scopes(self.tenant(world)).into()),
        ] {
            put(&mut fields, FieldStyle::Snake, name, name, value);
        }
        fields
    }

    fn tenant(&self, world: &World) -> Tenant {
        world.tokens.family_of(self.access).tenant
    }

    fn session_id(&self, world: &World) -> Value {
        json!(world.tokens.family_of(self.access).session_id)
    }

    fn put_pair(&self, world: &World, style: FieldStyle, fields: &mut Map<String, Value>) {
        let secret = |id| Value::from(world.tokens.token(id).secret.as_str());
        put(
            fields,
            style,
            "access_token",
            "accessToken",
            secret(self.access),
        );
        put(
            fields,
            style,
            "refresh_token",
            "refreshToken",
            secret(self.refresh),
        );
        let number = world.profile().expires_in_type;
        put(
            fields,
            style,
            "expires_in",
            "expiresIn",
            written(&self.expires_in, number),
        );
        put(
            fields,
            style,
            "refresh_token_expires_in",
            "refreshTokenExpiresIn",
            written(&self.refresh_expires_in, number),
        );
    }
}

/// Sets a field under the names of a style; `null` stands for a missing field.
fn put(fields: &mut Map<String, Value>, style: FieldStyle, snake: &str, camel: &str, value: Value) {
    if value.is_null() {
        return;
    }
    if style != FieldStyle::Camel {
        fields.insert(snake.to_owned(), value.clone());
    }
    if style != FieldStyle::Snake {
        fields.insert(camel.to_owned(), value);
    }
}

fn written(seconds: &Value, number: ExpiresInType) -> Value {
    match (seconds, number) {
        (Value::Number(seconds), ExpiresInType::String) => seconds.to_string().into(),
        _ => seconds.clone(),
    }
}
