//! The customer service: guests, and what customers do with their accounts and tokens.

mod addresses;
mod anonymous;
mod credentials;
mod fields;
mod grants;
mod profile;
mod renewal;
mod signup;
mod sso;
mod tokens;

use crate::services::route::{
    CUSTOMER, GUEST, GUEST_OR_BACKEND, GUEST_SCOPE, Gate, OWN_SCOPE, Route, SHOPPER, SHOPPER_SCOPE,
    route,
};
use crate::wire::problem::Service;

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/customerlogin/auth/anonymous/login", Service::Customer, Gate::Open, anonymous::login),
    route("GET", "/customerlogin/auth/anonymous/refresh", Service::Customer, Gate::Open, anonymous::refresh),
    route("POST", "/customer/{tenant}/login", Service::Customer, GUEST_OR_BACKEND, tokens::login),
    route("POST", "/customer/{tenant}/socialLogin", Service::Customer, GUEST, sso::social_login),
    route("POST", "/customer/{tenant}/exchangeauthtoken", Service::Customer, GUEST_SCOPE, sso::exchange),
    route("GET", "/customer/{tenant}/refreshauthtoken", Service::Customer, SHOPPER, tokens::refresh),
    route("GET", "/customer/{tenant}/logout", Service::Customer, CUSTOMER, tokens::logout),
    route("GET", "/customer/{tenant}/validateauthtoken", Service::Customer, CUSTOMER, tokens::validate),
    route("POST", "/customer/{tenant}/signup", Service::Customer, GUEST_SCOPE, signup::sign_up),
    route("GET", "/customer/{tenant}/signup/optin/{token}", Service::Customer, GUEST, signup::opt_in),
    route("POST", "/customer/{tenant}/signup/optin/refresh_token", Service::Customer, GUEST, signup::mail_opt_in),
    route("POST", "/customer/{tenant}/password/reset", Service::Customer, GUEST_SCOPE, credentials::mail_password_reset),
    route("POST", "/customer/{tenant}/password/reset/update", Service::Customer, GUEST_SCOPE, credentials::reset_password),
    route("POST", "/customer/{tenant}/password/change", Service::Customer, OWN_SCOPE, credentials::change_password),
    route("GET", "/customer/{tenant}/me", Service::Customer, SHOPPER_SCOPE, profile::me),
    route("PATCH", "/customer/{tenant}/me", Service::Customer, OWN_SCOPE, profile::change_me),
    route("PUT", "/customer/{tenant}/me", Service::Customer, OWN_SCOPE, profile::change_me),
    route("POST", "/customer/{tenant}/me/accounts/internal/email/change", Service::Customer, OWN_SCOPE, credentials::mail_email_change),
    route("POST", "/customer/{tenant}/me/accounts/internal/email/change/confirm", Service::Customer, GUEST_SCOPE, credentials::change_email),
    route("POST", "/customer/{tenant}/me/addresses", Service::Customer, OWN_SCOPE, addresses::add_address),
    route("GET", "/customer/{tenant}/me/addresses", Service::Customer, OWN_SCOPE, addresses::addresses),
    route("GET", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, addresses::address),
    route("PATCH", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, addresses::change_address),
    route("PUT", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, addresses::change_address),
    route("DELETE", "/customer/{tenant}/me/addresses/{addressId}", Service::Customer, OWN_SCOPE, addresses::remove_address),
    route("POST", "/customer/{tenant}/me/addresses/{addressId}/tags", Service::Customer, OWN_SCOPE, addresses::add_tags),
    route("DELETE", "/customer/{tenant}/me/addresses/{addressId}/tags", Service::Customer, OWN_SCOPE, addresses::remove_tags),
];
