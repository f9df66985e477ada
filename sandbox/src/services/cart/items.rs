//! The items of a cart.

use super::endpoints::{location, not_found, site, touched, visible};
use super::view;
use crate::seed::money::Currency;
use crate::seed::products::{self, Product};
use crate::seed::tenant::Tenant;
use crate::services::call::{Call, text};
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::carts::{Cart, Order};
use serde_json::{Value, json};

/// `GET /cart/{tenant}/carts/{cartId}/items`
pub(crate) fn items(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    Ok(Reply::json(200, &view::items(cart)))
}

/// `POST /cart/{tenant}/carts/{cartId}/items`
pub(crate) fn add_item(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let (id, tenant) = (cart.id.clone(), cart.criteria.tenant);
    if let Some(code) = call.query("siteCode") {
        site(&code)?;
    }
    let order = order(&call.body()?, tenant, cart.currency)?;
    let yrn = order.yrn.clone();
    let now = world.now();
    let cart = world.carts.get_mut(&id).ok_or_else(|| not_found(&id))?;
    let item = cart.add(order, now);
    let location = format!("{}/items/{item}", location(tenant, &id));
    Ok(Reply::json(201, &json!({ "itemId": item, "yrn": yrn })).header("Location", location))
}

/// `PUT /cart/{tenant}/carts/{cartId}/items/{itemId}`: the quantity is all that can change here.
pub(crate) fn change_item(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let quantity = quantity(&call.body()?)?;
    let (id, position) = (cart.id.clone(), item_position(cart, call.param("itemId"))?);
    touched(world, &id)?.items[position].quantity = quantity;
    Ok(Reply::empty(204))
}

/// `DELETE /cart/{tenant}/carts/{cartId}/items/{itemId}`
pub(crate) fn remove_item(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let cart = visible(world, call, call.param("cartId"))?;
    let (id, position) = (cart.id.clone(), item_position(cart, call.param("itemId"))?);
    touched(world, &id)?.items.remove(position);
    Ok(Reply::empty(204))
}

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

pub(super) fn item_position(cart: &Cart, item: &str) -> Result<usize, Problem> {
    cart.items
        .iter()
        .position(|candidate| candidate.id == item)
        .ok_or_else(|| {
            Problem::new(
                404,
                format!("Cart item not found in cart {} with code {item}", cart.id),
            )
        })
}

/// What is to be added. The amounts in the body are for show: the platform knows its prices.
pub(super) fn order(body: &Value, tenant: Tenant, currency: Currency) -> Result<Order, Problem> {
    let yrn = text(body, "itemYrn")?
        .or_else(|| body["product"]["yrn"].as_str())
        .ok_or_else(|| Problem::missing("itemYrn"))?;
    if !products::is_yrn(yrn) {
        return Err(Problem::new(
            400,
            "Given yrn does not match yaas urn scheme",
        ));
    }
    let product = products::find_by_yrn(yrn, tenant)
        .ok_or_else(|| Problem::invalid("itemYrn", format!("There is no product {yrn}")))?;
    check_price(&body["price"], product, currency)?;
    let separate = body["keepAsSeparateLineItem"].as_bool().unwrap_or_default();
    Ok(Order {
        product,
        yrn: yrn.to_owned(),
        quantity: quantity(body)?,
        separate,
    })
}

fn check_price(price: &Value, product: &Product, currency: Currency) -> Result<(), Problem> {
    if !price.is_object() {
        return Err(Problem::missing("price"));
    }
    match text(price, "priceId")? {
        None => Err(Problem::missing("price.priceId")),
        Some(id) if id != product.price_id(currency) => Err(Problem::invalid(
            "price.priceId",
            format!("{id} is no price of {} in {}", product.id, currency.code()),
        )),
        Some(_) => Ok(()),
    }
}

pub(super) fn quantity(body: &Value) -> Result<f64, Problem> {
    match &body["quantity"] {
        Value::Null => Err(Problem::missing("quantity")),
        quantity => quantity
            .as_f64()
            .filter(|quantity| *quantity >= 0.0)
            .ok_or_else(|| Problem::invalid("quantity", "quantity must be a number of at least 0")),
    }
}
