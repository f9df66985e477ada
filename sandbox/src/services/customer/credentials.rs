//! What a customer logs in with, and how it changes. Tokens from before live on: no source says otherwise.

use super::fields::{optional, text};
use super::profile::own_id;
use crate::seed::tenant::Tenant;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::mails::{Errand, MailKind};
use serde_json::Value;

/// A login needs as many characters.
const MIN_PASSWORD: usize = 6;

/// `POST /customer/{tenant}/password/reset`: says nothing of whether there is such a customer.
pub(crate) fn mail_password_reset(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    optional(&body, "site")?;
    if let Some(id) = world.customers.find_by_email(call.caller()?.tenant, email) {
        world
            .mails
            .send(&mut world.random, email, id, Errand::PasswordReset);
    }
    Ok(Reply::empty(204))
}

/// `POST /customer/{tenant}/password/reset/update`
pub(crate) fn reset_password(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let token = text(&body, "token", 1)?;
    let tenant = call.caller()?.tenant;
    let password = text(&body, "password", MIN_PASSWORD)?;
    let (id, _) = world
        .mails
        .open(token, MailKind::PasswordReset)
        .filter(|(id, _)| world.customers.get(*id).tenant == tenant)
        .ok_or_else(unknown_token)?;
    world.mails.spend(token);
    world.customers.get_mut(id).password = password.to_owned();
    Ok(Reply::empty(204))
}

/// `POST /customer/{tenant}/password/change`
pub(crate) fn change_password(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let current = text(&body, "currentPassword", 1)?;
    let next = text(&body, "newPassword", MIN_PASSWORD)?;
    let customer = world.customers.get_mut(own_id(call)?);
    if customer.password != current {
        // As measured: neither the service's own error nor a gateway fault.
        return Err(Problem::Text {
            status: 401,
            text: "The current password is not correct.",
        });
    }
    customer.password = next.to_owned();
    Ok(Reply::empty(204))
}

/// `POST /customer/{tenant}/me/accounts/internal/email/change`: the token goes to the new address.
pub(crate) fn mail_email_change(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let email = text(&body, "email", 1)?;
    let password = text(&body, "password", 1)?;
    let new_email = text(&body, "newEmail", 1)?;
    let sync_contact_email = match &body["syncContactEmail"] {
        Value::Null => false,
        Value::Bool(sync) => *sync,
        _ => {
            return Err(Problem::invalid(
                "syncContactEmail",
                "syncContactEmail must be true or false",
            ));
        }
    };
    let id = own_id(call)?;
    let customer = world.customers.get(id);
    if !customer.email.eq_ignore_ascii_case(email) || customer.password != password {
        return Err(Problem::new(401, "The email or password is not correct."));
    }
    check_free(world, customer.tenant, new_email)?;
    let errand = Errand::EmailChange {
        new_email: new_email.to_owned(),
        sync_contact_email,
    };
    world.mails.send(&mut world.random, new_email, id, errand);
    Ok(Reply::empty(204))
}

/// `POST /customer/{tenant}/me/accounts/internal/email/change/confirm`
pub(crate) fn change_email(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let token = text(&body, "token", 1)?;
    let tenant = call.caller()?.tenant;
    let (id, errand) = world
        .mails
        .open(token, MailKind::EmailChange)
        .filter(|(id, _)| world.customers.get(*id).tenant == tenant)
        .ok_or_else(unknown_token)?;
    let Errand::EmailChange {
        new_email,
        sync_contact_email,
    } = errand.clone()
    else {
        return Err(unknown_token());
    };
    // Somebody may have taken the address while the mail was on its way.
    check_free(world, tenant, &new_email)?;
    world.mails.spend(token);
    let customer = world.customers.get_mut(id);
    if sync_contact_email {
        let contact = new_email.clone().into();
        customer.details.insert("contactEmail".to_owned(), contact);
        customer.version += 1;
    }
    customer.email = new_email;
    Ok(Reply::empty(204))
}

fn unknown_token() -> Problem {
    Problem::invalid("token", "The token is not valid")
}

fn check_free(world: &World, tenant: Tenant, email: &str) -> Result<(), Problem> {
    match world.customers.find_by_email(tenant, email) {
        None => Ok(()),
        Some(_) => Err(Problem::invalid(
            "newEmail",
            "There is an account with this email",
        )),
    }
}
