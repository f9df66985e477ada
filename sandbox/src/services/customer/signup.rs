//! How a guest becomes a registered customer.

use super::addresses;
use super::fields::{merge_details, text};
use super::tokens::sign_in;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::customers::default_details;
use crate::world::mails::{Errand, MailKind};
use serde_json::{Value, json};

/// `POST /customer/{tenant}/signup`: the customer can log in at once; a token to confirm the address goes out by mail.
pub(crate) fn sign_up(world: &mut World, call: &Call) -> Result<Reply, Problem> {
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
    if world.customers.find_by_email(tenant, login).is_some() {
        return Err(Problem::new(
            409,
            format!(
                "Duplicate account '{login}' for tenant '{}'.",
                tenant.name()
            ),
        ));
    }
    let details = merge_details(&default_details(email), details)?;

    let id = world.customers.add(tenant, login, password, details);
    if !address.is_null() {
        addresses::register(world, id, address)?;
    }
    world
        .mails
        .send(&mut world.random, email, id, Errand::OptIn);
    let number = &world.customers.get(id).number;
    Ok(Reply::json(201, &json!({ "id": number })))
}

/// `GET /customer/{tenant}/signup/optin/{token}`: confirms the address and logs the customer in. As in the official
/// example, the answer has no session id.
pub(crate) fn opt_in(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let token = call.param("token");
    let (id, _) = world
        .mails
        .open(token, MailKind::OptIn)
        .filter(|(id, _)| world.customers.get(*id).tenant == guest.tenant)
        .ok_or_else(|| Problem::invalid("token", "The token is not valid"))?;
    world.mails.spend(token);
    world.customers.get_mut(id).opted_in = true;
    let (grant, saas_token) = sign_in(world, guest, id);
    Ok(grant.opt_in_reply(world, saas_token))
}

/// `POST /customer/{tenant}/signup/optin/refresh_token`: says nothing of whether there is such a customer.
pub(crate) fn mail_opt_in(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    if let Some(id) = world.customers.find_by_email(call.caller()?.tenant, email)
        && !world.customers.get(id).opted_in
    {
        world
            .mails
            .send(&mut world.random, email, id, Errand::OptIn);
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
