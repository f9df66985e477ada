//! The coupons on a cart.

use super::endpoints::{location, touched, visible};
use super::view;
use crate::seed::coupons;
use crate::services::call::{Call, text};
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use serde_json::json;

/// `GET /cart/{tenant}/carts/{cartId}/discounts`
pub(crate) fn discounts(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    Ok(Reply::json(200, &view::discounts(cart)))
}

/// `POST /cart/{tenant}/carts/{cartId}/discounts`: what a coupon is worth is the platform's to know, whatever the body says.
pub(crate) fn apply_discount(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let body = call.body()?;
    let code = text(&body, "code")?
        .filter(|code| !code.is_empty())
        .ok_or_else(|| Problem::missing("code"))?;
    if let Some(currency) = text(&body, "currency")?
        && currency != cart.currency.code()
    {
        let message = format!(
            "Discount currency is {currency} and is not equal to cart currency {}.",
            cart.currency.code()
        );
        return Err(Problem::invalid("currency", message));
    }
    // As measured, an unknown code is 404.
    let coupon = coupons::find(code)
        .ok_or_else(|| Problem::new(404, format!("Coupon with code {code} not found.")))?;
    if cart.coupons.contains(&coupon) {
        return Err(Problem::new(
            409,
            format!("Another discount already exists in cart. Discount code found: {code}"),
        ));
    }
    let id = cart.id.clone();
    let cart = touched(world, &id)?;
    let index = cart.coupons.len();
    cart.coupons.push(coupon);
    let tenant = cart.criteria.tenant;
    let body = json!({
        "discountId": coupon.id,
        "discountIndex": index,
        "yrn": view::discount_yrn(tenant, coupon),
    });
    let location = format!("{}/discounts/{index}", location(tenant, &id));
    Ok(Reply::json(201, &body).header("Location", location))
}

/// `DELETE /cart/{tenant}/carts/{cartId}/discounts`: those with the codes, without them all.
pub(crate) fn remove_discounts(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    let codes = call.query("codes").filter(|codes| !codes.is_empty());
    let cart = touched(world, &id)?;
    cart.coupons.retain(|coupon| match &codes {
        Some(codes) => codes.split(',').all(|code| code.trim() != coupon.code),
        None => false,
    });
    Ok(Reply::empty(204))
}

/// `DELETE /cart/{tenant}/carts/{cartId}/discounts/{discountIndex}`
pub(crate) fn remove_discount(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let index = call.param("discountIndex");
    let position = index.parse().ok().filter(|it| *it < cart.coupons.len());
    let position: usize = position.ok_or_else(|| {
        Problem::new(
            404,
            format!("Discount not found in cart {} with index {index}", cart.id),
        )
    })?;
    let id = cart.id.clone();
    touched(world, &id)?.coupons.remove(position);
    Ok(Reply::empty(204))
}
