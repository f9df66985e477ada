//! Orders. There is no official spec for them at hand; the fields are those that storefronts read.

use crate::call::Call;
use crate::catalogue::{CURRENCY, Product};
use crate::clock::iso;
use crate::companies::CompanyId;
use crate::customers::{CustomerId, Customers};
use crate::money::Cents;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::state::OrderState;
use crate::tokens::Identity;
use serde_json::{Value, json};

/// The number in the first order's id.
const FIRST_NUMBER: usize = 1001;

/// What somebody has bought.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) cart_id: String,
    /// None for a guest.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) session_id: Option<String>,
    pub(crate) company: Option<CompanyId>,
    pub(crate) site: &'static str,
    pub(crate) lines: Vec<Line>,
    pub(crate) created_at: u64,
}

/// One product of an order.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) product: &'static Product,
    pub(crate) quantity: f64,
    pub(crate) unit: Cents,
    pub(crate) total: Cents,
}

/// All orders, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Orders(Vec<Order>);

impl Orders {
    /// The id of the next order.
    pub(crate) fn next_id(&self) -> String {
        format!("EON{}", FIRST_NUMBER + self.0.len())
    }

    pub(crate) fn add(&mut self, order: Order) {
        self.0.push(order);
    }

    pub(crate) fn state(&self, customers: &Customers) -> Vec<OrderState> {
        self.0
            .iter()
            .map(|order| OrderState {
                id: order.id.clone(),
                cart_id: order.cart_id.clone(),
                customer_number: order.customer.map(|id| customers.get(id).number.clone()),
                session_id: order.session_id.clone(),
                legal_entity_id: order.company.map(|id| id.company().id.to_owned()),
                site_code: order.site.to_owned(),
                total_price: order.total().amount(),
            })
            .collect()
    }
}

impl Order {
    fn total(&self) -> Cents {
        self.lines.iter().map(|line| line.total).sum()
    }

    fn view(&self, customers: &Customers) -> Value {
        let entries = self.lines.iter().enumerate().map(|(index, line)| {
            json!({
                "id": index.to_string(),
                "product": { "id": line.product.id, "name": line.product.name },
                "itemYrn": line.product.yrn(),
                "orderedAmount": line.quantity,
                "unitPrice": line.unit.amount(),
                "totalPrice": line.total.amount(),
            })
        });
        let mut view = json!({
            "id": self.id,
            "status": "CREATED",
            "created": iso(self.created_at),
            "cartId": self.cart_id,
            "siteCode": self.site,
            "currency": CURRENCY,
            "entries": entries.collect::<Value>(),
            "totalPrice": self.total().amount(),
            "metadata": { "version": 1, "createdAt": iso(self.created_at), "modifiedAt": iso(self.created_at) },
        });
        view["customer"] = match self.customer {
            Some(id) => {
                let customer = customers.get(id);
                json!({ "id": customer.number, "email": customer.email })
            }
            None => json!({ "guest": true }),
        };
        if let Some(company) = self.company {
            view["legalEntityId"] = company.company().id.into();
        }
        view
    }
}

/// `GET /order-v2/{tenant}/orders`: the customer's own ones, whatever the company.
pub(crate) fn own(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let customer = customer(call)?;
    page(platform, call, |order| order.customer == Some(customer))
}

/// `GET /order-v2/{tenant}/orders/{orderId}`
pub(crate) fn one(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let (id, customer) = (call.param("orderId"), customer(call)?);
    let mut orders = platform.orders.0.iter();
    let order = orders
        .find(|order| order.id == id && order.customer == Some(customer))
        .ok_or_else(|| Problem::new(404, format!("Order with id {id} not found.")))?;
    Ok(Reply::json(200, &order.view(&platform.customers)))
}

/// `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}`: everybody's, for the company in the token.
pub(crate) fn of_company(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let company = call
        .caller()?
        .company
        .filter(|id| id.company().id == call.param("legalEntityId"))
        .ok_or_else(|| call.forbidden())?;
    page(platform, call, |order| order.company == Some(company))
}

fn customer(call: &Call) -> Result<CustomerId, Problem> {
    match call.caller()?.identity {
        Identity::Customer(id) => Ok(id),
        Identity::Guest | Identity::Service => Err(call.forbidden()),
    }
}

fn page(
    platform: &Platform,
    call: &Call,
    is_meant: impl Fn(&Order) -> bool,
) -> Result<Reply, Problem> {
    let orders = platform.orders.0.iter().filter(|order| is_meant(order));
    call.page(
        orders
            .map(|order| order.view(&platform.customers))
            .collect(),
    )
}
