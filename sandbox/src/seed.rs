//! What is there from the start: tenants, companies, sites, products, and what they are told in.

pub(crate) mod companies;
pub(crate) mod coupons;
pub(crate) mod ids;
pub(crate) mod language;
pub(crate) mod money;
pub(crate) mod products;
pub(crate) mod scopes;
pub(crate) mod sites;
pub(crate) mod tenant;
