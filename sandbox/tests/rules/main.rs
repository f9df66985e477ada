//! The platform's rules, request by request, without a server.

mod accounts;
mod cart_batches;
mod cart_merges;
mod cart_updates;
mod carts;
mod checkout;
mod companies;
mod contexts;
mod customers;
mod errors;
mod faults;
mod guests;
mod hostile;
mod iam;
mod lifetime;
mod lists;
mod log;
mod numbers;
mod prices;
mod products;
mod readings;
mod real_clients;
mod shop;
mod sso;
mod tenants;
mod truth;
