//! Several items of a cart at once. Each succeeds or fails by itself.

use super::endpoints::{location, not_found, visible};
use super::items::{item_position, order, quantity};
use crate::services::call::{Call, text};
use crate::wire::problem::{Problem, reason};
use crate::wire::reply::Reply;
use crate::world::World;
use serde_json::{Value, json};

const MOST_NEW: usize = 200;
const MOST_CHANGED: usize = 50;

/// `POST /cart/{tenant}/carts/{cartId}/itemsBatch`
pub(crate) fn add_items(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let (id, tenant, currency) = (cart.id.clone(), cart.criteria.tenant, cart.currency);
    let items = call.list(MOST_NEW)?;
    let now = world.now();
    let cart = world.carts.get_mut(&id).ok_or_else(|| not_found(&id))?;
    let mut add = |item: &Value| {
        let order = order(item, tenant, currency)?;
        let yrn = order.yrn.clone();
        Ok::<_, Problem>((cart.add(order, now), yrn))
    };
    let answers = items
        .iter()
        .enumerate()
        .map(|(index, item)| match add(item) {
            Ok((item, yrn)) => json!({
                "index": index,
                "status": 201,
                "id": item,
                "yrn": yrn,
                "headers": { "location": format!("{}/items/{item}", location(tenant, &id)) },
            }),
            Err(problem) => json!({
                "index": index,
                "status": problem.status(),
                "errorMessage": problem.message(),
            }),
        });
    Ok(Reply::json(200, &answers.collect::<Value>()))
}

/// `PUT /cart/{tenant}/carts/{cartId}/itemsBatch`: the quantity is all that can change here.
pub(crate) fn change_items(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    let items = call.list(MOST_CHANGED)?;
    let now = world.now();
    let cart = world.carts.get_mut(&id).ok_or_else(|| not_found(&id))?;
    let mut change = |item: &Value| {
        let item_id = text(item, "id")?.ok_or_else(|| Problem::missing("id"))?;
        let position = item_position(cart, item_id)?;
        cart.items[position].quantity = quantity(item)?;
        cart.touch(now);
        Ok::<_, Problem>(())
    };
    let answers = items.iter().enumerate().map(|(index, item)| {
        let mut answer = match change(item) {
            Ok(()) => json!({ "code": 204, "status": "No Content" }),
            Err(problem) => json!({
                "code": problem.status(),
                "status": reason(problem.status(), call.service),
                "message": problem.message(),
            }),
        };
        answer["index"] = index.into();
        if item["id"].is_string() {
            answer["id"] = item["id"].clone();
        }
        answer
    });
    Ok(Reply::json(207, &answers.collect::<Value>()))
}
