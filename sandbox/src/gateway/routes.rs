//! Every endpoint, with who may call it. This is the place to look for what the sandbox can do.

use crate::services::call::Call;
use crate::services::customer::anonymous;
use crate::services::{
    cart, checkout, company, context, customer, iam, oauth, order, price, product, site,
};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::BearerKind::{self, Anonymous, Customer, Service as Backend};

/// What answers a request.
pub(crate) type Endpoint = fn(&mut World, &Call) -> Result<Reply, Problem>;

/// One method of one path.
pub(crate) struct Route {
    method: &'static str,
    /// With placeholders in braces, each for one segment.
    path: &'static str,
    /// The path up to its first placeholder, which is enough to pass over most routes.
    beginning: &'static str,
    pub(crate) service: Service,
    pub(crate) gate: Gate,
    pub(crate) endpoint: Endpoint,
}

/// Whom the gateway lets through.
pub(crate) enum Gate {
    /// Everybody; a bearer is not looked at.
    Open,
    /// Live tokens of these kinds. Any other live one is to the gateway no valid token: 401.
    Takes(&'static [BearerKind]),
    /// Live tokens of these kinds. Any other live one lacks the scope: 403 from the service.
    Permits(&'static [BearerKind]),
}

const GUEST: Gate = Gate::Takes(&[Anonymous]);
const GUEST_OR_BACKEND: Gate = Gate::Takes(&[Anonymous, Backend]);
const CUSTOMER: Gate = Gate::Takes(&[Customer]);
const SHOPPER: Gate = Gate::Takes(&[Anonymous, Customer]);
const GUEST_SCOPE: Gate = Gate::Permits(&[Anonymous]);
const OWN_SCOPE: Gate = Gate::Permits(&[Customer]);
const SHOPPER_SCOPE: Gate = Gate::Permits(&[Anonymous, Customer]);
const CUSTOMER_SCOPE: Gate = Gate::Permits(&[Customer, Backend]);
const BACKEND_SCOPE: Gate = Gate::Permits(&[Backend]);
const ANY_SCOPE: Gate = Gate::Permits(&[Anonymous, Customer, Backend]);

const fn route(
    method: &'static str,
    path: &'static str,
    service: Service,
    gate: Gate,
    endpoint: Endpoint,
) -> Route {
    Route {
        method,
        path,
        beginning: beginning(path),
        service,
        gate,
        endpoint,
    }
}

const fn beginning(path: &str) -> &str {
    let mut end = 0;
    while end < path.len() && path.as_bytes()[end] != b'{' {
        end += 1;
    }
    path.split_at(end).0
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("GET", "/customerlogin/auth/anonymous/login", Service::Customer, Gate::Open, anonymous::login),
    route("GET", "/customerlogin/auth/anonymous/refresh", Service::Customer, Gate::Open, anonymous::refresh),
    route("POST", "/oauth/token", Service::Gateway, Gate::Open, oauth::token),

    route("POST", "/customer/{tenant}/login", Service::Customer, GUEST_OR_BACKEND, customer::login),
    route("POST", "/customer/{tenant}/socialLogin", Service::Customer, GUEST, customer::social_login),
    route("POST", "/customer/{tenant}/exchangeauthtoken", Service::Customer, GUEST_SCOPE, customer::exchange),
    route("GET", "/customer/{tenant}/refreshauthtoken", Service::Customer, SHOPPER, customer::refresh),
    route("GET", "/customer/{tenant}/logout", Service::Customer, CUSTOMER, customer::logout),
    route("GET", "/customer/{tenant}/validateauthtoken", Service::Customer, CUSTOMER, customer::validate),
    route("POST", "/customer/{tenant}/signup", Service::Customer, GUEST_SCOPE, customer::sign_up),
    route("GET", "/customer/{tenant}/signup/optin/{token}", Service::Customer, GUEST, customer::opt_in),
    route("POST", "/customer/{tenant}/signup/optin/refresh_token", Service::Customer, GUEST, customer::mail_opt_in),
    route("POST", "/customer/{tenant}/password/reset", Service::Customer, GUEST_SCOPE, customer::mail_password_reset),
    route("POST", "/customer/{tenant}/password/reset/update", Service::Customer, GUEST_SCOPE, customer::reset_password),
    route("POST", "/customer/{tenant}/password/change", Service::Customer, OWN_SCOPE, customer::change_password),
    route("GET", "/customer/{tenant}/me", Service::Customer, SHOPPER_SCOPE, customer::me),
    route("PATCH", "/customer/{tenant}/me", Service::Customer, OWN_SCOPE, customer::change_me),
    route("PUT", "/customer/{tenant}/me", Service::Customer, OWN_SCOPE, customer::change_me),
    route("POST", "/customer/{tenant}/me/accounts/internal/email/change", Service::Customer, OWN_SCOPE, customer::mail_email_change),
    route("POST", "/customer/{tenant}/me/accounts/internal/email/change/confirm", Service::Customer, GUEST_SCOPE, customer::change_email),
    route("POST", "/customer/{tenant}/me/addresses", Service::Customer, OWN_SCOPE, customer::add_address),
    route("GET", "/customer/{tenant}/me/addresses", Service::Customer, OWN_SCOPE, customer::addresses),
    route("GET", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, customer::address),
    route("PATCH", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, customer::change_address),
    route("PUT", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, customer::change_address),
    route("DELETE", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, customer::remove_address),
    route("POST", "/customer/{tenant}/me/addresses/{addressId}/tags", Service::Customer, OWN_SCOPE, customer::add_tags),
    route("DELETE", "/customer/{tenant}/me/addresses/{addressId}/tags", Service::Customer, OWN_SCOPE, customer::remove_tags),

    route("GET", "/session-context/{tenant}/context/{sessionId}", Service::SessionContext, BACKEND_SCOPE, context::one),
    route("PUT", "/session-context/{tenant}/context/{sessionId}", Service::SessionContext, BACKEND_SCOPE, context::replace),
    route("POST", "/session-context/{tenant}/context/{sessionId}/attributes", Service::SessionContext, BACKEND_SCOPE, context::add_attribute),
    route("DELETE", "/session-context/{tenant}/context/{sessionId}/attributes/{name}", Service::SessionContext, BACKEND_SCOPE, context::remove_attribute),
    route("GET", "/session-context/{tenant}/me/context", Service::SessionContext, SHOPPER_SCOPE, context::one),
    route("PATCH", "/session-context/{tenant}/me/context", Service::SessionContext, SHOPPER_SCOPE, context::change),
    route("POST", "/session-context/{tenant}/me/context/attributes", Service::SessionContext, SHOPPER_SCOPE, context::add_attribute),
    route("DELETE", "/session-context/{tenant}/me/context/attributes/{name}", Service::SessionContext, SHOPPER_SCOPE, context::remove_attribute),

    route("GET", "/customer-management/{tenant}/legal-entities", Service::CustomerManagement, CUSTOMER_SCOPE, company::list),
    route("POST", "/customer-management/{tenant}/legal-entities/search", Service::CustomerManagement, CUSTOMER_SCOPE, company::search),
    route("GET", "/customer-management/{tenant}/legal-entities/{legalEntityId}", Service::CustomerManagement, CUSTOMER_SCOPE, company::one),

    route("GET", "/iam/{tenant}/users/me/scopes", Service::Iam, OWN_SCOPE, iam::own_scopes),

    route("GET", "/site/{tenant}/sites", Service::Site, ANY_SCOPE, site::list),
    route("GET", "/site/{tenant}/sites/{code}", Service::Site, ANY_SCOPE, site::one),
    route("GET", "/product/{tenant}/products", Service::Catalogue, ANY_SCOPE, product::list),
    route("POST", "/product/{tenant}/products/search", Service::Catalogue, ANY_SCOPE, product::search),
    route("GET", "/product/{tenant}/products/{productId}", Service::Catalogue, ANY_SCOPE, product::one),
    route("POST", "/price/{tenant}/match-prices-by-context", Service::Catalogue, SHOPPER_SCOPE, price::match_by_context),

    route("POST", "/cart/{tenant}/carts", Service::Cart, ANY_SCOPE, cart::create),
    route("GET", "/cart/{tenant}/carts", Service::Cart, ANY_SCOPE, cart::find),
    route("POST", "/cart/{tenant}/carts/search", Service::Cart, ANY_SCOPE, cart::search),
    route("GET", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, cart::one),
    route("PUT", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, cart::change),
    route("DELETE", "/cart/{tenant}/carts/{cartId}", Service::Cart, ANY_SCOPE, cart::remove),
    route("PUT", "/cart/{tenant}/carts/{cartId}/refresh", Service::Cart, ANY_SCOPE, cart::refresh),
    route("POST", "/cart/{tenant}/carts/{cartId}/changeSite", Service::Cart, ANY_SCOPE, cart::change_site),
    route("POST", "/cart/{tenant}/carts/{cartId}/changeCurrency", Service::Cart, ANY_SCOPE, cart::change_currency),
    route("GET", "/cart/{tenant}/carts/{cartId}/validate", Service::Cart, ANY_SCOPE, cart::validate),
    route("POST", "/cart/{tenant}/carts/{cartId}/merge", Service::Cart, CUSTOMER_SCOPE, cart::merge),
    route("GET", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, cart::items),
    route("POST", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, cart::add_item),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/items", Service::Cart, ANY_SCOPE, cart::remove_all_items),
    route("POST", "/cart/{tenant}/carts/{cartId}/itemsBatch", Service::Cart, ANY_SCOPE, cart::add_items),
    route("PUT", "/cart/{tenant}/carts/{cartId}/itemsBatch", Service::Cart, ANY_SCOPE, cart::change_items),
    route("GET", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, cart::discounts),
    route("POST", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, cart::apply_discount),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/discounts", Service::Cart, ANY_SCOPE, cart::remove_discounts),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/discounts/{discountIndex}", Service::Cart, ANY_SCOPE, cart::remove_discount),
    route("GET", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, cart::item),
    route("PUT", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, cart::change_item),
    route("DELETE", "/cart/{tenant}/carts/{cartId}/items/{itemId}", Service::Cart, ANY_SCOPE, cart::remove_item),

    route("POST", "/checkout/{tenant}/checkouts/order", Service::Checkout, SHOPPER_SCOPE, checkout::order),
    route("GET", "/order-v2/{tenant}/orders", Service::Order, OWN_SCOPE, order::own),
    route("GET", "/order-v2/{tenant}/orders/{orderId}", Service::Order, OWN_SCOPE, order::one),
    route("GET", "/order-v2/{tenant}/legal-entity-orders/{legalEntityId}", Service::Order, OWN_SCOPE, order::of_company),
];

/// The operations of the official files that the sandbox does not have, a line each. The list may only shrink.
static MISSING: &str = include_str!("missing.txt");

/// What routing comes to.
pub(crate) enum Routed<'r> {
    Found(&'static Route, Vec<(&'static str, &'r str)>),
    /// The platform has that operation and the sandbox does not.
    Missing(Service, &'static str),
    /// The path exists, for other methods.
    WrongMethod(Service, Vec<&'static str>),
    UnknownPath,
}

/// Finds the route of a request.
pub(crate) fn find<'r>(method: &str, path: &'r str) -> Routed<'r> {
    let mut others: Option<(Service, Vec<&'static str>)> = None;
    for route in ROUTES {
        if !path.starts_with(route.beginning) {
            continue;
        }
        let Some(params) = match_path(route.path, path) else {
            continue;
        };
        if route.method == method {
            return Routed::Found(route, params);
        }
        others
            .get_or_insert((route.service, Vec::new()))
            .1
            .push(route.method);
    }
    let missing = MISSING.lines().find(|operation| {
        operation
            .strip_prefix(method)
            .and_then(|rest| rest.strip_prefix(' '))
            .is_some_and(|pattern| match_path(pattern, path).is_some())
    });
    if let Some(operation) = missing {
        return Routed::Missing(service_of(path), operation);
    }
    others.map_or(Routed::UnknownPath, |(service, methods)| {
        Routed::WrongMethod(service, methods)
    })
}

/// Who answers on paths that no route has.
fn service_of(path: &str) -> Service {
    match path.split('/').nth(1) {
        Some("cart") => Service::Cart,
        Some("customer-management") => Service::CustomerManagement,
        Some("iam") => Service::Iam,
        Some("order-v2") => Service::Order,
        Some("site") => Service::Site,
        _ => Service::Catalogue,
    }
}

fn match_path<'r>(pattern: &'static str, path: &'r str) -> Option<Vec<(&'static str, &'r str)>> {
    let mut params = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => params.push((name, segment)),
            None if segment == expected => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_one_segment() {
        let path = "/cart/acme/carts/1/items/2";
        let Routed::Found(route, params) = find("PUT", path) else {
            panic!("no route")
        };
        assert_eq!(route.path, "/cart/{tenant}/carts/{cartId}/items/{itemId}");
        assert_eq!(
            params,
            [("tenant", "acme"), ("cartId", "1"), ("itemId", "2")]
        );
        assert!(matches!(
            find("GET", "/cart/acme/carts/"),
            Routed::UnknownPath
        ));
        assert!(matches!(
            find("GET", "/cart/acme/carts/1/2"),
            Routed::UnknownPath
        ));
    }

    #[test]
    fn other_methods_are_told() {
        let Routed::WrongMethod(_, methods) = find("PATCH", "/cart/acme/carts") else {
            panic!("a route")
        };
        assert_eq!(methods, ["POST", "GET"]);
    }
}
