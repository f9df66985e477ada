//! One endpoint as the gateway sees it: its method and path, and who may call it.

use crate::services::call::Call;
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::tokens::BearerKind::{self, Anonymous, Customer, Service as Backend};

/// What answers a request.
pub(crate) type Endpoint = fn(&mut World, &Call) -> Result<Reply, Problem>;

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// With placeholders in braces, each for one segment.
    pub(crate) path: &'static str,
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

pub(crate) const GUEST: Gate = Gate::Takes(&[Anonymous]);
pub(crate) const GUEST_OR_BACKEND: Gate = Gate::Takes(&[Anonymous, Backend]);
pub(crate) const CUSTOMER: Gate = Gate::Takes(&[Customer]);
pub(crate) const SHOPPER: Gate = Gate::Takes(&[Anonymous, Customer]);
pub(crate) const GUEST_SCOPE: Gate = Gate::Permits(&[Anonymous]);
pub(crate) const OWN_SCOPE: Gate = Gate::Permits(&[Customer]);
pub(crate) const SHOPPER_SCOPE: Gate = Gate::Permits(&[Anonymous, Customer]);
pub(crate) const CUSTOMER_SCOPE: Gate = Gate::Permits(&[Customer, Backend]);
pub(crate) const BACKEND_SCOPE: Gate = Gate::Permits(&[Backend]);
pub(crate) const ANY_SCOPE: Gate = Gate::Permits(&[Anonymous, Customer, Backend]);

pub(crate) const fn route(
    method: &'static str,
    path: &'static str,
    service: Service,
    gate: Gate,
    endpoint: Endpoint,
) -> Route {
    Route {
        method,
        path,
        service,
        gate,
        endpoint,
    }
}
