//! The session context service, for the session in the caller's token.

use super::{COMPANY_ATTRIBUTE, Context};
use crate::call::Call;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use serde_json::{Value, json};

/// `GET /session-context/{tenant}/me/context`
pub(crate) fn own(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let session_id = session(call)?;
    let context = platform
        .contexts
        .document(session_id)
        .ok_or_else(|| Problem::no_context(session_id))?;
    Ok(Reply::json(
        200,
        &context.view(session_id, &platform.customers),
    ))
}

/// `PATCH /session-context/{tenant}/me/context`: what is named is replaced, what is not the caller's is ignored.
pub(crate) fn change(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let now = platform.now();
    let context = document(platform, call)?;
    let body = call.body()?;
    let version = body["metadata"]["version"]
        .as_u64()
        .ok_or_else(|| Problem::missing("metadata.version"))?;
    let site_code = text(&body, "siteCode")?;
    let currency = text(&body, "currency")?;
    let target_location = text(&body, "targetLocation")?;
    let language = text(&body, "language")?;
    let attributes = match &body["context"] {
        Value::Null => None,
        Value::Object(attributes) => Some(attributes),
        _ => return Err(Problem::invalid("context", "context must be an object")),
    };
    if version != context.version {
        return Err(Problem::stale_version());
    }
    let chosen = &mut context.chosen;
    for (field, value) in [
        (&mut chosen.site_code, site_code),
        (&mut chosen.currency, currency),
        (&mut chosen.target_location, target_location),
        (&mut chosen.language, language),
    ] {
        if let Some(value) = value {
            *field = Some(value.to_owned());
        }
    }
    if let Some(attributes) = attributes {
        context.attributes = attributes.clone();
        context.attributes.remove(COMPANY_ATTRIBUTE);
    }
    context.touch(now);
    Ok(Reply::empty(204))
}

/// `POST /session-context/{tenant}/me/context/attributes`
pub(crate) fn add_attribute(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let now = platform.now();
    let context = document(platform, call)?;
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
    Ok(Reply::json(201, &json!(key)))
}

/// `DELETE /session-context/{tenant}/me/context/attributes/{name}`
pub(crate) fn remove_attribute(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let now = platform.now();
    let context = document(platform, call)?;
    let name = call.param("name");
    check_key(name)?;
    if context.attributes.remove(name).is_some() {
        context.touch(now);
    }
    Ok(Reply::empty(204))
}

fn session<'c>(call: &'c Call) -> Result<&'c str, Problem> {
    let session_id = call.caller()?.session_id.as_deref();
    session_id.ok_or_else(|| call.forbidden())
}

fn document<'p>(platform: &'p mut Platform, call: &Call) -> Result<&'p mut Context, Problem> {
    let session_id = session(call)?;
    platform
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
