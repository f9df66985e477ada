//! A JSON object whose fields are asked for by name.
//!
//! The platform answers in two spellings, with numbers as text and fields left out, so a derived deserializer would
//! be wrong as often as it is large (15 kB, see the README). One small trait over "a JSON value" does it: implemented
//! for `JsValue` in the browser and for `serde_json::Value` in native tests; one corpus of answers goes through both.

use serde::Serialize;

/// A JSON value. Every question is answered with `None` where the value is something else; nothing panics.
pub trait Json: Sized {
    /// Reads a text; `None` when it is no JSON.
    fn parse(text: &str) -> Option<Self>;

    /// Writes a value; `None` when it cannot be written as JSON.
    fn render<T: Serialize>(value: &T) -> Option<String>;

    /// The field of an object. A missing field, `null` and `undefined` are all `None`.
    fn field(&self, name: &str) -> Option<Self>;

    /// The text of a string.
    fn text(&self) -> Option<String>;

    /// The value of a number.
    fn number(&self) -> Option<f64>;

    /// The value of a boolean.
    fn flag(&self) -> Option<bool>;

    /// The items of an array; nothing where it is none.
    fn items(&self) -> Vec<Self>;

    /// The first of these fields that holds a text with something in it.
    fn text_at(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            self.field(name)?
                .text()
                .filter(|text| !text.trim().is_empty())
        })
    }

    /// The first of these fields that holds a whole number, be it a number or the text of one.
    fn whole_at(&self, names: &[&str]) -> Option<i64> {
        names.iter().find_map(|name| {
            let value = self.field(name)?;
            match value.number() {
                Some(number) if number.is_finite() => Some(number as i64),
                Some(_) => None,
                None => value.text()?.trim().parse().ok(),
            }
        })
    }

    /// A field that counts something and was written by this module itself.
    fn count_at(&self, name: &str) -> Option<u64> {
        let number = self.field(name)?.number()?;
        (number >= 0.0 && number.fract() == 0.0 && number <= 9_007_199_254_740_991.0)
            .then_some(number as u64)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::Json;
    use serde::Serialize;
    use serde_json::Value;

    impl Json for Value {
        fn parse(text: &str) -> Option<Self> {
            serde_json::from_str(text).ok()
        }

        fn render<T: Serialize>(value: &T) -> Option<String> {
            serde_json::to_string(value).ok()
        }

        fn field(&self, name: &str) -> Option<Self> {
            self.get(name).filter(|value| !value.is_null()).cloned()
        }

        fn text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }

        fn number(&self) -> Option<f64> {
            self.as_f64()
        }

        fn flag(&self) -> Option<bool> {
            self.as_bool()
        }

        fn items(&self) -> Vec<Self> {
            self.as_array().cloned().unwrap_or_default()
        }
    }
}
