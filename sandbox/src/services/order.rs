//! The order service.

use crate::seed::companies::CompanyId;
use crate::seed::money::discounted;
use crate::seed::tenant::Tenant;
use crate::services::call::Call;
use crate::services::route::{OWN_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::clock::iso;
use crate::world::customers::{CustomerId, Customers};
use crate::world::orders::{Line, Order};
use crate::world::tokens::Identity;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/order-v2/{tenant}/orders", Service::Order, OWN_SCOPE, own),
    route("GET", "/order-v2/{tenant}/orders/{orderId}", Service::Order, OWN_SCOPE, one),
    route("GET", "/order-v2/{tenant}/legal-entity-orders/{legalEntityId}", Service::Order, OWN_SCOPE, of_company),
    route("GET", "/order-v2/{tenant}/legal-entity-orders/{legalEntityId}/{orderId}", Service::Order, OWN_SCOPE, one_of_company),
];

/// What can be searched for, the fields in them too.
const FIELDS: [&str; 17] = [
    "id",
    "status",
    "created",
    "lastStatusChange",
    "cartId",
    "siteCode",
    "countryCode",
    "currency",
    "customer",
    "legalEntityId",
    "subTotalPrice",
    "totalPrice",
    "shippingAddress",
    "billingAddress",
    "shipping",
    "mixins",
    "metadata",
];

impl Order {
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
    let customer = customer(call)?;
    find(world, call, |order| order.customer == Some(customer))
}

/// `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}`: everybody's, for the company in the token.
pub(crate) fn of_company(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (tenant, company) = buyers(call)?;
    page(world, call, |order| {
        order.tenant == tenant && order.company == Some(company)
    })
}

/// `GET /order-v2/{tenant}/legal-entity-orders/{legalEntityId}/{orderId}`
pub(crate) fn one_of_company(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let (tenant, company) = buyers(call)?;
    find(world, call, |order| {
        order.tenant == tenant && order.company == Some(company)
    })
}

/// The company in the token, which the path names as well.
fn buyers(call: &Call) -> Result<(Tenant, CompanyId), Problem> {
    let caller = call.caller()?;
    let company = caller
        .company
        .filter(|id| id.company().id == call.param("legalEntityId"))
        .ok_or_else(|| call.forbidden())?;
    Ok((caller.tenant, company))
}

fn customer(call: &Call) -> Result<CustomerId, Problem> {
    match call.caller()?.identity {
        Identity::Customer(id) => Ok(id),
        Identity::Guest | Identity::Service => Err(call.forbidden()),
    }
}

fn find(world: &World, call: &Call, is_meant: impl Fn(&Order) -> bool) -> Result<Reply, Problem> {
    let id = call.param("orderId");
    let mut orders = world.orders.0.iter();
    let order = orders
        .find(|order| order.id == id && is_meant(order))
        .ok_or_else(|| Problem::new(404, format!("Order with id {id} not found.")))?;
    Ok(Reply::json(200, &order.view(&world.customers)))
}

fn page(world: &World, call: &Call, is_meant: impl Fn(&Order) -> bool) -> Result<Reply, Problem> {
    let orders = world.orders.0.iter().filter(|order| is_meant(order));
    let views = orders.map(|order| order.view(&world.customers));
    call.found(views, call.query("q").as_deref(), &FIELDS)
}
