//! The platform's services: a file or a folder for each, with its endpoints and who may call them.

pub(crate) mod call;
mod cart;
mod checkout;
mod company;
mod context;
mod customer;
mod iam;
mod oauth;
mod order;
mod price;
mod product;
pub(crate) mod route;
mod site;

use crate::services::route::Route;
use crate::wire::problem::{GatewayFault, Problem};
use crate::world::saas::Refused;

/// All endpoints there are, service by service.
pub(crate) static ROUTES: [&[Route]; 11] = [
    oauth::ROUTES,
    customer::ROUTES,
    context::ROUTES,
    company::ROUTES,
    iam::ROUTES,
    site::ROUTES,
    product::ROUTES,
    price::ROUTES,
    cart::ROUTES,
    checkout::ROUTES,
    order::ROUTES,
];

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => GatewayFault::AccessTokenInvalid.into(),
            Refused::Expired => GatewayFault::AccessTokenExpired.into(),
        }
    }
}
