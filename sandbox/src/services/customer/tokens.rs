//! A customer's tokens: login, refresh and company switch, logout, validation.

use super::fields::text;
use super::grants::{Grant, Lifetimes};
use super::renewal;
use crate::profile::{
    ForeignBearerSession, LegalEntityRefusal, LogoutKills, OmittedLegalEntity, RefreshBearer,
    RefusedSwitch, Survival,
};
use crate::seed::companies::CompanyId;
use crate::seed::ids::TokenId;
use crate::seed::scopes::scopes;
use crate::services::call::Call;
use crate::wire::problem::{GatewayFault, Problem};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::caller::Caller;
use crate::world::customers::CustomerId;
use crate::world::saas;
use crate::world::tokens::{BearerKind, Identity, Purpose};
use serde_json::json;

/// `POST /customer/{tenant}/login`: the customer takes over the session of the guest who logs in. The backend has none to
/// take over.
pub(crate) fn login(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    let password = text(&body, "password", 6)?;
    let found = world.customers.find_by_email(guest.tenant, email);
    let Some(id) = found.filter(|id| world.customers.get(*id).password == password) else {
        return Err(Problem::new(401, "The email or password is not correct."));
    };

    let (grant, saas_token) = sign_in(world, guest, id);
    Ok(grant.customer_reply(
        world,
        &[
            ("saas_token", "saasToken", saas_token.into()),
            ("initialPassword", "initialPassword", false.into()),
        ],
    ))
}

/// Lets a customer take over a guest's session, however the customer has proved to be one.
pub(crate) fn sign_in(world: &mut World, guest: &Caller, id: CustomerId) -> (Grant, String) {
    let now = world.now();
    if world.profile().guest_after_login == Survival::Dies {
        world.revoke_guests(guest.session_id.as_deref());
    }
    let family = world.tokens.open_family(
        guest.tenant,
        Identity::Customer(id),
        guest.session_id.clone(),
    );
    let lifetimes = Lifetimes::customer(world.profile());
    let grant = lifetimes.first_pair(world, family);
    let customer = world.customers.get_mut(id);
    customer.last_login = Some(now);
    if let Some(session_id) = &guest.session_id {
        world.contexts.enter(session_id, id, customer, now);
    }
    let saas_token = saas::token(
        &customer.number,
        now,
        &world.profile,
        &world.signing_key,
        &mut world.untold_ends,
    );
    (grant, saas_token)
}

/// `GET /customer/{tenant}/refreshauthtoken`: the next pair, for the company that is asked for.
///
/// Everything that can refuse comes first; only then is the refresh token consumed.
pub(crate) fn refresh(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let bearer = call.caller()?;
    check_bearer(world, bearer)?;
    let secret = call.required("refreshToken")?;
    let token = renewal::check(world, &secret, bearer.tenant, BearerKind::Customer)?;

    let foreign = bearer.session_id != world.tokens.family_of(token).session_id;
    let policy = world.profile().foreign_bearer_session;
    if foreign && policy == ForeignBearerSession::Refused {
        return Err(GatewayFault::AccessTokenInvalid.into());
    }
    let company = match call.query("legalEntityId") {
        Some(id) => {
            Some(assigned_company(world, token, &id).ok_or_else(|| refuse_company(world, token))?)
        }
        None => match world.profile().omitted_legal_entity {
            OmittedLegalEntity::Clears => None,
            OmittedLegalEntity::Keeps => world.tokens.token(token).company,
        },
    };

    if let (true, ForeignBearerSession::Adopts, Some(session_id)) =
        (foreign, policy, &bearer.session_id)
    {
        let family = world.tokens.token(token).family;
        world.tokens.move_to_session(family, session_id);
    }
    note_company(world, token, company);
    let lifetimes = Lifetimes::customer(world.profile());
    let grant = renewal::renew(world, token, company, &lifetimes);
    Ok(grant.customer_reply(world, &[]))
}

/// Writes into the session's context whom the next token is for.
fn note_company(world: &mut World, token: TokenId, company: Option<CompanyId>) {
    let now = world.now();
    let family = world.tokens.family_of(token);
    if let (Identity::Customer(customer), Some(session_id)) = (family.identity, &family.session_id)
    {
        world.contexts.buy_for(session_id, customer, company, now);
    }
}

/// `GET /customer/{tenant}/logout`
pub(crate) fn logout(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let secret = call.required("accessToken")?;
    let found = world.tokens.find(&secret, Purpose::Access);
    let Some(token) = found.filter(|id| world.tokens.token(*id).family == caller.family) else {
        return Err(Problem::invalid(
            "accessToken",
            "accessToken is not a token of this customer",
        ));
    };
    match world.profile().logout_kills {
        LogoutKills::Access => world.tokens.revoke(token),
        LogoutKills::Session => {
            let now = world.now();
            world.tokens.revoke_family(caller.family, None, now);
            world.revoke_guests(caller.session_id.as_deref());
        }
    }
    if let Some(session_id) = &caller.session_id {
        let now = world.now();
        world.contexts.leave(session_id, now);
    }
    Ok(Reply::empty(204))
}

/// `GET /customer/{tenant}/validateauthtoken`
pub(crate) fn validate(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let Identity::Customer(id) = caller.identity else {
        return Err(GatewayFault::AccessTokenInvalid.into());
    };
    let left = world
        .tokens
        .token(caller.token)
        .expires_at
        .saturating_sub(world.now());
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": left / 1000,
        "scope": scopes(caller.tenant),
        "email": world.customers.get(id).email,
    });
    if let Some(session_id) = &caller.session_id {
        body["sessionId"] = session_id.as_str().into();
    }
    if let Some(company) = caller.company {
        body["legalEntityId"] = company.company().id.into();
    }
    Ok(Reply::json(200, &body))
}

fn check_bearer(world: &World, bearer: &Caller) -> Result<(), Problem> {
    let accepted = match world.profile().refresh_bearer {
        RefreshBearer::Anonymous => bearer.identity == Identity::Guest,
        RefreshBearer::Customer => bearer.identity != Identity::Guest,
        RefreshBearer::Either => true,
    };
    if accepted {
        Ok(())
    } else {
        Err(GatewayFault::AccessTokenInvalid.into())
    }
}

fn assigned_company(world: &World, refresh: TokenId, id: &str) -> Option<CompanyId> {
    let Identity::Customer(customer) = world.tokens.family_of(refresh).identity else {
        return None;
    };
    CompanyId::find(id).filter(|company| world.customers.get(customer).buys_for(*company))
}

fn refuse_company(world: &mut World, refresh: TokenId) -> Problem {
    if world.profile().refused_switch == RefusedSwitch::Spends {
        renewal::consume(world, refresh);
    }
    match world.profile().legal_entity_refusal {
        LegalEntityRefusal::BadRequest => Problem::invalid(
            "legalEntityId",
            "legalEntityId is not assigned to the customer",
        ),
        // The only documented body of a 401: the caller cannot tell it from a refused bearer.
        LegalEntityRefusal::Unauthorized => GatewayFault::AccessTokenInvalid.into(),
        LegalEntityRefusal::Forbidden => Problem::new(403, "User not authorized."),
    }
}
