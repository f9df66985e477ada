//! Orders.

use crate::call::Call;
use crate::clock::iso;
use crate::companies::CompanyId;
use crate::coupons::Coupon;
use crate::customers::{CustomerId, Customers};
use crate::money::{Cents, Currency, discounted};
use crate::problem::Problem;
use crate::products::Product;
use crate::reply::Reply;
use crate::state::OrderState;
use crate::tenant::Tenant;
use crate::tokens::Identity;
use crate::world::World;
use serde_json::{Value, json};

/// The number in the first order's id.
const FIRST_NUMBER: usize = 1001;

/// What somebody has bought.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) cart_id: String,
    pub(crate) tenant: Tenant,
    /// None for a guest.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) session_id: Option<String>,
    pub(crate) company: Option<CompanyId>,
    pub(crate) site: &'static str,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
    pub(crate) coupons: Vec<&'static Coupon>,
    pub(crate) terms: Terms,
    pub(crate) created_at: u64,
}

/// What the buyer has said at the checkout, field by field as it was said.
#[derive(Debug)]
pub(crate) struct Terms {
    pub(crate) customer: Value,
    pub(crate) shipping: Value,
    pub(crate) shipping_amount: Cents,
    pub(crate) shipping_address: Value,
    pub(crate) billing_address: Value,
    pub(crate) payment: Value,
}

/// One product of an order.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) product: &'static Product,
    pub(crate) yrn: String,
    pub(crate) quantity: f64,
    pub(crate) list: Cents,
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
    fn sub_total(&self) -> Cents {
        self.lines.iter().map(|line| line.total).sum()
    }

    fn total(&self) -> Cents {
        discounted(self.sub_total(), &self.coupons)
            .price
            .plus(self.terms.shipping_amount)
    }

    /// A custom provider has still to say that it was paid.
    fn status(&self) -> &'static str {
        if self.terms.payment["provider"] == "custom" {
            "IN_CHECKOUT"
        } else {
            "CREATED"
        }
    }

    fn view(&self, customers: &Customers) -> Value {
        let (currency, terms) = (self.currency.code(), &self.terms);
        let entries = self.lines.iter().enumerate();
        let entries = entries.map(|(index, line)| line.view(index, self));
        let shipping = terms.shipping_amount;
        let mut calculated = discounted(self.sub_total(), &self.coupons).calculated();
        calculated["totalShipping"] = shipping.calculated();
        calculated["finalPrice"] = self.total().calculated();
        let payment = &terms.payment;
        let mut view = json!({
            "id": self.id,
            "status": self.status(),
            "created": iso(self.created_at),
            "lastStatusChange": iso(self.created_at),
            "cartId": self.cart_id,
            "siteCode": self.site,
            "countryCode": terms.shipping_address["country"],
            "currency": currency,
            "entries": entries.collect::<Value>(),
            "calculatedPrice": calculated,
            "subTotalPrice": self.sub_total().amount(),
            "totalPrice": self.total().amount(),
            "discounts": self.coupons.iter().map(|coupon| json!({
                "id": coupon.id,
                "code": coupon.code,
                "name": coupon.name,
                "discountRate": coupon.percent,
                "calculationType": "ApplyDiscountAfterTax",
                "currency": currency,
            })).collect::<Value>(),
            "shippingAddress": terms.shipping_address,
            "billingAddress": terms.billing_address,
            "shipping": {
                "total": { "amount": shipping.amount(), "currency": currency },
                "lines": [{
                    "code": terms.shipping["methodId"],
                    "name": terms.shipping["methodName"],
                    "amount": shipping.amount(),
                    "currency": currency,
                }],
            },
            "payments": [{
                "provider": payment["provider"],
                "method": payment["method"].as_str().or(payment["provider"].as_str()),
                "paidAmount": 0,
                "currency": currency,
            }],
            "mixins": {},
            "metadata": { "version": 1, "createdAt": iso(self.created_at), "modifiedAt": iso(self.created_at) },
        });
        view["customer"] = self.buyer(customers);
        if let Some(company) = self.company {
            view["legalEntityId"] = company.company().id.into();
        }
        view
    }

    /// The buyer as told at the checkout, with the number in the token.
    fn buyer(&self, customers: &Customers) -> Value {
        let mut buyer = json!({});
        for field in [
            "email",
            "name",
            "title",
            "firstName",
            "middleName",
            "lastName",
            "contactPhone",
            "company",
        ] {
            if self.terms.customer[field].is_string() {
                buyer[field] = self.terms.customer[field].clone();
            }
        }
        match self.customer {
            Some(id) => buyer["id"] = customers.get(id).number.as_str().into(),
            None => {
                buyer["id"] = "ANONYMOUS".into();
                buyer["guest"] = true.into();
            }
        }
        buyer
    }
}

impl Line {
    fn view(&self, index: usize, order: &Order) -> Value {
        let (product, currency) = (self.product, order.currency);
        let amount = whole(self.quantity);
        json!({
            "id": index.to_string(),
            "itemYrn": self.yrn,
            "product": {
                "id": product.id,
                "code": product.id,
                "sku": product.id,
                "name": product.name.en,
                "localizedName": product.name.map(),
                "productType": "BASIC",
                "published": true,
                "images": [],
            },
            "amount": amount,
            "orderedAmount": amount,
            "effectiveQuantity": self.quantity,
            "price": product.price_row(order.company, currency),
            "originalAmount": self.list.amount(),
            "originalPrice": self.list.amount(),
            "unitPrice": self.unit.amount(),
            "totalPrice": self.total.amount(),
            "calculatedUnitPrice": self.unit.calculated(),
            "calculatedPrice": { "price": self.total.calculated(), "finalPrice": self.total.calculated() },
        })
    }
}

/// An order's amounts are whole numbers where they can be.
fn whole(quantity: f64) -> Value {
    if quantity.fract() == 0.0 && quantity < 9e15 {
        (quantity as u64).into()
    } else {
        quantity.into()
    }
}

/// `GET /order-v2/{tenant}/orders`: the customer's own ones, whatever the company.
pub(crate) fn own(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let customer = customer(call)?;
    page(world, call, |order| order.customer == Some(customer))
}

/// `GET /order-v2/{tenant}/orders/{orderId}`
pub(crate) fn one(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (id, customer) = (call.param("orderId"), customer(call)?);
    let mut orders = world.orders.0.iter();
    let order = orders
        .find(|order| order.id == id && order.customer == Some(customer))
        .ok_or_else(|| Problem::new(404, format!("Order with id {id} not found.")))?;
    Ok(Reply::json(200, &order.view(&world.customers)))
}

/// `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}`: everybody's, for the company in the token.
pub(crate) fn of_company(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let company = call
        .caller()?
        .company
        .filter(|id| id.company().id == call.param("legalEntityId"))
        .ok_or_else(|| call.forbidden())?;
    let tenant = call.caller()?.tenant;
    page(world, call, |order| {
        order.tenant == tenant && order.company == Some(company)
    })
}

fn customer(call: &Call) -> Result<CustomerId, Problem> {
    match call.caller()?.identity {
        Identity::Customer(id) => Ok(id),
        Identity::Guest | Identity::Service => Err(call.forbidden()),
    }
}

fn page(world: &World, call: &Call, is_meant: impl Fn(&Order) -> bool) -> Result<Reply, Problem> {
    let orders = world.orders.0.iter().filter(|order| is_meant(order));
    call.page(orders.map(|order| order.view(&world.customers)).collect())
}
