//! Opening and finding carts, and whose they are.

use super::view;
use crate::seed::companies::CompanyId;
use crate::seed::money::Currency;
use crate::seed::sites::{self, DEFAULT_SITE, Site};
use crate::seed::tenant::Tenant;
use crate::services::call::{Call, text};
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::caller::Caller;
use crate::world::carts::{Cart, Criteria, Owner};
use crate::world::contexts::Context;
use crate::world::tokens::Identity;
use serde_json::{Value, json};

/// `POST /cart/{tenant}/carts`
pub(crate) fn create(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    let site = site(text(&body, "siteCode")?.unwrap_or(DEFAULT_SITE))?;
    let code = text(&body, "currency")?.ok_or_else(|| Problem::missing("currency"))?;
    let currency = currency(code, site)?;
    let asked = Asked {
        customer: text(&body, "customerId")?,
        session: call
            .request
            .header_value("session-id")
            .filter(|_| call.caller.as_ref().is_some_and(is_backend)),
        company: text(&body, "legalEntityId")?,
    };
    let cart_type = text(&body, "type")?.map(str::to_owned);
    let criteria = criteria(world, call, site, cart_type, &asked)?;
    let is_customers = matches!(call.caller()?.identity, Identity::Customer(_));
    if is_customers && call.request.header_value("saas-token").is_some() {
        // As measured: with a customer's bearer the header, though specified, meets a unique index.
        return Err(Problem::new(
            409,
            "The cart conflicts with one that exists.",
        ));
    }
    if let Some(id) = world.carts.open_id(&criteria) {
        return Err(already_open(id));
    }
    let channel = Some(body["channel"].clone()).filter(Value::is_object);
    let tenant = criteria.tenant;
    let id = open(world, call, criteria, currency, channel)?;
    take_in_hand(world, call, &id);
    let body = json!({ "cartId": id, "yrn": view::cart_yrn(tenant, &id) });
    Ok(Reply::json(201, &body)
        .header("Location", location(tenant, &id))
        .header("Version", "1"))
}

/// `GET /cart/{tenant}/carts?siteCode=…`: the one open cart of these criteria.
pub(crate) fn find(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let site = site(&call.required("siteCode")?)?;
    let (customer, session, company) = (
        call.query("customerId"),
        call.query("sessionId"),
        call.query("legalEntityId"),
    );
    let asked = Asked {
        customer: customer.as_deref(),
        session: session.as_deref(),
        company: company.as_deref(),
    };
    let cart_type = call.query("type").map(|cart_type| cart_type.into_owned());
    let criteria = criteria(world, call, site, cart_type, &asked)?;
    let id = match world.carts.open_id(&criteria) {
        Some(id) => id.clone(),
        None if call.query("create").as_deref() == Some("true") => {
            let currency = chosen_currency(world, call, site);
            open(world, call, criteria, currency, None)?
        }
        None => {
            return Err(Problem::new(
                404,
                "Cart for the specified criteria not found.",
            ));
        }
    };
    take_in_hand(world, call, &id);
    one_by_id(world, &id)
}

/// `GET /cart/{tenant}/carts/{cartId}`
pub(crate) fn one(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let id = visible(world, call, call.param("cartId"))?.id.clone();
    one_by_id(world, &id)
}

/// Whose cart a request asks for; what it leaves open follows from the bearer.
struct Asked<'c> {
    customer: Option<&'c str>,
    session: Option<&'c str>,
    company: Option<&'c str>,
}

fn criteria(
    world: &World,
    call: &Call,
    site: &'static Site,
    cart_type: Option<String>,
    asked: &Asked,
) -> Result<Criteria, Problem> {
    let caller = call.caller()?;
    let owner = owner(world, call, caller, asked)?;
    let company = match asked.company {
        None => None,
        Some(id) => Some(company(world, call, id, &owner)?),
    };
    Ok(Criteria::new(
        caller.tenant,
        site,
        cart_type,
        company,
        owner,
    ))
}

fn owner(world: &World, call: &Call, caller: &Caller, asked: &Asked) -> Result<Owner, Problem> {
    let own_session = |session: &str| caller.session_id.as_deref() == Some(session);
    match (caller.identity, asked.customer, asked.session) {
        (Identity::Service, Some(number), _) => {
            let found = world.customers.find_by_number(caller.tenant, number);
            found
                .map(Owner::Customer)
                .ok_or_else(|| Problem::invalid("customerId", "There is no such customer"))
        }
        (Identity::Service, None, Some(session)) => Ok(Owner::Session(session.to_owned())),
        (Identity::Service, None, None) => Err(Problem::missing("customerId")),
        (Identity::Customer(id), Some(number), _) if world.customers.get(id).number != number => {
            Err(call.forbidden())
        }
        (Identity::Guest, Some(_), _) => Err(call.forbidden()),
        (_, None, Some(session)) if !own_session(session) => Err(Problem::new(
            404,
            "Cart for the specified criteria not found.",
        )),
        (_, None, Some(session)) => Ok(Owner::Session(session.to_owned())),
        (Identity::Customer(id), _, _) => Ok(Owner::Customer(id)),
        (Identity::Guest, None, None) => caller
            .session_id
            .clone()
            .map(Owner::Session)
            .ok_or_else(|| call.forbidden()),
    }
}

