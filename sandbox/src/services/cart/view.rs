//! How a cart looks in an answer.

use crate::seed::coupons::Coupon;
use crate::seed::money::{Cents, Currency, add_quantities, discounted};
use crate::seed::tenant::Tenant;
use crate::world::carts::{Cart, Item, Owner};
use crate::world::clock::iso;
use crate::world::customers::Customers;
use serde_json::{Value, json};

pub(crate) fn cart_yrn(tenant: Tenant, id: &str) -> String {
    format!("urn:yaas:saasag:caascart:cart:{};{id}", tenant.name())
}

pub(super) fn discount_yrn(tenant: Tenant, coupon: &Coupon) -> String {
    format!(
        "urn:yaas:saasag:coupon:coupon:{};{}",
        tenant.name(),
        coupon.id
    )
}

pub(crate) fn cart(cart: &Cart, customers: &Customers, now: u64) -> Value {
    let criteria = &cart.criteria;
    let total: Cents = cart.items.iter().map(|item| cart.line_price(item)).sum();
    let units = cart
        .items
        .iter()
        .fold(0.0, |units, item| add_quantities(units, item.quantity));
    let left = discounted(total, &cart.coupons);
    let mut view = json!({
        "id": cart.id,
        "yrn": cart_yrn(criteria.tenant, &cart.id),
        "siteCode": criteria.site,
        "currency": cart.currency.code(),
        "items": items(cart),
        "totalUnitsCount": units,
        "subTotalPrice": price(total, cart.currency),
        "totalPrice": price(left.price, cart.currency),
        "calculatedPrice": left.calculated(),
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
    if !cart.coupons.is_empty() {
        let saved = total.minus(left.price);
        optional("discounts", Some(discounts(cart)));
        optional("totalDiscount", Some(price(saved, cart.currency)));
    }
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

pub(super) fn discounts(cart: &Cart) -> Value {
    let tenant = cart.criteria.tenant;
    cart.coupons
        .iter()
        .enumerate()
        .map(|(index, coupon)| {
            json!({
                "id": coupon.id,
                "code": coupon.code,
                "name": coupon.name,
                "discountIndex": index,
                "discountRate": coupon.percent,
                "discountCalculationType": "SUBTOTAL",
                "calculationType": "ApplyDiscountAfterTax",
                "currency": cart.currency.code(),
                "valid": true,
                "yrn": discount_yrn(tenant, coupon),
            })
        })
        .collect()
}

pub(crate) fn items(cart: &Cart) -> Value {
    cart.items.iter().map(|line| item(cart, line)).collect()
}

pub(crate) fn item(cart: &Cart, item: &Item) -> Value {
    let company = cart.criteria.company;
    let line = cart.line_price(item);
    json!({
        "id": item.id,
        "type": "INTERNAL",
        "keepAsSeparateLineItem": item.separate,
        "itemYrn": item.yrn,
        "product": {
            "id": item.product.id,
            "code": item.product.id,
            "sku": item.product.id,
            "name": item.product.name.en,
            "localizedName": item.product.name.map(),
        },
        "quantity": item.quantity,
        "effectiveQuantity": item.quantity,
        "price": item.product.price_row(company, cart.currency),
        "unitPrice": cart.unit_price(item).calculated(),
        "itemPrice": price(line, cart.currency),
        "calculatedPrice": { "price": line.calculated(), "finalPrice": line.calculated() },
    })
}

fn price(amount: Cents, currency: Currency) -> Value {
    json!({ "amount": amount.amount(), "currency": currency.code() })
}
