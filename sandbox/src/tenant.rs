//! The fixed facts of the one tenant.

/// The tenant's name in paths and parameters.
pub(crate) const TENANT: &str = "acme";

/// The Storefront API key; it has no secret.
pub(crate) const CLIENT_ID: &str = "storefront";

/// The password of every customer.
pub(crate) const PASSWORD: &str = "sandbox-pass";

/// The key of the shop's backend.
pub(crate) const SERVICE_KEY: &str = "backend";
/// The secret to [`SERVICE_KEY`].
pub(crate) const SERVICE_SECRET: &str = "backend-secret";
