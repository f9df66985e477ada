//! The price service: prices by session.

use crate::seed::money::{Cents, TAX_RATE};
use crate::seed::products;
use crate::seed::sites::HOME_COUNTRY;
use crate::services::call::Call;
use crate::services::route::{Route, SHOPPER_SCOPE, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/price/{tenant}/match-prices-by-context", Service::Catalogue, SHOPPER_SCOPE, match_by_context),
];

/// `POST /price/{tenant}/match-prices-by-context`: what the items cost on the site and in the currency that the session's
/// context was given, for the company in the token. Without such a context nothing matches, and that is no error.
///
/// The answer is a list of what the official example shows. Its schema says `itemRef` and one object, but the example and
/// the platform say `itemId`, and the platform a list.
pub(crate) fn match_by_context(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let language = call.language()?;
    let body = call.body()?;
    let items = body["items"]
        .as_array()
        .ok_or_else(|| Problem::missing("items"))?;
    let wanted: Vec<(&str, f64, &Value)> = items.iter().map(read).collect::<Result<_, _>>()?;
    let context = caller
        .session_id
        .as_deref()
        .and_then(|session_id| world.contexts.document(session_id));
    let Some((context, (site, currency))) =
        context.and_then(|context| Some((context, context.price_terms()?)))
    else {
        return Ok(Reply::json(200, &json!([])));
    };
    let country = context.target_location().unwrap_or(HOME_COUNTRY);
    let matches = wanted.into_iter().filter_map(|(id, quantity, unit_code)| {
        let product = products::find(id)?;
        let list = product.list_price(currency);
        let unit = product.price_for(caller.company, currency);
        let total = unit.times(quantity);
        let unit_code = unit_code.as_str().unwrap_or("H87");
        Some(json!({
            "priceId": product.price_id(currency),
            "itemId": { "itemType": "PRODUCT", "id": product.id, "name": product.name.read(language) },
            "site": { "code": site.code },
            "currency": currency.code(),
            "location": { "countryCode": country },
            "includesTax": true,
            "originalValue": list.amount(),
            "effectiveValue": unit.amount(),
            "totalValue": total.amount(),
            "quantity": { "quantity": quantity, "unitCode": unit_code },
            "tierValues": [{ "id": format!("tier-{}", product.id), "priceValue": unit.amount() }],
            "tax": {
                "taxClass": "STANDARD",
                "taxRate": TAX_RATE,
                "prices": {
                    "originalValue": taxed(list),
                    "effectiveValue": taxed(unit),
                    "totalValue": taxed(total),
                },
            },
            "priceModel": {
                "id": "basic",
                "includesTax": true,
                "includesMarkup": false,
                "name": { "en": "Basic" },
                "measurementUnit": { "quantity": 1, "unitCode": unit_code },
                "tierDefinition": {
                    "tierType": "BASIC",
                    "tiers": [{ "minQuantity": { "quantity": 0, "unitCode": unit_code } }],
                },
            },
        }))
    });
    Ok(Reply::json(200, &matches.collect::<Value>()))
}

fn taxed(gross: Cents) -> Value {
    let net = gross.net();
    json!({
        "netValue": net.amount(),
        "grossValue": gross.amount(),
        "taxValue": gross.minus(net).amount(),
    })
}

fn read(item: &Value) -> Result<(&str, f64, &Value), Problem> {
    let id = item["itemId"]["id"].as_str();
    let quantity = match &item["quantity"] {
        Value::Null => Some(1.0),
        quantity => quantity["quantity"]
            .as_f64()
            .filter(|quantity| *quantity > 0.0),
    };
    Ok((
        id.ok_or_else(|| Problem::missing("items.itemId.id"))?,
        quantity.ok_or_else(|| {
            Problem::invalid("items.quantity.quantity", "quantity must be more than 0")
        })?,
        &item["quantity"]["unitCode"],
    ))
}
