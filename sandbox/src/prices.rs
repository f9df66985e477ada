//! Prices by session. There is no official spec for them at hand; the fields are those that storefronts read.

use crate::call::Call;
use crate::catalogue::{self, CURRENCY};
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use serde_json::{Value, json};

/// `POST /price/{tenant}/match-prices-by-context`: what the items cost on the site and in the currency that the session's
/// context was given, for the company in the token. Without such a context nothing matches, and that is no error.
pub(crate) fn match_by_context(platform: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let body = call.body()?;
    let items = body["items"]
        .as_array()
        .ok_or_else(|| Problem::missing("items"))?;
    let wanted: Vec<(&str, f64)> = items.iter().map(read).collect::<Result<_, _>>()?;
    let terms = caller
        .session_id
        .as_deref()
        .and_then(|session_id| platform.contexts.document(session_id))
        .and_then(|context| context.price_terms())
        .filter(|(_, currency)| *currency == CURRENCY);
    let Some((site, _)) = terms else {
        return Ok(Reply::json(200, &json!([])));
    };
    let matches = wanted.into_iter().filter_map(|(id, quantity)| {
        let product = catalogue::find(id)?;
        let unit = product.price_for(caller.company);
        Some(json!({
            "priceId": product.price_id(),
            "itemRef": { "itemType": "PRODUCT", "id": product.id },
            "siteCode": site.code,
            "currency": CURRENCY,
            "includesTax": true,
            "originalValue": product.price_for(None).amount(),
            "effectiveValue": unit.amount(),
            "totalValue": unit.times(quantity).amount(),
            "quantity": { "quantity": quantity, "unitCode": "pc" },
        }))
    });
    Ok(Reply::json(200, &matches.collect::<Value>()))
}

fn read(item: &Value) -> Result<(&str, f64), Problem> {
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
    ))
}
