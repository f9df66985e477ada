//! What a buyer has to say at the checkout, as the official file requires it. Fields that it does not know are ignored,
//! since its own examples have some.

use crate::seed::money::Cents;
use crate::wire::problem::Problem;
use crate::world::orders::Terms;
use serde_json::Value;

/// The body of a checkout, found to be complete.
#[derive(Debug)]
pub(super) struct Form<'b> {
    pub(super) currency: Option<&'b str>,
    customer: &'b Value,
    shipping: &'b Value,
    amount: f64,
    shipping_address: &'b Value,
    billing_address: &'b Value,
    payment: &'b Value,
}

impl<'b> Form<'b> {
    pub(super) fn read(body: &'b Value) -> Result<Self, Problem> {
        let customer = &body["customer"];
        check_customer(customer)?;
        let shipping = object(body, "shipping")?;
        for (key, field) in [
            ("methodId", "shipping.methodId"),
            ("zoneId", "shipping.zoneId"),
            ("methodName", "shipping.methodName"),
        ] {
            said(shipping, key, field)?;
        }
        optional_text(shipping, "shippingTaxCode", "shipping.shippingTaxCode")?;
        let amount = match &shipping["amount"] {
            Value::Null => return Err(Problem::missing("shipping.amount")),
            amount => amount.as_f64().filter(|it| *it >= 0.0).ok_or_else(|| {
                Problem::invalid(
                    "shipping.amount",
                    "shipping.amount must be a number of at least 0",
                )
            })?,
        };
        let addresses = list(body, "addresses")?;
        for address in addresses {
            check_address(address)?;
        }
        let of_type = |name: &str| addresses.iter().find(|address| address["type"] == name);
        let (Some(shipping_address), Some(billing_address)) =
            (of_type("SHIPPING"), of_type("BILLING"))
        else {
            return Err(Problem::invalid(
                "addresses",
                "addresses must hold one of type SHIPPING and one of type BILLING",
            ));
        };
        let [payment] = list(body, "paymentMethods")? else {
            return Err(Problem::invalid(
                "paymentMethods",
                "paymentMethods must hold one payment method",
            ));
        };
        check_payment(payment)?;
        optional_text(body, "deliveryWindowId", "deliveryWindowId")?;
        Ok(Self {
            currency: optional_text(body, "currency", "currency")?,
            customer,
            shipping,
            amount,
            shipping_address,
            billing_address,
            payment,
        })
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            customer: self.customer.clone(),
            shipping: self.shipping.clone(),
            shipping_amount: Cents::of_amount(self.amount),
            shipping_address: self.shipping_address.clone(),
            billing_address: self.billing_address.clone(),
            payment: self.payment.clone(),
        }
    }
}

fn check_customer(customer: &Value) -> Result<(), Problem> {
    let email = said(customer, "email", "customer.email")?;
    let is_address = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !email.contains(char::is_whitespace);
    if !is_address {
        return Err(Problem::invalid(
            "customer.email",
            "customer.email must be an e-mail address",
        ));
    }
    let mut named = false;
    for (key, field) in [
        ("firstName", "customer.firstName"),
        ("lastName", "customer.lastName"),
    ] {
        named |= optional_text(customer, key, field)?.is_some_and(|name| !name.is_empty());
    }
    for (key, field) in [
        ("name", "customer.name"),
        ("title", "customer.title"),
        ("middleName", "customer.middleName"),
        ("contactPhone", "customer.contactPhone"),
        ("company", "customer.company"),
    ] {
        optional_text(customer, key, field)?;
    }
    if named {
        Ok(())
    } else {
        Err(Problem::missing("customer.firstName"))
    }
}

fn check_address(address: &Value) -> Result<(), Problem> {
    if !address.is_object() {
        return Err(Problem::invalid(
            "addresses",
            "addresses must be a list of objects",
        ));
    }
    for (key, field) in [
        ("contactName", "addresses.contactName"),
        ("street", "addresses.street"),
        ("city", "addresses.city"),
        ("type", "addresses.type"),
    ] {
        text(address, key, field)?;
    }
    if text(address, "zipCode", "addresses.zipCode")?
        .chars()
        .count()
        > 11
    {
        return Err(Problem::invalid(
            "addresses.zipCode",
            "addresses.zipCode must have at most 11 characters",
        ));
    }
    let country = text(address, "country", "addresses.country")?;
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(Problem::invalid(
            "addresses.country",
            "addresses.country must have two letters",
        ));
    }
    for (key, field) in [
        ("companyName", "addresses.companyName"),
        ("streetNumber", "addresses.streetNumber"),
        ("streetAppendix", "addresses.streetAppendix"),
        ("state", "addresses.state"),
        ("contactPhone", "addresses.contactPhone"),
    ] {
        optional_text(address, key, field)?;
    }
    Ok(())
}

fn check_payment(payment: &Value) -> Result<(), Problem> {
    said(payment, "provider", "paymentMethods.provider")?;
    optional_text(payment, "method", "paymentMethods.method")?;
    let attributes = &payment["customAttributes"];
    if !(attributes.is_null() || attributes.is_object()) {
        return Err(Problem::invalid(
            "paymentMethods.customAttributes",
            "paymentMethods.customAttributes must be an object",
        ));
    }
    let amount = &payment["amount"];
    if !(amount.is_null() || amount.is_number()) {
        return Err(Problem::invalid(
            "paymentMethods.amount",
            "paymentMethods.amount must be a number",
        ));
    }
    Ok(())
}

fn object<'b>(body: &'b Value, field: &'static str) -> Result<&'b Value, Problem> {
    match &body[field] {
        Value::Null => Err(Problem::missing(field)),
        value @ Value::Object(_) => Ok(value),
        _ => Err(Problem::invalid(
            field,
            format!("{field} must be an object"),
        )),
    }
}

fn list<'b>(body: &'b Value, field: &'static str) -> Result<&'b [Value], Problem> {
    match &body[field] {
        Value::Null => Err(Problem::missing(field)),
        Value::Array(list) => Ok(list),
        _ => Err(Problem::invalid(field, format!("{field} must be a list"))),
    }
}

/// A text that has to be there.
fn text<'b>(body: &'b Value, key: &'static str, field: &'static str) -> Result<&'b str, Problem> {
    optional_text(body, key, field)?.ok_or_else(|| Problem::missing(field))
}

/// A text that has to say something.
fn said<'b>(body: &'b Value, key: &'static str, field: &'static str) -> Result<&'b str, Problem> {
    let text = text(body, key, field)?;
    if text.trim().is_empty() {
        Err(Problem::missing(field))
    } else {
        Ok(text)
    }
}

fn optional_text<'b>(
    body: &'b Value,
    key: &'static str,
    field: &'static str,
) -> Result<Option<&'b str>, Problem> {
    match &body[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Problem::invalid(field, format!("{field} must be a text"))),
    }
}
