//! The sites: both tenants have the same ones.

use crate::seed::money::Currency;

/// The site that stands in where a caller names none.
pub(crate) const DEFAULT_SITE: &str = "main";

/// The country of every site's home base.
pub(crate) const HOME_COUNTRY: &str = "DE";

/// The language of every site.
pub(crate) const DEFAULT_LANGUAGE: &str = "en";

/// A shop of the tenant.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) currency: Currency,
    pub(crate) currencies: &'static [Currency],
}

pub(crate) static SITES: [Site; 2] = [
    Site {
        code: DEFAULT_SITE,
        name: "Harbour Store",
        currency: Currency::Eur,
        currencies: &[Currency::Eur, Currency::Usd],
    },
    Site {
        code: "outlet",
        name: "Harbour Outlet",
        currency: Currency::Eur,
        currencies: &[Currency::Eur, Currency::Usd],
    },
];

/// What some clients call the main site.
pub(crate) const DEFAULT_ALIAS: &str = "default";

/// Finds a site by its code.
pub(crate) fn find(code: &str) -> Option<&'static Site> {
    let code = if code == DEFAULT_ALIAS {
        DEFAULT_SITE
    } else {
        code
    };
    SITES.iter().find(|site| site.code == code)
}
