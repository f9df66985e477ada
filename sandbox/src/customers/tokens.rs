//! A customer's tokens: login, refresh and company switch, logout, validation.

use crate::call::{Call, Caller};
use crate::companies::CompanyId;
use crate::customers::CustomerId;
use crate::customers::fields::text;
use crate::grants::{Grant, Lifetimes};
use crate::platform::Platform;
use crate::problem::{GatewayFault, Problem};
use crate::profile::{
    ForeignBearerSession, LegalEntityRefusal, LogoutKills, OmittedLegalEntity, RefreshBearer,
    RefusedSwitch, Survival,
};
use crate::reply::Reply;
use crate::tenant::Tenant;
use crate::tokens::{BearerKind, Identity, Purpose, TokenId};
use crate::{renewal, saas};
use serde_json::json;

/// The scopes that every customer token has; they cannot be asked for.
const SCOPES: &str = "approval.approval_read_own customermanagement.legalentity_read_own customer.customer_read_own \
    quote.quote_read_own returns.returns_read_own iam.scope_read_own iam.user_read_own customersegment.segment_read_own \
    iam.group_read_own order.order_readascustomer coupon.coupon_redeem customer.customerprofile_edit \
    quote.quote_manage_own returns.returns_manage_own customer.customer_manage_own approval.approval_manage_own \
    order.order_updateascustomer iam.assignment_delete_own customer.consent_view customer.customerprofile_view \
    order.history_view iam.assignment_create_own customer.consent_manage";

/// The scopes of a customer token, as answers write them.
pub(crate) fn scopes(tenant: Tenant) -> String {
    format!("{SCOPES} tenant={}", tenant.name())
}

/// `POST /customer/{tenant}/login`: the customer takes over the session of the guest who logs in. The backend has none to
/// take over.
pub(crate) fn login(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    let password = text(&body, "password", 6)?;
    let found = platform.customers.find_by_email(guest.tenant, email);
    let Some(id) = found.filter(|id| platform.customers.get(*id).password == password) else {
        return Err(Problem::new(401, "The email or password is not correct."));
    };

    let (grant, saas_token) = sign_in(platform, guest, id);
    Ok(grant.customer_reply(
        platform,
        &[
            ("saas_token", "saasToken", saas_token.into()),
            ("initialPassword", "initialPassword", false.into()),
        ],
    ))
}

/// Lets a customer take over a guest's session, however the customer has proved to be one.
pub(crate) fn sign_in(platform: &mut Platform, guest: &Caller, id: CustomerId) -> (Grant, String) {
    let now = platform.now();
    if platform.profile().guest_after_login == Survival::Dies {
        platform.revoke_guests(guest.session_id.as_deref());
    }
    let family = platform.tokens.open_family(
        guest.tenant,
        Identity::Customer(id),
        guest.session_id.clone(),
    );
    let lifetimes = Lifetimes::customer(platform.profile());
    let grant = platform.first_pair(family, &lifetimes);
    let customer = platform.customers.get_mut(id);
    customer.last_login = Some(now);
    if let Some(session_id) = &guest.session_id {
        platform.contexts.enter(session_id, id, customer, now);
    }
    let saas_token = saas::token(
        &customer.number,
        now,
        &platform.profile,
        &platform.signing_key,
        &mut platform.untold_ends,
    );
    (grant, saas_token)
}

