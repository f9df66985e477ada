//! What else can be done with the items of a cart.

use super::endpoints::{item_position, touched, visible};
use super::view;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;

/// `GET /cart/{tenant}/carts/{cartId}/items/{itemId}`
pub(crate) fn item(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let position = item_position(cart, call.param("itemId"))?;
    Ok(Reply::json(200, &view::item(cart, &cart.items[position])))
}

/// `DELETE /cart/{tenant}/carts/{cartId}/items`
pub(crate) fn remove_all_items(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    touched(world, &id)?.items.clear();
    Ok(Reply::empty(204))
}
