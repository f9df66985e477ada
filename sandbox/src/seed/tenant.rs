//! The fixed facts of the tenants. There is a second one, so that a test can come with a token of the wrong one.

/// The password of every customer.
pub(crate) const PASSWORD: &str = "sandbox-pass";

/// One of the tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tenant {
    Acme,
    Other,
}

/// What a tenant is known by.
#[derive(Debug)]
pub(crate) struct Names {
    /// In paths and parameters.
    pub(crate) tenant: &'static str,
    /// The Storefront API key; it has no secret.
    pub(crate) client_id: &'static str,
    /// The key of the shop's backend.
    pub(crate) service_key: &'static str,
    /// The secret to it.
    pub(crate) service_secret: &'static str,
}

static ACME: Names = Names {
    tenant: "acme",
    client_id: "storefront",
    service_key: "backend",
    service_secret: "backend-secret",
};

static OTHER: Names = Names {
    tenant: "other",
    client_id: "other-storefront",
    service_key: "other-backend",
    service_secret: "other-backend-secret",
};

impl Tenant {
    pub(crate) const ALL: [Self; 2] = [Self::Acme, Self::Other];

    pub(crate) fn names(self) -> &'static Names {
        match self {
            Self::Acme => &ACME,
            Self::Other => &OTHER,
        }
    }

    /// The name in paths and parameters.
    pub(crate) fn name(self) -> &'static str {
        self.names().tenant
    }

    /// The one for which that holds.
    pub(crate) fn find(is_meant: impl Fn(&Names) -> bool) -> Option<Self> {
        Self::ALL.into_iter().find(|it| is_meant(it.names()))
    }
}
