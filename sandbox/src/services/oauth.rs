//! The backend's key: `POST /oauth/token`.

use crate::seed::tenant::Tenant;
use crate::services::call::Call;
use crate::services::route::{Gate, Route, route};
use crate::wire::http::form_value;
use crate::wire::problem::{GatewayFault, Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::{Identity, Purpose};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/oauth/token", Service::Gateway, Gate::Open, token),
];

/// As long as every official sample says.
const EXPIRES_IN: u64 = 14_399;

/// What the key may ask for.
const SCOPES: [&str; 5] = [
    "cart.cart_manage",
    "customermanagement.legalentity_read",
    "product.product_read",
    "sessioncontext.context_manage",
    "site.site_read",
];

/// Trades the key's secret for a service token. Scopes that the key does not have are dropped without a word.
pub(crate) fn token(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let json = read_json(call)?;
    let field = |name| match &json {
        None => form_value(&call.request.body, name),
        Some(body) => body[name].as_str().map(Cow::Borrowed),
    };
    if field("grant_type").as_deref() != Some("client_credentials") {
        return Err(GatewayFault::GrantTypeUnsupported.into());
    }
    let secret = field("client_secret");
    let client_id = field("client_id");
    let tenant = Tenant::find(|names| {
        client_id.as_deref() == Some(names.service_key)
            && secret.as_deref() == Some(names.service_secret)
    })
    .ok_or(GatewayFault::ClientInvalid)?;
    let asked = field("scope");
    let asked: Vec<&str> = asked
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let mut granted: Vec<&str> = SCOPES
        .into_iter()
        .filter(|scope| asked.is_empty() || asked.contains(scope))
        .collect();
    let of_tenant = format!("tenant={}", tenant.name());
    granted.push(&of_tenant);

    let family = world.tokens.open_family(tenant, Identity::Service, None);
    let end = world.now().saturating_add(EXPIRES_IN * 1000);
    let token = world.mint(Purpose::Access, family, None, end);
    let body = json!({
        "access_token": world.tokens.token(token).secret,
        "token_type": "Bearer",
        "expires_in": EXPIRES_IN,
        "session_idle_time": 120,
        "refresh_token": "",
        "refresh_token_expires_in": 0,
        "scope": granted.join(" "),
    });
    Ok(Reply::json(200, &body).issuing(token))
}

/// A form as documented, or the JSON that some clients send instead.
fn read_json(call: &Call) -> Result<Option<Value>, Problem> {
    let kind = call
        .request
        .header_value("content-type")
        .unwrap_or_default();
    if kind.starts_with("application/json") {
        call.body().map(Some)
    } else {
        Ok(None)
    }
}
