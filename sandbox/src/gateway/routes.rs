//! Finds who answers a request: an endpoint of the services, or what says that there is none.

use crate::services::ROUTES;
use crate::services::route::Route;
use crate::wire::problem::Service;
use matchit::{Params, Router};
use std::sync::LazyLock;

/// The operations of the official files that the sandbox does not have, a line each. The list may only shrink.
static MISSING: &str = include_str!("missing.txt");

const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

/// The paths of each method.
static ROUTERS: LazyLock<[Router<Target>; 6]> = LazyLock::new(|| METHODS.map(router));

/// What a path stands for.
#[derive(Clone, Copy)]
enum Target {
    Endpoint(&'static Route),
    /// An operation that the sandbox does not have.
    Missing(&'static str),
}

/// What routing comes to.
pub(crate) enum Routed<'r> {
    Found(&'static Route, Params<'static, 'r>),
    /// The platform has that operation and the sandbox does not.
    Missing(Service, &'static str),
    /// The path exists, for other methods.
    WrongMethod(Service, Vec<&'static str>),
    UnknownPath,
}

fn router(method: &str) -> Router<Target> {
    let own = ROUTES.iter().copied().flatten();
    let own = own.filter(|route| route.method == method);
    let own = own.map(|route| (route.path, Target::Endpoint(route)));
    let missing = MISSING.lines().filter_map(|operation| {
        let path = operation.strip_prefix(method)?.strip_prefix(' ')?;
        Some((path, Target::Missing(operation)))
    });
    let mut router = Router::new();
    for (path, target) in own.chain(missing) {
        let fits = router.insert(path, target);
        debug_assert!(fits.is_ok(), "{method} {path}: {fits:?}");
    }
    router
}

/// Finds the route of a request.
pub(crate) fn find<'r>(method: &str, path: &'r str) -> Routed<'r> {
    let own = METHODS.iter().position(|known| *known == method);
    if let Some(found) = own.and_then(|own| ROUTERS[own].at(path).ok()) {
        return match found.value {
            Target::Endpoint(route) => Routed::Found(route, found.params),
            Target::Missing(operation) => Routed::Missing(service_of(path), operation),
        };
    }
    let others = ROUTERS.iter().filter_map(|router| match router.at(path) {
        Ok(found) => match found.value {
            Target::Endpoint(route) => Some(*route),
            Target::Missing(_) => None,
        },
        Err(_) => None,
    });
    let others: Vec<&Route> = others.collect();
    match others.first() {
        Some(first) => Routed::WrongMethod(
            first.service,
            others.iter().map(|route| route.method).collect(),
        ),
        None => Routed::UnknownPath,
    }
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
        let params: Vec<_> = params.iter().collect();
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
    fn every_operation_has_its_own_way() {
        let operations = MISSING.lines().filter_map(|it| it.split_once(' '));
        for (method, path) in operations {
            let path = path.replace(['{', '}'], "");
            assert!(
                matches!(find(method, &path), Routed::Missing(..)),
                "{method} {path}"
            );
        }
        for route in ROUTES.iter().copied().flatten() {
            let path = route.path.replace(['{', '}'], "");
            let Routed::Found(found, _) = find(route.method, &path) else {
                panic!("no route for {path}")
            };
            assert_eq!((found.method, found.path), (route.method, route.path));
        }
    }

    #[test]
    fn other_methods_are_told() {
        let Routed::WrongMethod(_, methods) = find("PATCH", "/cart/acme/carts") else {
            panic!("a route")
        };
        assert_eq!(methods, ["GET", "POST"]);
    }
}
