//! The fields of the customer service's bodies.

use crate::wire::problem::Problem;
use serde_json::{Map, Value};

/// The texts of a profile that a customer may write.
const TEXTS: [&str; 10] = [
    "title",
    "firstName",
    "middleName",
    "lastName",
    "contactEmail",
    "contactPhone",
    "company",
    "preferredLanguage",
    "preferredCurrency",
    "preferredSite",
];

/// Beside the texts of a profile, as the platform keeps it.
pub(super) const REGISTRATION_ID: &str = "companyRegistrationId";

/// A text that has to be there.
pub(super) fn text<'b>(
    body: &'b Value,
    field: &'static str,
    min_length: usize,
) -> Result<&'b str, Problem> {
    match body[field].as_str() {
        None | Some("") => Err(Problem::missing(field)),
        Some(text) if text.chars().count() < min_length => Err(Problem::invalid(
            field,
            format!("{field} must have at least {min_length} characters"),
        )),
        Some(text) => Ok(text),
    }
}

/// An optional text.
pub(super) fn optional<'b>(
    body: &'b Value,
    field: &'static str,
) -> Result<Option<&'b str>, Problem> {
    match &body[field] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Problem::invalid(field, format!("{field} must be a text"))),
    }
}

/// A profile's details after a change: what the change names is replaced, by `null` removed, and the rest stays.
pub(super) fn merge_details(
    details: &Map<String, Value>,
    change: &Value,
) -> Result<Map<String, Value>, Problem> {
    let mut merged = details.clone();
    for field in TEXTS {
        write(&mut merged, field, change.get(field), Value::is_string)?;
    }
    if !merged.contains_key("contactEmail") && details.contains_key("contactEmail") {
        return Err(Problem::invalid(
            "contactEmail",
            "contactEmail cannot be unset",
        ));
    }
    write(
        &mut merged,
        "mixins",
        change.get("mixins"),
        Value::is_object,
    )?;
    match &change["b2b"] {
        Value::Null => {}
        Value::Object(b2b) => write(
            &mut merged,
            REGISTRATION_ID,
            b2b.get(REGISTRATION_ID),
            Value::is_string,
        )?,
        _ => return Err(Problem::invalid("b2b", "b2b must be an object")),
    }
    check_details(&merged)?;
    Ok(merged)
}

/// Sets an optional field; `null` removes it.
pub(super) fn write(
    fields: &mut Map<String, Value>,
    field: &'static str,
    value: Option<&Value>,
    fits: fn(&Value) -> bool,
) -> Result<(), Problem> {
    match value {
        None => {}
        Some(Value::Null) => {
            fields.remove(field);
        }
        Some(value) if fits(value) => {
            fields.insert(field.to_owned(), value.clone());
        }
        Some(_) => return Err(Problem::invalid(field, format!("{field} has a wrong type"))),
    }
    Ok(())
}

fn check_details(details: &Map<String, Value>) -> Result<(), Problem> {
    let text = |field: &str| details.get(field).and_then(Value::as_str);
    if text("preferredCurrency").is_some_and(|currency| currency.chars().count() != 3) {
        return Err(Problem::invalid(
            "preferredCurrency",
            "preferredCurrency must have 3 characters",
        ));
    }
    if text(REGISTRATION_ID).is_some() {
        for field in ["firstName", "lastName", "company"] {
            if text(field).is_none_or(str::is_empty) {
                return Err(Problem::missing(field));
            }
        }
    }
    Ok(())
}
