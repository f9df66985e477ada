//! The platform's services: a file or a folder for each, with the endpoints that the gateway's table names.

pub(crate) mod call;
pub(crate) mod cart;
pub(crate) mod checkout;
pub(crate) mod company;
pub(crate) mod context;
pub(crate) mod customer;
pub(crate) mod iam;
pub(crate) mod oauth;
pub(crate) mod order;
pub(crate) mod price;
pub(crate) mod product;
pub(crate) mod site;

use crate::wire::problem::{GatewayFault, Problem};
use crate::world::saas::Refused;

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => GatewayFault::AccessTokenInvalid.into(),
            Refused::Expired => GatewayFault::AccessTokenExpired.into(),
        }
    }
}
