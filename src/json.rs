//! A JSON object whose fields are asked for by name.
//!
//! The platform answers in two spellings, with numbers as text and fields left out, so a derived deserializer would
//! be wrong as often as it is large (15 kB, see the README). One small trait over "a JSON value" does it: implemented
//! for `JsValue` in the browser and for `serde_json::Value` in native tests; one corpus of answers goes through both.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The greatest number that counts something: more than there are milliseconds from 1970 to the last date, and less than what
/// JavaScript can count to, by more than is ever counted on from it.
pub const MOST: f64 = 9.0e15;

/// A JSON value. Every question is answered with `None` where the value is something else; nothing panics.
pub trait Json: Sized {
    /// Reads a text; `None` when it is no JSON.
    fn parse(text: &str) -> Option<Self>;

    /// Writes an object, with what `base` has beside its fields; `None` when it cannot be written as JSON.
    fn render(base: Option<Self>, fields: &Fields) -> Option<String>;

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

    /// The first of these fields that holds a text with something in it, and not merely the word for nothing that careless
    /// senders write.
    fn text_at(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.field(name)?.text().filter(|text| !is_nothing(text)))
    }

    /// The first of these fields that holds a whole number, be it a number or the text of one.
    fn whole_at(&self, names: &[&str]) -> Option<i64> {
        names.iter().find_map(|name| {
            let value = self.field(name)?;
            let number = value
                .number()
                .or_else(|| Self::parse(&value.text()?)?.number())?;
            number.is_finite().then_some(number as i64)
        })
    }

    /// A number that counts something and was written by this module itself. Numbers that counting cannot go on from are
    /// none: JavaScript begins to leave some out at 2^53.
    fn count(&self) -> Option<u64> {
        let number = self.number()?;
        (number >= 0.0 && number.fract() == 0.0 && number <= MOST).then_some(number as u64)
    }

    /// A field that is such a number.
    fn count_at(&self, name: &str) -> Option<u64> {
        self.field(name)?.count()
    }
}

/// Whether a text says that there is none, as careless senders write it.
#[inline(never)]
pub fn is_nothing(text: &str) -> bool {
    matches!(text.trim_ascii(), "" | "null" | "undefined")
}

/// An object to be written: the record, a request's body, whatever JavaScript is told. One kind for all of them, because
/// serde's derive brings code of its own for each.
#[derive(Default)]
pub struct Fields<'a>(Vec<(&'static str, Value<'a>)>);

enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    Object(Fields<'a>),
    Nothing,
}

impl<'a> Fields<'a> {
    /// A text.
    pub fn text(&mut self, name: &'static str, text: &'a str) {
        self.put(name, Value::Text(text));
    }

    /// A text, where there is one.
    pub fn text_some(&mut self, name: &'static str, text: Option<&'a str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A number. JavaScript's hold 53 bits, and so do this module's.
    pub fn number(&mut self, name: &'static str, number: u64) {
        self.put(name, Value::Number(number as f64));
    }

    /// A number, where there is one.
    pub fn number_some(&mut self, name: &'static str, number: Option<u64>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    /// A boolean.
    pub fn flag(&mut self, name: &'static str, flag: bool) {
        self.put(name, Value::Flag(flag));
    }

    /// `null`, unless the field is given again.
    pub fn nothing(&mut self, name: &'static str) {
        self.put(name, Value::Nothing);
    }

    /// An object in the object.
    pub fn object(&mut self, name: &'static str, fields: Self) {
        self.put(name, Value::Object(fields));
    }

    fn put(&mut self, name: &'static str, value: Value<'a>) {
        self.0.push((name, value));
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Object(fields) => fields.serialize(serializer),
            Self::Nothing => serializer.serialize_unit(),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::{Fields, Json};
    use serde_json::Value;

    impl Json for Value {
        fn parse(text: &str) -> Option<Self> {
            serde_json::from_str(text).ok()
        }

        fn render(base: Option<Self>, fields: &Fields) -> Option<String> {
            let Value::Object(fields) = serde_json::to_value(fields).ok()? else {
                return None;
            };
            let mut whole = base.unwrap_or_else(|| Value::Object(Default::default()));
            whole.as_object_mut()?.extend(fields);
            Some(whole.to_string())
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
