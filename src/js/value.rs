//! Values across the border, as plain JavaScript objects.

use crate::json::Fields;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// An object.
pub(super) fn to_js(fields: &Fields) -> JsValue {
    fields
        .serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::UNDEFINED)
}
