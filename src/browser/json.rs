//! [`Json`] over JavaScript's own values: the browser has a JSON parser, and this module need not bring another.

use crate::json::Json;
use js_sys::{Array, JSON};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

impl Json for JsValue {
    fn parse(text: &str) -> Option<Self> {
        JSON::parse(text).ok()
    }

    fn render<T: Serialize>(value: &T) -> Option<String> {
        let value = value.serialize(&Serializer::json_compatible()).ok()?;
        JSON::stringify(&value).ok()?.as_string()
    }

    fn field(&self, name: &str) -> Option<Self> {
        // Of objects only: a text has a `length`, and that is nobody's field.
        self.is_object().then(|| super::field(self, name)).flatten()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Vec<Self> {
        if Array::is_array(self) {
            Array::from(self).to_vec()
        } else {
            Vec::new()
        }
    }
}
