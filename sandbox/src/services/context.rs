//! The session context service: for the session in the caller's token, or for one that the backend names.

use crate::services::call::Call;
use crate::services::route::{BACKEND_SCOPE, Route, SHOPPER_SCOPE, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::contexts::{COMPANY_ATTRIBUTE, Context};
use crate::world::saas;
use serde_json::{Map, Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/session-context/{tenant}/context/{sessionId}", Service::SessionContext, BACKEND_SCOPE, one),
    route("PUT", "/session-context/{tenant}/context/{sessionId}", Service::SessionContext, BACKEND_SCOPE, replace),
    route("POST", "/session-context/{tenant}/context/{sessionId}/attributes", Service::SessionContext, BACKEND_SCOPE, add_attribute),
    route("DELETE", "/session-context/{tenant}/context/{sessionId}/attributes/{name}", Service::SessionContext, BACKEND_SCOPE, remove_attribute),
    route("GET", "/session-context/{tenant}/me/context", Service::SessionContext, SHOPPER_SCOPE, one),
    route("PATCH", "/session-context/{tenant}/me/context", Service::SessionContext, SHOPPER_SCOPE, change),
    route("POST", "/session-context/{tenant}/me/context/attributes", Service::SessionContext, SHOPPER_SCOPE, add_attribute),
    route("DELETE", "/session-context/{tenant}/me/context/attributes/{name}", Service::SessionContext, SHOPPER_SCOPE, remove_attribute),
];

const SESSION_ID: &str = "sessionId";

/// `GET /session-context/{tenant}/me/context` and `…/context/{sessionId}`
pub(crate) fn one(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let session_id = session(world, call)?;
    let context = world
        .contexts
        .document(session_id)
        .ok_or_else(|| Problem::no_context(session_id))?;
    Ok(Reply::json(
        200,
        &context.view(session_id, &world.customers),
    ))
}

/// `PATCH /session-context/{tenant}/me/context`: what is named is replaced, what is not the caller's is ignored.
pub(crate) fn change(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let now = world.now();
    let context = document(world, call)?;
    let body = call.body()?;
    let change = Change::read(&body)?;
    if change.version != context.version {
        return Err(Problem::stale_version());
    }
    change.apply(context, now);
    Ok(Reply::empty(204))
}

/// `PUT /session-context/{tenant}/context/{sessionId}`: as above, with a proof by the customer whose context it is.
pub(crate) fn replace(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let now = world.now();
    let session_id = session(world, call)?;
    let upserts = call.query("upsert").as_deref() == Some("true");
    let document = world.contexts.document(session_id);
    if document.is_none() && !upserts {
        return Err(Problem::no_context(session_id));
    }
    let body = call.body()?;
    let change = Change::read(&body)?;
    let known = document.and_then(|context| context.customer);
    let customer = match (known, text(&body, "customerId")?) {
        (known, None) => known,
        (known, Some(number)) => {
            let named = world
                .customers
                .find_by_number(call.caller()?.tenant, number);
            let named = named.ok_or_else(|| {
                Problem::invalid("customerId", format!("There is no customer {number}"))
            })?;
            if known.is_some_and(|known| known != named) {
                return Err(call.forbidden());
            }
            Some(named)
        }
    };
    if let Some(id) = customer {
        let token = call.request.header_value("saas-token");
        let token = token.ok_or_else(|| Problem::missing("saas-token"))?;
        let owner = saas::owner(token, now, &world.signing_key, &world.untold_ends)?;
        if owner != world.customers.get(id).number {
            return Err(call.forbidden());
        }
    }
    if document.is_some_and(|context| context.version != change.version) {
        return Err(Problem::stale_version());
    }
    let context = world.contexts.create(session_id, now);
    context.tenant = call.caller.as_ref().map(|caller| caller.tenant);
    context.customer = customer;
    change.apply(context, now);
    Ok(Reply::empty(204))
}

/// `POST /session-context/{tenant}/me/context/attributes` and `…/context/{sessionId}/attributes`
pub(crate) fn add_attribute(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let now = world.now();
    let context = document(world, call)?;
    let body = call.body()?;
    let key = text(&body, "key")?.ok_or_else(|| Problem::missing("key"))?;
    let value = &body["value"];
    match value {
        Value::Null => return Err(Problem::missing("value")),
        Value::String(_) | Value::Object(_) => {}
        _ => {
            return Err(Problem::invalid(
                "value",
                "value must be a text or an object",
            ));
        }
    }
    check_key(key)?;
    context.attributes.insert(key.to_owned(), value.clone());
    context.touch(now);
    // The specification knows an answer for the caller's own session only.
    Ok(match call.param(SESSION_ID) {
        "" => Reply::json(201, &json!(key)),
        _ => Reply::empty(204),
    })
}

/// `DELETE /session-context/{tenant}/me/context/attributes/{name}` and `…/context/{sessionId}/attributes/{name}`
pub(crate) fn remove_attribute(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let now = world.now();
    let context = document(world, call)?;
    let name = call.param("name");
    check_key(name)?;
    if context.attributes.remove(name).is_some() {
        context.touch(now);
    }
    Ok(Reply::empty(204))
}

/// What a caller asks to be written.
struct Change<'b> {
    version: u64,
    site_code: Option<&'b str>,
    currency: Option<&'b str>,
    target_location: Option<&'b str>,
    language: Option<&'b str>,
    attributes: Option<&'b Map<String, Value>>,
}

