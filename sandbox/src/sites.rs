//! The tenants' sites: both have the same ones.

use crate::call::Call;
use crate::money::Currency;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::world::World;
use serde_json::{Value, json};

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

static SITES: [Site; 2] = [
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
const DEFAULT_ALIAS: &str = "default";

/// Finds a site by its code.
pub(crate) fn find(code: &str) -> Option<&'static Site> {
    let code = if code == DEFAULT_ALIAS {
        DEFAULT_SITE
    } else {
        code
    };
    SITES.iter().find(|site| site.code == code)
}

/// `GET /site/{tenant}/sites`
pub(crate) fn list(_: &mut World, call: &Call) -> Result<Reply, Problem> {
    call.page(SITES.iter().map(document).collect())
}

/// `GET /site/{tenant}/sites/{code}`
pub(crate) fn one(_: &mut World, call: &Call) -> Result<Reply, Problem> {
    let code = call.param("code");
    let site =
        find(code).ok_or_else(|| Problem::new(404, format!("Site with code {code} not found.")))?;
    Ok(Reply::json(200, &document(site)))
}

fn document(site: &Site) -> Value {
    json!({
        "code": site.code,
        "name": site.name,
        "active": true,
        "default": site.code == DEFAULT_SITE,
        "includesTax": true,
        "currency": site.currency.code(),
        "availableCurrencies": site.currencies.iter().map(|it| it.code()).collect::<Vec<_>>(),
        "defaultLanguage": DEFAULT_LANGUAGE,
        "languages": [DEFAULT_LANGUAGE, "de"],
        "shipToCountries": [HOME_COUNTRY],
        "taxDeterminationBasedOn": "SHIPPING_ADDRESS",
        "metadata": { "version": 1 },
        "homeBase": { "address": { "street": "Am Sandtorkai", "streetNumber": "1", "zipCode": "20457", "city": "Hamburg", "country": HOME_COUNTRY }, "timezone": "Europe/Berlin" },
    })
}
