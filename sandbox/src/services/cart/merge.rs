//! Guests' carts that go into a customer's.

use super::endpoints::{take_in_hand, visible};
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::carts::Owner;

/// `POST /cart/{tenant}/carts/{cartId}/merge`: guests' carts go into a customer's. All are checked before one moves.
pub(crate) fn merge(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let target = visible(world, call, call.param("cartId"))?;
    if matches!(target.criteria.owner, Owner::Session(_)) {
        return Err(Problem::new(
            400,
            "The cart to merge into must belong to a logged in customer.",
        ));
    }
    let target = target.id.clone();
    let body = call.body()?;
    let carts = body["carts"].as_array().filter(|carts| !carts.is_empty());
    let mut sources = Vec::new();
    for source in carts.ok_or_else(|| Problem::missing("carts"))? {
        let id = source
            .as_str()
            .ok_or_else(|| Problem::invalid("carts", "carts must be a list of cart ids"))?;
        if id == target {
            return Err(Problem::new(400, "Cart cannot be merged into itself"));
        }
        let source = visible(world, call, id)?;
        if matches!(source.criteria.owner, Owner::Customer(_)) {
            return Err(Problem::invalid(
                "carts",
                format!("Cart {id} does not belong to an anonymous customer"),
            ));
        }
        sources.push(source.id.clone());
    }
    let now = world.now();
    for source in &sources {
        world.carts.merge(source, &target, now);
        world.contexts.drop_cart(source, now);
    }
    take_in_hand(world, call, &target);
    Ok(Reply::empty(200))
}
