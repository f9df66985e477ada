//! How a cart looks in an answer.

use super::{Cart, Item, Owner};
use crate::catalogue::{CURRENCY, amount};
use crate::clock::iso;
use crate::companies::CompanyId;
use crate::customers::Customers;
use crate::tenant::TENANT;
use serde_json::{Value, json};

/// The one tax there is, in per cent; all prices include it.
const TAX_RATE: i64 = 19;

pub(crate) fn cart_yrn(id: &str) -> String {
    format!("urn:yaas:saasag:caascart:cart:{TENANT};{id}")
}

pub(crate) fn cart(cart: &Cart, customers: &Customers, now: u64) -> Value {
    let criteria = &cart.criteria;
    let total: i64 = cart
        .items
        .iter()
        .map(|item| line_price(item, criteria.company))
        .sum();
    let units = cart
        .items
        .iter()
        .fold(0.0, |units, item| units + item.quantity);
    let mut view = json!({
        "id": cart.id,
        "yrn": cart_yrn(&cart.id),
        "siteCode": criteria.site,
        "currency": CURRENCY,
        "items": items(cart),
        "totalUnitsCount": units,
        "subTotalPrice": price(total),
        "totalPrice": price(total),
        "calculatedPrice": { "price": calculated(total), "finalPrice": calculated(total) },
        "metadata": {
            "createdAt": iso(cart.created_at),
            "modifiedAt": iso(cart.modified_at),
            "calculatedAt": iso(now),
            "version": cart.version,
        },
    });
    let mut optional = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            view[name] = value;
        }
    };
    optional("type", criteria.cart_type.as_deref().map(Value::from));
    optional(
        "legalEntityId",
        criteria.company.map(|id| id.company().id.into()),
    );
    optional("sessionId", cart.session_id.as_deref().map(Value::from));
    optional("channel", cart.channel.clone());
    let notes = &cart.notes;
    optional("zipCode", notes.zip_code.as_deref().map(Value::from));
    optional(
        "countryCode",
        notes.country_code.as_deref().map(Value::from),
    );
    optional("mixins", notes.mixins.clone());
    if !notes.addresses.is_empty() {
        optional("addresses", Some(notes.addresses.clone().into()));
    }
    if let Owner::Customer(id) = criteria.owner {
        optional("customerId", Some(customers.get(id).number.as_str().into()));
    }
    view
}

/// As the search answers: with the status, which no other answer has.
pub(crate) fn found(cart: &Cart, customers: &Customers, now: u64) -> Value {
    let mut view = self::cart(cart, customers, now);
    view["status"] = cart.status().into();
    view
}

pub(crate) fn items(cart: &Cart) -> Value {
    cart.items
        .iter()
        .map(|line| item(line, cart.criteria.company))
        .collect()
}

pub(crate) fn item(item: &Item, company: Option<CompanyId>) -> Value {
    let line = line_price(item, company);
    json!({
        "id": item.id,
        "type": "INTERNAL",
        "keepAsSeparateLineItem": item.separate,
        "itemYrn": item.product.yrn(),
        "product": {
            "id": item.product.id,
            "code": item.product.id,
            "sku": item.product.id,
            "name": item.product.name,
            "localizedName": { "en": item.product.name },
        },
        "quantity": item.quantity,
        "effectiveQuantity": item.quantity,
        "price": item.product.price_row(company),
        "unitPrice": calculated(item.product.price_for(company)),
        "itemPrice": price(line),
        "calculatedPrice": { "price": calculated(line), "finalPrice": calculated(line) },
    })
}

pub(crate) fn line_price(item: &Item, company: Option<CompanyId>) -> i64 {
    (item.product.price_for(company) as f64 * item.quantity).round() as i64
}

fn price(cents: i64) -> Value {
    json!({ "amount": amount(cents), "currency": CURRENCY })
}

fn calculated(gross: i64) -> Value {
    let net = (gross * 100 + (100 + TAX_RATE) / 2) / (100 + TAX_RATE);
    json!({
        "netValue": amount(net),
        "grossValue": amount(gross),
        "taxValue": amount(gross - net),
        "taxCode": "STANDARD",
        "taxRate": TAX_RATE,
    })
}