impl<'b> Change<'b> {
    fn read(body: &'b Value) -> Result<Self, Problem> {
        Ok(Self {
            version: body["metadata"]["version"]
                .as_u64()
                .ok_or_else(|| Problem::missing("metadata.version"))?,
            site_code: text(body, "siteCode")?,
            currency: text(body, "currency")?,
            target_location: text(body, "targetLocation")?,
            language: text(body, "language")?,
            attributes: match &body["context"] {
                Value::Null => None,
                Value::Object(attributes) => Some(attributes),
                _ => return Err(Problem::invalid("context", "context must be an object")),
            },
        })
    }

    fn apply(self, context: &mut Context, now: u64) {
        let chosen = &mut context.chosen;
        for (field, value) in [
            (&mut chosen.site_code, self.site_code),
            (&mut chosen.currency, self.currency),
            (&mut chosen.target_location, self.target_location),
            (&mut chosen.language, self.language),
        ] {
            if let Some(value) = value {
                *field = Some(value.to_owned());
            }
        }
        if let Some(attributes) = self.attributes {
            context.attributes = attributes.clone();
            context.attributes.remove(COMPANY_ATTRIBUTE);
        }
        context.touch(now);
    }
}

/// The session that the path names, else the caller's.
fn session<'c>(world: &World, call: &'c Call) -> Result<&'c str, Problem> {
    let caller = call.caller()?;
    match call.param(SESSION_ID) {
        "" => {
            let session_id = caller.session_id.as_deref();
            session_id.ok_or_else(|| call.forbidden())
        }
        session_id if world.contexts.is_foreign(session_id, caller.tenant) => {
            Err(Problem::no_context(session_id))
        }
        session_id => Ok(session_id),
    }
}

fn document<'p>(world: &'p mut World, call: &Call) -> Result<&'p mut Context, Problem> {
    let session_id = session(world, call)?;
    world
        .contexts
        .document_mut(session_id)
        .ok_or_else(|| Problem::no_context(session_id))
}

fn check_key(key: &str) -> Result<(), Problem> {
    if key == COMPANY_ATTRIBUTE {
        return Err(Problem::invalid("key", "legalEntityId follows the token"));
    }
    Ok(())
}

fn text<'b>(body: &'b Value, field: &'static str) -> Result<Option<&'b str>, Problem> {
    match &body[field] {
        Value::Null => Ok(None),
        Value::String(text) if !text.is_empty() => Ok(Some(text)),
        _ => Err(Problem::invalid(
            field,
            format!("{field} must be a text that says something"),
        )),
    }
}
