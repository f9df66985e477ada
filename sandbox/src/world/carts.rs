//! All carts: there is one open cart for each site, type, company and owner.

mod cart;

pub(crate) use cart::{Cart, Criteria, Item, Notes, Order, Owner};

use crate::seed::money::Currency;
use crate::world::caller::Caller;
use crate::world::random::Random;
use serde_json::Value;
use std::collections::BTreeMap;

/// All carts, closed ones too.
#[derive(Debug, Default)]
pub(crate) struct Carts {
    pub(crate) by_id: BTreeMap<String, Cart>,
    pub(crate) open: BTreeMap<Criteria, String>,
}

impl Carts {
    pub(crate) fn open_id(&self, criteria: &Criteria) -> Option<&String> {
        self.open.get(criteria)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Cart> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Cart> {
        self.by_id.get_mut(id)
    }

    pub(crate) fn create(
        &mut self,
        random: &mut Random,
        criteria: Criteria,
        session_id: Option<String>,
        currency: Currency,
        channel: Option<Value>,
        now: u64,
    ) -> String {
        let id = random.document_id();
        let cart = Cart {
            id: id.clone(),
            criteria: criteria.clone(),
            session_id,
            channel,
            currency,
            coupons: Vec::new(),
            notes: Notes::default(),
            items: Vec::new(),
            open: true,
            order_id: None,
            created_at: now,
            modified_at: now,
            version: 1,
            next_item: 0,
        };
        self.open.insert(criteria, id.clone());
        self.by_id.insert(id.clone(), cart);
        id
    }

    /// Moves the items of one cart into another and closes it.
    pub(crate) fn merge(&mut self, source: &str, target: &str, now: u64) {
        self.close(source, now);
        let Some(source) = self.by_id.get_mut(source) else {
            return;
        };
        let items = std::mem::take(&mut source.items);
        let coupons = std::mem::take(&mut source.coupons);
        let Some(target) = self.by_id.get_mut(target) else {
            return;
        };
        for coupon in coupons {
            if !target.coupons.contains(&coupon) {
                target.coupons.push(coupon);
            }
        }
        for Item {
            product,
            yrn,
            quantity,
            separate,
            ..
        } in items
        {
            target.add(
                Order {
                    product,
                    yrn,
                    quantity,
                    separate,
                },
                now,
            );
        }
    }

    /// Nobody can see or change the cart any more, and its criteria are free for another one.
    pub(crate) fn close(&mut self, id: &str, now: u64) {
        if let Some(cart) = self.by_id.get_mut(id).filter(|cart| cart.open) {
            cart.open = false;
            cart.touch(now);
            self.open.remove(&cart.criteria);
        }
    }

    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(cart) = self.by_id.remove(id).filter(|cart| cart.open) {
            self.open.remove(&cart.criteria);
        }
    }

    /// Moves an open cart to other criteria, unless there is one already: its id.
    pub(crate) fn move_to(&mut self, id: &str, criteria: Criteria) -> Result<(), String> {
        let Some(cart) = self.by_id.get_mut(id) else {
            return Ok(());
        };
        if cart.criteria == criteria {
            return Ok(());
        }
        if let Some(other) = self.open.get(&criteria) {
            return Err(other.clone());
        }
        self.open.remove(&cart.criteria);
        self.open.insert(criteria.clone(), id.to_owned());
        cart.criteria = criteria;
        Ok(())
    }

    /// Closes a cart for the order that it has become.
    pub(crate) fn order(&mut self, id: &str, order_id: &str, now: u64) {
        self.close(id, now);
        if let Some(cart) = self.by_id.get_mut(id) {
            cart.order_id = Some(order_id.to_owned());
        }
    }

    /// A cart that the caller may order from, were it open.
    pub(crate) fn for_checkout(&self, caller: &Caller, id: &str) -> Option<&Cart> {
        self.get(id).filter(|cart| cart.is_for(caller))
    }

    /// All carts, closed ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Cart> {
        self.by_id.values()
    }
}