/// `GET /customer/{tenant}/refreshauthtoken`: the next pair, for the company that is asked for.
///
/// Everything that can refuse comes first; only then is the refresh token consumed.
pub(crate) fn refresh(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let bearer = call.caller()?;
    check_bearer(platform, bearer)?;
    let secret = call.required("refreshToken")?;
    let token = renewal::check(platform, &secret, bearer.tenant, BearerKind::Customer)?;

    let foreign = bearer.session_id != platform.tokens.family_of(token).session_id;
    let policy = platform.profile().foreign_bearer_session;
    if foreign && policy == ForeignBearerSession::Refused {
        return Err(GatewayFault::AccessTokenInvalid.into());
    }
    let company = match call.query("legalEntityId") {
        Some(id) => Some(
            assigned_company(platform, token, &id)
                .ok_or_else(|| refuse_company(platform, token))?,
        ),
        None => match platform.profile().omitted_legal_entity {
            OmittedLegalEntity::Clears => None,
            OmittedLegalEntity::Keeps => platform.tokens.token(token).company,
        },
    };

    if let (true, ForeignBearerSession::Adopts, Some(session_id)) =
        (foreign, policy, &bearer.session_id)
    {
        let family = platform.tokens.token(token).family;
        platform.tokens.move_to_session(family, session_id);
    }
    note_company(platform, token, company);
    let lifetimes = Lifetimes::customer(platform.profile());
    let grant = renewal::renew(platform, token, company, &lifetimes);
    Ok(grant.customer_reply(platform, &[]))
}

/// Writes into the session's context whom the next token is for.
fn note_company(platform: &mut Platform, token: TokenId, company: Option<CompanyId>) {
    let now = platform.now();
    let family = platform.tokens.family_of(token);
    if let (Identity::Customer(customer), Some(session_id)) = (family.identity, &family.session_id)
    {
        platform
            .contexts
            .buy_for(session_id, customer, company, now);
    }
}

/// `GET /customer/{tenant}/logout`
pub(crate) fn logout(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let secret = call.required("accessToken")?;
    let found = platform.tokens.find(&secret, Purpose::Access);
    let Some(token) = found.filter(|id| platform.tokens.token(*id).family == caller.family) else {
        return Err(Problem::invalid(
            "accessToken",
            "accessToken is not a token of this customer",
        ));
    };
    match platform.profile().logout_kills {
        LogoutKills::Access => platform.tokens.revoke(token),
        LogoutKills::Session => {
            let now = platform.now();
            platform.tokens.revoke_family(caller.family, None, now);
            platform.revoke_guests(caller.session_id.as_deref());
        }
    }
    if let Some(session_id) = &caller.session_id {
        let now = platform.now();
        platform.contexts.leave(session_id, now);
    }
    Ok(Reply::empty(204))
}

/// `GET /customer/{tenant}/validateauthtoken`
pub(crate) fn validate(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let Identity::Customer(id) = caller.identity else {
        return Err(GatewayFault::AccessTokenInvalid.into());
    };
    let left = platform
        .tokens
        .token(caller.token)
        .expires_at
        .saturating_sub(platform.now());
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": left / 1000,
        "scope": scopes(caller.tenant),
        "email": platform.customers.get(id).email,
    });
    if let Some(session_id) = &caller.session_id {
        body["sessionId"] = session_id.as_str().into();
    }
    if let Some(company) = caller.company {
        body["legalEntityId"] = company.company().id.into();
    }
    Ok(Reply::json(200, &body))
}

fn check_bearer(platform: &Platform, bearer: &Caller) -> Result<(), Problem> {
    let accepted = match platform.profile().refresh_bearer {
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

fn assigned_company(platform: &Platform, refresh: TokenId, id: &str) -> Option<CompanyId> {
    let Identity::Customer(customer) = platform.tokens.family_of(refresh).identity else {
        return None;
    };
    CompanyId::find(id).filter(|company| platform.customers.get(customer).buys_for(*company))
}

fn refuse_company(platform: &mut Platform, refresh: TokenId) -> Problem {
    if platform.profile().refused_switch == RefusedSwitch::Spends {
        renewal::consume(platform, refresh);
    }
    match platform.profile().legal_entity_refusal {
        LegalEntityRefusal::BadRequest => Problem::invalid(
            "legalEntityId",
            "legalEntityId is not assigned to the customer",
        ),
        // The only documented body of a 401: the caller cannot tell it from a refused bearer.
        LegalEntityRefusal::Unauthorized => GatewayFault::AccessTokenInvalid.into(),
        LegalEntityRefusal::Forbidden => Problem::new(403, "User not authorized."),
    }
}
