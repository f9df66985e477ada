//! The cart service.

mod batch;
mod discounts;
mod endpoints;
mod items;
mod search;
mod updates;
mod view;

pub(crate) use batch::{add_items, change_items};
pub(crate) use discounts::{apply_discount, discounts, remove_discount, remove_discounts};
pub(crate) use endpoints::{add_item, change_item, create, find, items, merge, one, remove_item};
pub(crate) use items::{item, remove_all_items};
pub(crate) use search::search;
pub(crate) use updates::{change, change_currency, change_site, refresh, remove, validate};
