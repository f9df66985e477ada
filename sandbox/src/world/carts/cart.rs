//! One cart: whose it is, who may see it, what it holds and costs.

use crate::seed::companies::CompanyId;
use crate::seed::coupons::Coupon;
use crate::seed::money::{Cents, Currency, add_quantities};
use crate::seed::products::Product;
use crate::seed::sites::Site;
use crate::seed::tenant::Tenant;
use crate::world::caller::Caller;
use crate::world::customers::CustomerId;
use crate::world::orders::Line;
use crate::world::tokens::Identity;
use serde_json::Value;

/// Whose cart it is. A guest's belongs to the session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Session(String),
    Customer(CustomerId),
}

/// What makes an open cart unique.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Criteria {
    pub(crate) tenant: Tenant,
    pub(crate) site: &'static str,
    pub(crate) cart_type: Option<String>,
    pub(crate) company: Option<CompanyId>,
    pub(crate) owner: Owner,
}

#[derive(Debug)]
pub(crate) struct Cart {
    pub(crate) id: String,
    pub(crate) criteria: Criteria,
    /// Where it was created; of a customer's cart this is for information only.
    pub(crate) session_id: Option<String>,
    pub(crate) channel: Option<Value>,
    pub(crate) currency: Currency,
    pub(crate) coupons: Vec<&'static Coupon>,
    /// What a caller has written and only reads back.
    pub(crate) notes: Notes,
    pub(crate) items: Vec<Item>,
    pub(crate) open: bool,
    pub(crate) order_id: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) modified_at: u64,
    pub(crate) version: u64,
    pub(crate) next_item: u64,
}

/// The parts of a cart that no rule here depends on.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) zip_code: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) addresses: Vec<Value>,
    pub(crate) mixins: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) product: &'static Product,
    /// The product's resource name in the form in which it was told.
    pub(crate) yrn: String,
    pub(crate) quantity: f64,
    /// Never joined with another line of the same product.
    pub(crate) separate: bool,
}

/// A product on its way into a cart.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) product: &'static Product,
    pub(crate) yrn: String,
    pub(crate) quantity: f64,
    pub(crate) separate: bool,
}

impl Cart {
    /// Adds a product and tells the item's id; a line of the same product grows, unless one is to stay separate.
    pub(crate) fn add(&mut self, order: Order, now: u64) -> String {
        self.touch(now);
        let same = |item: &&mut Item| {
            item.product.id == order.product.id && !item.separate && !order.separate
        };
        if let Some(item) = self.items.iter_mut().find(same) {
            item.quantity = add_quantities(item.quantity, order.quantity);
            return item.id.clone();
        }
        let id = self.next_item.to_string();
        self.next_item += 1;
        let Order {
            product,
            yrn,
            quantity,
            separate,
        } = order;
        self.items.push(Item {
            id: id.clone(),
            product,
            yrn,
            quantity,
            separate,
        });
        id
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    pub(crate) fn order_id(&self) -> Option<&str> {
        self.order_id.as_deref()
    }

    pub(crate) fn company(&self) -> Option<CompanyId> {
        self.criteria.company
    }

    pub(crate) fn site(&self) -> &'static str {
        self.criteria.site
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency
    }

    pub(crate) fn coupons(&self) -> &[&'static Coupon] {
        &self.coupons
    }

    /// What one of it costs in this cart.
    pub(crate) fn unit_price(&self, item: &Item) -> Cents {
        item.product.price_for(self.criteria.company, self.currency)
    }

    pub(crate) fn line_price(&self, item: &Item) -> Cents {
        self.unit_price(item).times(item.quantity)
    }

    /// What an order of it holds.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.items
            .iter()
            .map(|item| Line {
                product: item.product,
                yrn: item.yrn.clone(),
                quantity: item.quantity,
                list: item.product.list_price(self.currency),
                unit: self.unit_price(item),
                total: self.line_price(item),
            })
            .collect()
    }

    /// Whether the caller may see it: its customer, the guest and the customers of its session, and the backend.
    pub(crate) fn is_for(&self, caller: &Caller) -> bool {
        match (caller.identity, &self.criteria.owner) {
            (Identity::Service, _) => self.criteria.tenant == caller.tenant,
            (Identity::Customer(caller), Owner::Customer(owner)) => caller == *owner,
            (_, Owner::Session(session)) => caller.session_id.as_ref() == Some(session),
            (Identity::Guest, Owner::Customer(_)) => false,
        }
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.open { "OPEN" } else { "CLOSED" }
    }

    pub(crate) fn touch(&mut self, now: u64) {
        self.modified_at = now;
        self.version += 1;
    }
}

impl Criteria {
    pub(crate) fn new(
        tenant: Tenant,
        site: &Site,
        cart_type: Option<String>,
        company: Option<CompanyId>,
        owner: Owner,
    ) -> Self {
        Self {
            tenant,
            site: site.code,
            cart_type,
            company,
            owner,
        }
    }
}
