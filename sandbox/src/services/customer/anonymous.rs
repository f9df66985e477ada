//! Guests: anonymous login and refresh.

use super::grants::Lifetimes;
use super::renewal;
use crate::profile::ContextDocument;
use crate::seed::tenant::Tenant;
use crate::services::call::Call;
use crate::wire::problem::{GatewayFault, Problem};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::contexts::Choice;
use crate::world::tokens::{BearerKind, Identity};

/// `GET /customerlogin/auth/anonymous/login`: a new session with its context, and its first pair of tokens.
pub(crate) fn login(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let tenant = check_key(call)?;
    let session_id = world.random.uuid();
    let document_from = match world.profile().context_document {
        ContextDocument::AtLogin => Some(world.now()),
        ContextDocument::AtCart => None,
    };
    world
        .contexts
        .open(&session_id, tenant, choice(call), document_from);
    let family = world
        .tokens
        .open_family(tenant, Identity::Guest, Some(session_id));
    let lifetimes = Lifetimes::anonymous(world.profile());
    let grant = lifetimes.first_pair(world, family);
    Ok(grant.anonymous_reply(world))
}

/// `GET /customerlogin/auth/anonymous/refresh`: the next pair of the same session.
pub(crate) fn refresh(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let tenant = check_key(call)?;
    let secret = call.required("refresh_token")?;
    let token = renewal::check(world, &secret, tenant, BearerKind::Anonymous)?;
    let lifetimes = Lifetimes::anonymous(world.profile());
    let grant = renewal::renew(world, token, None, &lifetimes);
    Ok(grant.anonymous_reply(world))
}

/// What the caller wants the session's context to say. As no error is specified, it is taken as it is.
fn choice(call: &Call) -> Choice {
    let said = |name| {
        call.query(name)
            .filter(|value| !value.is_empty())
            .map(|value| value.into_owned())
    };
    Choice {
        site_code: said("siteCode"),
        currency: said("currency"),
        target_location: said("targetLocation"),
        language: said("language"),
    }
}

/// The tenant whose key it is.
fn check_key(call: &Call) -> Result<Tenant, Problem> {
    // An older client's name for it works as well.
    let tenant = call
        .required("tenant")
        .or_else(|missing| call.required("hybris-tenant").map_err(|_| missing))?;
    let client_id = call.required("client_id")?;
    let owner =
        Tenant::find(|names| names.client_id == client_id).ok_or(GatewayFault::ApiKeyInvalid)?;
    if tenant == owner.name() {
        Ok(owner)
    } else {
        Err(Problem::unknown_tenant(call.service))
    }
}
