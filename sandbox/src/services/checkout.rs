//! From a cart to an order.

mod form;

use crate::services::call::Call;
use crate::services::route::{Route, SHOPPER_SCOPE, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::caller::Caller;
use crate::world::carts::Cart;
use crate::world::customers::CustomerId;
use crate::world::orders::Order;
use crate::world::saas;
use crate::world::tokens::Identity;
use form::Form;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/checkout/{tenant}/checkouts/order", Service::Checkout, SHOPPER_SCOPE, order),
];

/// `POST /checkout/{tenant}/checkouts/order`: all is checked before the cart closes.
pub(crate) fn order(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let customer = check_saas_token(world, call, caller)?;
    let body = call.body()?;
    if body["cartId"].is_null()
        && let Some(quote) = body["quoteId"].as_str()
    {
        return Err(Problem::invalid(
            "quoteId",
            format!("There is no quote {quote}"),
        ));
    }
    let cart_id = body["cartId"]
        .as_str()
        .filter(|id| !id.is_empty())
        .ok_or_else(|| Problem::missing("cartId"))?;
    check_buyer(world, call, customer, &body["customer"])?;
    let form = Form::read(&body)?;
    let cart = world
        .carts
        .for_checkout(caller, cart_id)
        .ok_or_else(|| Problem::invalid("cartId", format!("Cart {cart_id} not found")))?;
    check_cart(cart, call, caller)?;
    if form
        .currency
        .is_some_and(|currency| currency != cart.currency().code())
    {
        return Err(Problem::invalid(
            "currency",
            "currency is not the currency of the cart",
        ));
    }

    let now = world.now();
    let order = Order {
        id: world.orders.next_id(),
        cart_id: cart_id.to_owned(),
        tenant: caller.tenant,
        customer,
        session_id: caller.session_id.clone(),
        company: cart.company(),
        site: cart.site(),
        currency: cart.currency(),
        lines: cart.lines(),
        coupons: cart.coupons().to_vec(),
        terms: form.terms(),
        created_at: now,
    };
    let answer = json!({
        "orderId": order.id,
        "paymentDetails": {},
        "checkoutId": world.random.document_id(),
    });
    world.carts.order(cart_id, &order.id, now);
    world.contexts.drop_cart(cart_id, now);
    world.orders.add(order);
    Ok(Reply::json(200, &answer))
}

/// A customer proves who it is once more, a guest must not try to. Tells which customer it is.
fn check_saas_token(
    world: &World,
    call: &Call,
    caller: &Caller,
) -> Result<Option<CustomerId>, Problem> {
    let token = call.request.header_value("saas-token");
    match (caller.identity, token) {
        (Identity::Customer(id), Some(token)) => {
            let owner = saas::owner(token, world.now(), &world.signing_key, &world.untold_ends)?;
            if owner == world.customers.get(id).number {
                Ok(Some(id))
            } else {
                Err(call.forbidden())
            }
        }
        (Identity::Customer(_), None) => Err(Problem::missing("saas-token")),
        (_, Some(_)) => Err(Problem::invalid(
            "saas-token",
            "saas-token must be omitted for a guest",
        )),
        (_, None) => Ok(None),
    }
}

/// The buyer in the body must be the one in the token.
fn check_buyer(
    world: &World,
    call: &Call,
    customer: Option<CustomerId>,
    buyer: &Value,
) -> Result<(), Problem> {
    match (customer, buyer["id"].as_str(), &buyer["guest"]) {
        (Some(id), Some(number), _) if world.customers.get(id).number == number => Ok(()),
        (Some(_), Some(_), _) => Err(call.forbidden()),
        (Some(_), None, _) => Err(Problem::missing("customer.id")),
        (None, _, Value::Bool(true)) => Ok(()),
        (None, _, _) => Err(Problem::invalid(
            "customer.guest",
            "customer.guest must be true",
        )),
    }
}

fn check_cart(cart: &Cart, call: &Call, caller: &Caller) -> Result<(), Problem> {
    if let Some(order) = cart.order_id() {
        return Err(Problem::new(
            409,
            format!("Order {order} already exists for the cart."),
        ));
    }
    if !cart.is_open() {
        // As measured. It is no token's fault, so that it says so.
        return Err(Problem::new(401, "The cart is closed."));
    }
    if cart.company().is_some_and(|id| caller.company != Some(id)) {
        return Err(call.forbidden());
    }
    if cart.lines().is_empty() {
        return Err(Problem::invalid("cartId", "The cart is empty"));
    }
    Ok(())
}
