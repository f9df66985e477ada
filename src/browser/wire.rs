//! Requests and answers, as the page's fetch takes and gives them.

use crate::http::{Request, Response};
use crate::json::Json;
use crate::text::concat;
use gloo_net::http::Headers;
use wasm_bindgen::JsValue;
use web_sys::RequestInit;

/// The request; `None` where the browser refuses its address. gloo's own builder is not used: it takes every address apart
/// and brings what formats text.
pub(super) fn request(request: &Request) -> Option<web_sys::Request> {
    let headers = Headers::new();
    if let Some(token) = &request.bearer {
        headers.set("Authorization", &concat(&["Bearer ", token.expose()]));
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    if let Some(body) = &request.body {
        headers.set("Content-Type", "application/json");
        init.set_body(&body.into());
    }
    init.set_headers(&headers.into_raw());
    web_sys::Request::new_with_str_and_init(&request.url, &init).ok()
}

/// The answer, whose parts may be anything where the page has a fetch of its own.
pub(super) fn response(answer: &JsValue) -> Option<Response> {
    Some(Response {
        status: answer.count_at("status")? as u16,
        retry_after: answer.count_at("retryAfter"),
        body: answer.field("body")?.text()?,
    })
}