/// A company that the owner may buy for. Guests buy for none.
pub(super) fn company(
    world: &World,
    call: &Call,
    id: &str,
    owner: &Owner,
) -> Result<CompanyId, Problem> {
    let Owner::Customer(customer) = owner else {
        return Err(Problem::new(
            400,
            "Anonymous cart cannot be assigned to a legal entity",
        ));
    };
    CompanyId::find(id)
        .filter(|company| world.customers.get(*customer).buys_for(*company))
        .ok_or_else(|| call.forbidden())
}

fn open(
    world: &mut World,
    call: &Call,
    criteria: Criteria,
    currency: Currency,
    channel: Option<Value>,
) -> Result<String, Problem> {
    let session_id = match &criteria.owner {
        Owner::Session(session_id) => Some(session_id.clone()),
        Owner::Customer(_) => call.caller()?.session_id.clone(),
    };
    let now = world.now();
    Ok(world.carts.create(
        &mut world.random,
        criteria,
        session_id,
        currency,
        channel,
        now,
    ))
}

/// Writes the cart into the context of the session that asks for it, for the backend's calls into the cart's own.
pub(super) fn take_in_hand(world: &mut World, call: &Call, id: &str) {
    let callers = call
        .caller
        .as_ref()
        .and_then(|caller| caller.session_id.clone());
    let own = || world.carts.get(id)?.session_id.clone();
    if let Some(session_id) = callers.or_else(own) {
        let now = world.now();
        world.contexts.take_cart(&session_id, id, now);
    }
}

/// An open cart that the caller may see. As measured on the real platform: a customer sees the guest cart of the own
/// session but no other's (404), and a guest is told that a customer's cart is none of the guest's business (403).
pub(super) fn visible<'p>(world: &'p World, call: &Call, id: &str) -> Result<&'p Cart, Problem> {
    let caller = call.caller()?;
    let cart = world
        .carts
        .get(id)
        .filter(|cart| cart.open)
        .ok_or_else(|| not_found(id))?;
    match (caller.identity, &cart.criteria.owner) {
        _ if cart.is_for(caller) => Ok(cart),
        (Identity::Guest, Owner::Customer(_)) => Err(call.forbidden()),
        _ => Err(not_found(id)),
    }
}

/// A cart that is about to be written, and says so.
pub(super) fn touched<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Cart, Problem> {
    let now = world.now();
    let cart = world.carts.get_mut(id).ok_or_else(|| not_found(id))?;
    cart.touch(now);
    Ok(cart)
}

fn one_by_id(world: &World, id: &str) -> Result<Reply, Problem> {
    let cart = world.carts.get(id).ok_or_else(|| not_found(id))?;
    Ok(Reply::json(
        200,
        &view::cart(cart, &world.customers, world.now()),
    ))
}

fn is_backend(caller: &Caller) -> bool {
    caller.identity == Identity::Service
}

pub(super) fn not_found(id: &str) -> Problem {
    Problem::new(404, format!("Cart with code {id} not found."))
}

pub(super) fn location(tenant: Tenant, id: &str) -> String {
    format!("/cart/{}/carts/{id}", tenant.name())
}

pub(super) fn site(code: &str) -> Result<&'static Site, Problem> {
    sites::find(code)
        .ok_or_else(|| Problem::invalid("siteCode", format!("There is no site {code}")))
}

/// A currency that a site sells in.
pub(super) fn currency(code: &str, site: &Site) -> Result<Currency, Problem> {
    Currency::find(code)
        .filter(|currency| site.currencies.contains(currency))
        .ok_or_else(|| {
            let message = format!("currency {code} is not available on site {}", site.code);
            Problem::invalid("currency", message)
        })
}

/// What the session's context was given, where the site sells in it, else the site's own.
fn chosen_currency(world: &World, call: &Call, site: &Site) -> Currency {
    let session_id = || call.caller.as_ref()?.session_id.as_deref();
    session_id()
        .and_then(|session_id| world.contexts.document(session_id))
        .and_then(Context::chosen_currency)
        .filter(|currency| site.currencies.contains(currency))
        .unwrap_or(site.currency)
}

pub(super) fn already_open(id: &str) -> Problem {
    Problem::new(
        409,
        format!("An open cart for the same criteria already exists: {id}."),
    )
}
