//! Errors across the border: what the npm package makes its `SessionError` of.

use crate::session::{Millis, SessionError};
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorFields<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<Millis>,
}

/// The fields of the error, as a plain object.
pub(super) fn to_js(error: &SessionError) -> JsValue {
    super::value::to_js(&ErrorFields {
        code: error.code.as_str(),
        message: &error.message(),
        field: error.field,
        status: error.status,
        retryable: error.retryable,
        retry_after_ms: error.retry_after,
    })
}
