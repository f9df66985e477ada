//! What else can be done with the items of a cart.

use super::endpoints::{item_position, not_found, visible};
use super::view;
use crate::call::Call;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;

/// `GET /cart/{tenant}/carts/{cartId}/items/{itemId}`
pub(crate) fn item(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(platform, call, call.param("cartId"))?;
    let position = item_position(cart, call.param("itemId"))?;
    Ok(Reply::json(200, &view::item(cart, &cart.items[position])))
}

/// `DELETE /cart/{tenant}/carts/{cartId}/items`
pub(crate) fn remove_all_items(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let id = visible(platform, call, call.param("cartId"))?.id.clone();
    let now = platform.now();
    let cart = platform.carts.get_mut(&id).ok_or_else(|| not_found(&id))?;
    cart.items.clear();
    cart.touch(now);
    Ok(Reply::empty(204))
}
