//! The customer's own addresses.

use super::fields::write;
use super::profile::own_id;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::customers::{Address, CustomerId};
use serde_json::{Map, Value, json};

const TEXTS: [&str; 13] = [
    "contactName",
    "companyName",
    "street",
    "streetNumber",
    "streetAppendix",
    "extraLine1",
    "extraLine2",
    "extraLine3",
    "extraLine4",
    "zipCode",
    "city",
    "country",
    "state",
];
const PHONE: &str = "contactPhone";

/// Replaces what the body names; `null` removes.
fn write_address(address: &mut Address, body: &Value) -> Result<(), Problem> {
    let mut fields = address.fields.clone();
    for name in TEXTS.into_iter().chain([PHONE]) {
        write(&mut fields, name, body.get(name), Value::is_string)?;
    }
    write(&mut fields, "mixins", body.get("mixins"), Value::is_object)?;
    match &body["tags"] {
        Value::Null => {}
        tags => address.tags = read_tags(tags)?,
    }
    address.fields = fields;
    Ok(())
}

/// A new address from a body. A customer's first one is the default.
pub(super) fn register(
    world: &mut World,
    owner: CustomerId,
    body: &Value,
) -> Result<String, Problem> {
    let mut address = Address {
        id: world.random.document_id()[..10].to_owned(),
        fields: Map::new(),
        tags: Vec::new(),
        is_default: false,
    };
    write_address(&mut address, body)?;
    let addresses = &mut world.customers.get_mut(owner).addresses;
    address.is_default = addresses.is_empty();
    let id = address.id.clone();
    addresses.push(address);
    Ok(id)
}

/// `POST /customer/{tenant}/me/addresses`
pub(crate) fn add_address(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = register(world, own_id(call)?, &call.body()?)?;
    Ok(Reply::json(201, &json!({ "id": id })))
}

/// `GET /customer/{tenant}/me/addresses`
pub(crate) fn addresses(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let customer = world.customers.get(own_id(call)?);
    let views: Value = customer.addresses.iter().map(Address::view).collect();
    Ok(Reply::json(200, &views))
}

/// `GET /customer/{tenant}/me/addresses/{addressId}`
pub(crate) fn address(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (addresses, position) = own_address(world, call)?;
    Ok(Reply::json(200, &addresses[position].view()))
}

/// `PATCH` and `PUT /customer/{tenant}/me/addresses/{addressId}`
pub(crate) fn change_address(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (addresses, position) = own_address(world, call)?;
    let body = call.body()?;
    let default = match &body["isDefault"] {
        Value::Null => None,
        Value::Bool(default) => Some(*default),
        _ => {
            return Err(Problem::invalid(
                "isDefault",
                "isDefault must be true or false",
            ));
        }
    };
    write_address(&mut addresses[position], &body)?;
    if default == Some(true) {
        for address in addresses.iter_mut() {
            address.is_default = false;
        }
    }
    if let Some(default) = default {
        addresses[position].is_default = default;
    }
    Ok(Reply::empty(200))
}

/// `DELETE /customer/{tenant}/me/addresses/{addressId}`
pub(crate) fn remove_address(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (addresses, position) = own_address(world, call)?;
    addresses.remove(position);
    Ok(Reply::empty(204))
}

/// `POST /customer/{tenant}/me/addresses/{addressId}/tags?tags=…`
pub(crate) fn add_tags(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (addresses, position) = own_address(world, call)?;
    let tags = call.required("tags")?;
    for tag in tags.split(',').filter(|tag| !tag.is_empty()) {
        if !addresses[position].has_tag(tag) {
            addresses[position].tags.push(tag.to_owned());
        }
    }
    Ok(Reply::empty(204))
}

/// `DELETE /customer/{tenant}/me/addresses/{addressId}/tags?tags=…`
pub(crate) fn remove_tags(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (addresses, position) = own_address(world, call)?;
    let tags = call.required("tags")?;
    addresses[position]
        .tags
        .retain(|tag| tags.split(',').all(|removed| removed != tag));
    Ok(Reply::empty(204))
}

fn own_address<'p>(
    world: &'p mut World,
    call: &Call,
) -> Result<(&'p mut Vec<Address>, usize), Problem> {
    let customer = world.customers.get_mut(own_id(call)?);
    let id = call.param("addressId");
    let position = customer
        .addresses
        .iter()
        .position(|address| address.id == id)
        .ok_or_else(|| {
            let number = &customer.number;
            Problem::new(404, format!("Address {id} of customer {number} not found."))
        })?;
    Ok((&mut customer.addresses, position))
}

fn read_tags(tags: &Value) -> Result<Vec<String>, Problem> {
    let texts = tags.as_array().and_then(|tags| {
        let text = |tag: &Value| tag.as_str().map(str::to_owned);
        tags.iter().map(text).collect()
    });
    texts.ok_or_else(|| Problem::invalid("tags", "tags must be a list of texts"))
}
