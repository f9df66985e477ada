//! Errors across the border: what the npm package makes its `SessionError` of.

use crate::json::Fields;
use crate::session::SessionError;
use wasm_bindgen::JsValue;

/// The fields of the error, as a plain object.
pub(super) fn to_js(error: &SessionError) -> JsValue {
    let message = error.message();
    let mut fields = Fields::default();
    fields.text("code", error.code.as_str());
    fields.text("message", &message);
    fields.text_some("field", error.field);
    fields.number_some("status", error.status.map(u64::from));
    fields.flag("retryable", error.retryable);
    fields.number_some("retryAfterMs", error.retry_after);
    fields.text_some("reason", error.reason);
    super::value::to_js(&fields)
}
