//! What can be done with a cart as a whole.

use super::endpoints::{already_open, company, currency, site, touched, visible};
use crate::services::call::{Call, text};
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::carts::{Criteria, Notes, Owner};
use serde_json::{Value, json};

/// `PUT /cart/{tenant}/carts/{cartId}`: what the body leaves out stays. A cart cannot be given to somebody else.
pub(crate) fn change(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let (id, body) = (cart.id.clone(), call.body()?);
    match &body["metadata"]["version"] {
        Value::Null => {}
        version if version.as_u64() == Some(cart.version) => {}
        version if version.is_u64() => return Err(Problem::stale_version()),
        _ => {
            return Err(Problem::invalid(
                "metadata.version",
                "metadata.version must be a number",
            ));
        }
    }
    let mut criteria = cart.criteria.clone();
    if let Some(number) = text(&body, "customerId")? {
        let Owner::Customer(owner) = criteria.owner else {
            return Err(call.forbidden());
        };
        if world.customers.get(owner).number != number {
            return Err(call.forbidden());
        }
    }
    let currency = match text(&body, "currency")? {
        Some(code) => currency(code, site(criteria.site)?)?,
        None => cart.currency,
    };
    if let Some(cart_type) = text(&body, "type")? {
        criteria.cart_type = Some(cart_type.to_owned());
    }
    if let Some(id) = text(&body, "legalEntityId")? {
        criteria.company = Some(company(world, call, id, &criteria.owner)?);
    }
    let closes = match text(&body, "status")? {
        None | Some("OPEN") => false,
        Some("CLOSED") => true,
        Some(_) => return Err(Problem::invalid("status", "status must be OPEN or CLOSED")),
    };
    let channel = Some(&body["channel"]).filter(|channel| channel.is_object());
    let notes = Notes {
        zip_code: text(&body, "zipCode")?.map(str::to_owned),
        country_code: text(&body, "countryCode")?.map(str::to_owned),
        addresses: addresses(&body["addresses"])?,
        mixins: Some(body["mixins"].clone()).filter(Value::is_object),
    };

    let now = world.now();
    world
        .carts
        .move_to(&id, criteria)
        .map_err(|other| already_open(&other))?;
    let cart = touched(world, &id)?;
    cart.currency = currency;
    cart.channel = channel.cloned().or_else(|| cart.channel.take());
    let former = std::mem::take(&mut cart.notes);
    cart.notes = Notes {
        zip_code: notes.zip_code.or(former.zip_code),
        country_code: notes.country_code.or(former.country_code),
        addresses: match &body["addresses"] {
            Value::Null => former.addresses,
            _ => notes.addresses,
        },
        mixins: notes.mixins.or(former.mixins),
    };
    if closes {
        world.carts.close(&id, now);
        world.contexts.drop_cart(&id, now);
    }
    Ok(Reply::empty(204))
}

/// `DELETE /cart/{tenant}/carts/{cartId}`
pub(crate) fn remove(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    let now = world.now();
    world.carts.remove(&id);
    world.contexts.drop_cart(&id, now);
    Ok(Reply::empty(204))
}

/// `PUT /cart/{tenant}/carts/{cartId}/refresh`: prices are never stale here, but the cart has been written.
pub(crate) fn refresh(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    touched(world, &id)?;
    Ok(Reply::empty(204))
}

/// `POST /cart/{tenant}/carts/{cartId}/changeSite`
pub(crate) fn change_site(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let body = call.body()?;
    let code = text(&body, "siteCode")?.ok_or_else(|| Problem::missing("siteCode"))?;
    let id = cart.id.clone();
    let criteria = Criteria {
        site: site(code)?.code,
        ..cart.criteria.clone()
    };
    world
        .carts
        .move_to(&id, criteria)
        .map_err(|other| already_open(&other))?;
    touched(world, &id)?;
    Ok(Reply::empty(200))
}

/// `POST /cart/{tenant}/carts/{cartId}/changeCurrency`
pub(crate) fn change_currency(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let body = call.body()?;
    let code = text(&body, "currency")?.ok_or_else(|| Problem::missing("currency"))?;
    let currency = currency(code, site(cart.criteria.site)?)?;
    let id = cart.id.clone();
    touched(world, &id)?.currency = currency;
    Ok(Reply::empty(200))
}

/// `GET /cart/{tenant}/carts/{cartId}/validate`: a cart that the platform prices itself cannot hold a wrong price.
pub(crate) fn validate(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    visible(world, call, call.param("cartId"))?;
    Ok(Reply::json(200, &json!({ "isValid": true })))
}

/// The addresses of a body as they are read back: one for each type, others are ignored.
fn addresses(list: &Value) -> Result<Vec<Value>, Problem> {
    let wrong = || Problem::invalid("addresses", "addresses must be a list of objects");
    let list = match list {
        Value::Null => return Ok(Vec::new()),
        list => list.as_array().ok_or_else(wrong)?,
    };
    if !list.iter().all(Value::is_object) {
        return Err(wrong());
    }
    let of_type = |name: &str| list.iter().find(|address| address["type"] == name).cloned();
    let mut kept: Vec<Value> = ["BILLING", "SHIPPING"]
        .into_iter()
        .filter_map(of_type)
        .collect();
    for address in &mut kept {
        address["origin"] = "REQUEST".into();
    }
    Ok(kept)
}
