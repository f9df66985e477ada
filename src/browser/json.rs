//! [`Json`] over JavaScript's own values: the browser has a JSON parser, and this module need not bring another.

use super::page;
use crate::json::{Fields, Json};
use js_sys::{Array, JSON, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

impl Json for JsValue {
    fn parse(text: &str) -> Option<Self> {
        JSON::parse(text).ok()
    }

    fn render(base: Option<Self>, fields: &Fields) -> Option<String> {
        let mut value = fields.serialize(&Serializer::json_compatible()).ok()?;
        if let Some(base) = base {
            let base: &Object = base.unchecked_ref();
            value = Object::assign(base, value.unchecked_ref()).into();
        }
        JSON::stringify(&value).ok()?.as_string()
    }

    fn field(&self, name: &str) -> Option<Self> {
        page::field(self, name)
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
        let mut items = Vec::new();
        if Array::is_array(self) {
            for item in Array::from(self).iter() {
                items.push(item);
            }
        }
        items
    }
}
