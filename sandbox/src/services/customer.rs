//! The customer service: guests, and what customers do with their accounts and tokens.

mod addresses;
pub(crate) mod anonymous;
mod credentials;
mod fields;
mod grants;
mod profile;
mod renewal;
mod signup;
mod sso;
mod tokens;

pub(crate) use addresses::{
    add_address, add_tags, address, addresses, change_address, remove_address, remove_tags,
};
pub(crate) use credentials::{
    change_email, change_password, mail_email_change, mail_password_reset, reset_password,
};
pub(crate) use profile::{change_me, me};
pub(crate) use signup::{mail_opt_in, opt_in, sign_up};
pub(crate) use sso::{exchange, social_login};
pub(crate) use tokens::{login, logout, refresh, sign_in, validate};
