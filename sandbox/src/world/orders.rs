//! Orders.

use crate::seed::companies::CompanyId;
use crate::seed::coupons::Coupon;
use crate::seed::money::{Cents, Currency, discounted};
use crate::seed::products::Product;
use crate::seed::tenant::Tenant;
use crate::world::customers::CustomerId;
use serde_json::Value;

/// The number in the first order's id.
pub(crate) const FIRST_NUMBER: usize = 1001;

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
pub(crate) struct Orders(pub(crate) Vec<Order>);

impl Orders {
    /// The id of the next order.
    pub(crate) fn next_id(&self) -> String {
        format!("EON{}", FIRST_NUMBER + self.0.len())
    }

    pub(crate) fn add(&mut self, order: Order) {
        self.0.push(order);
    }
}

impl Order {
    pub(crate) fn sub_total(&self) -> Cents {
        self.lines.iter().map(|line| line.total).sum()
    }

    pub(crate) fn total(&self) -> Cents {
        discounted(self.sub_total(), &self.coupons)
            .price
            .plus(self.terms.shipping_amount)
    }

    /// A custom provider has still to say that it was paid.
    pub(crate) fn status(&self) -> &'static str {
        if self.terms.payment["provider"] == "custom" {
            "IN_CHECKOUT"
        } else {
            "CREATED"
        }
    }
}
