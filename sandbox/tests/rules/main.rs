//! The platform's rules, request by request, without a server.

mod carts;
mod companies;
mod customers;
mod errors;
mod faults;
mod guests;
mod readings;
mod shop;
mod truth;
