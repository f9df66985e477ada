//! How a cart looks in an answer.

use super::{Cart, Item, Owner};
use crate::catalogue::CURRENCY;
use crate::clock::iso;
use crate::companies::CompanyId;
use crate::customers::Customers;
use crate::money::{Cents, add_quantities};
use crate::tenant::TENANT;
use serde_json::{Value, json};

pub(crate) fn cart_yrn(id: &str) -> String {
    format!("urn:yaas:saasag:caascart:cart:{TENANT};{id}")
}

pub(crate) fn cart(cart: &Cart, customers: &Customers, now: u64) -> Value {
    let criteria = &cart.criteria;
    let total: Cents = cart
        .items
        .iter()
        .map(|item| line_price(item, criteria.company))
        .sum();
    let units = cart
        .items
        .iter()
        .fold(0.0, |units, item| add_quantities(units, item.quantity));
    let mut view = json!({
        "id": cart.id,
        "yrn": cart_yrn(&cart.id),
        "siteCode": criteria.site,
        "currency": CURRENCY,
        "items": items(cart),
        "totalUnitsCount": units,
        "subTotalPrice": price(total),
        "totalPrice": price(total),
        "calculatedPrice": { "price": total.calculated(), "finalPrice": total.calculated() },
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
        "itemYrn": item.yrn,
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
        "unitPrice": item.product.price_for(company).calculated(),
        "itemPrice": price(line),
        "calculatedPrice": { "price": line.calculated(), "finalPrice": line.calculated() },
    })
}

pub(crate) fn line_price(item: &Item, company: Option<CompanyId>) -> Cents {
    item.product.price_for(company).times(item.quantity)
}

fn price(amount: Cents) -> Value {
    json!({ "amount": amount.amount(), "currency": CURRENCY })
}
