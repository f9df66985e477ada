//! How a guest becomes a registered customer.

use super::fields::{merge_details, text};
use super::{addresses, default_details, sign_in};
use crate::call::Call;
use crate::mails::{Errand, MailKind};
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use serde_json::{Value, json};

/// `POST /customer/{tenant}/signup`: the customer can log in at once; a token to confirm the address goes out by mail.
pub(crate) fn sign_up(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let tenant = call.caller()?.tenant;
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    let password = text(&body, "password", 1)?;
    let details = object(&body, "customerDetails")?;
    let address = object(&body, "customerAddress")?;
    if details["contactEmail"]
        .as_str()
        .is_some_and(|contact| contact != email)
    {
        return Err(Problem::invalid(
            "customerDetails.contactEmail",
            "contactEmail must be the same as email",
        ));
    }
    if !address.is_null() {
        text(address, "contactName", 1)?;
    }
    let (login, password) = match object(&body, "signup")? {
        Value::Null => (email, password),
        login => (text(login, "email", 1)?, text(login, "password", 6)?),
    };
    if platform.customers.find_by_email(tenant, login).is_some() {
        return Err(Problem::new(
            409,
            format!(
                "Duplicate account '{login}' for tenant '{}'.",
                tenant.name()
            ),
        ));
    }
    let details = merge_details(&default_details(email), details)?;

    let id = platform.customers.add(tenant, login, password, details);
    if !address.is_null() {
        addresses::register(platform, id, address)?;
    }
    platform
        .mails
        .send(&mut platform.random, email, id, Errand::OptIn);
    let number = &platform.customers.get(id).number;
    Ok(Reply::json(201, &json!({ "id": number })))
}

/// `GET /customer/{tenant}/signup/optin/{token}`: confirms the address and logs the customer in. As in the official
/// example, the answer has no session id.
pub(crate) fn opt_in(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let token = call.param("token");
    let (id, _) = platform
        .mails
        .open(token, MailKind::OptIn)
        .filter(|(id, _)| platform.customers.get(*id).tenant == guest.tenant)
        .ok_or_else(|| Problem::invalid("token", "The token is not valid"))?;
    platform.mails.spend(token);
    platform.customers.get_mut(id).opted_in = true;
    let (grant, saas_token) = sign_in(platform, guest, id);
    Ok(grant.opt_in_reply(platform, saas_token))
}

/// `POST /customer/{tenant}/signup/optin/refresh_token`: says nothing of whether there is such a customer.
pub(crate) fn mail_opt_in(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    if let Some(id) = platform
        .customers
        .find_by_email(call.caller()?.tenant, email)
        && !platform.customers.get(id).opted_in
    {
        platform
            .mails
            .send(&mut platform.random, email, id, Errand::OptIn);
    }
    Ok(Reply::empty(202))
}

/// An optional object of a body.
fn object<'b>(body: &'b Value, field: &'static str) -> Result<&'b Value, Problem> {
    match &body[field] {
        value @ (Value::Null | Value::Object(_)) => Ok(value),
        _ => Err(Problem::invalid(
            field,
            format!("{field} must be an object"),
        )),
    }
}
