//! The site service.

use crate::seed::sites::{DEFAULT_LANGUAGE, DEFAULT_SITE, HOME_COUNTRY, SITES, Site, find};
use crate::services::call::Call;
use crate::services::route::{ANY_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/site/{tenant}/sites", Service::Site, ANY_SCOPE, list),
    route("GET", "/site/{tenant}/sites/{code}", Service::Site, ANY_SCOPE, one),
];

/// What can be searched for.
const FIELDS: [&str; 10] = [
    "code",
    "name",
    "active",
    "default",
    "includesTax",
    "currency",
    "availableCurrencies",
    "defaultLanguage",
    "languages",
    "shipToCountries",
];

/// `GET /site/{tenant}/sites`
pub(crate) fn list(_: &mut World, call: &Call) -> Result<Reply, Problem> {
    call.found(
        SITES.iter().map(document),
        call.query("q").as_deref(),
        &FIELDS,
    )
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
