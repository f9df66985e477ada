//! The cart service.

mod batch;
mod discounts;
mod endpoints;
mod items;
mod merge;
mod search;
mod updates;
mod view;

use crate::services::route::{ANY_SCOPE, CUSTOMER_SCOPE, Route, route};
use crate::wire::problem::Service;

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/cart/{tenant}/carts", Service::Cart, ANY_SCOPE, endpoints::create),
    route("GET", "/cart/{tenant}/carts", Service::Cart, ANY_SCOPE, endpoints::find),
    route("POST", "/cart/{tenant}/carts/search", Service::Cart, ANY_SCOPE, search::search),
    route("GET", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, endpoints::one),
    route("PUT", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, updates::change),
    route("DELETE", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, updates::remove),
    route("PUT", "/cart/{tenant}/carts/{cartId}/refresh", Service::Cart, ANY_SCOPE, updates::refresh),
    route("POST", "/cart/{tenant}/carts/{cartId}/changeSite", Service::Cart, ANY_SCOPE, updates::change_site),
    route("POST", "/cart/{tenant}/carts/{cartId}/changeCurrency", Service::Cart, ANY_SCOPE, updates::change_currency),
    route("GET", "/cart/{tenant}/carts/{cartId}/validate", Service::Cart, ANY_SCOPE, updates::validate),
    route("POST", "/cart/{tenant}/carts/{cartId}/merge", Service::Cart, CUSTOMER_SCOPE, merge::merge),
    route("GET", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, items::items),
    route("POST", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, items::add_item),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, items::remove_all_items),
    route("POST", "/cart/{tenant}/carts/{cartId}/itemsBatch", Service::Cart, ANY_SCOPE, batch::add_items),
    route("PUT", "/cart/{tenant}/carts/{cartId}/itemsBatch", Service::Cart, ANY_SCOPE, batch::change_items),
    route("GET", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, discounts::discounts),
    route("POST", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, discounts::apply_discount),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, discounts::remove_discounts),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/discounts/{discountIndex}", Service::Cart, ANY_SCOPE, discounts::remove_discount),
    route("GET", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, items::item),
    route("PUT", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, items::change_item),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, items::remove_item),
];
