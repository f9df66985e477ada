//! Requests: built with gloo, sent by the page's fetch.

use super::{field, global};
use crate::http::{Method, Request, Response, Unanswered};
use crate::session::Millis;
use gloo_net::http::{Method as GlooMethod, RequestBuilder};
use js_sys::{Array, Date, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials};

/// Sends the request. gloo's own `send` is not used: it panics where fetch rejects with something that is no `Error`,
/// or answers with something that only looks like a `Response`.
pub(super) async fn send(
    fetch: Option<&Function>,
    request: Request,
    wall: Millis,
) -> Result<Response, Unanswered> {
    let request = build(request).map_err(|_| Unanswered)?;
    let global_fetch = fetch.is_none().then(|| global("fetch")).flatten();
    let fetch = fetch
        .or_else(|| global_fetch.as_ref()?.dyn_ref())
        .ok_or(Unanswered)?;
    let answer = fetch
        .call1(&JsValue::UNDEFINED, &request)
        .map_err(|_| Unanswered)?;
    let answer = JsFuture::from(Promise::resolve(&answer))
        .await
        .map_err(|_| Unanswered)?;
    read(&answer, wall).await.ok_or(Unanswered)
}

/// Reads an answer, or what a page's own fetch takes for one: each step may throw, and none is trusted.
async fn read(answer: &JsValue, wall: Millis) -> Option<Response> {
    let status = field(answer, "status")?.as_f64()? as u16;
    let body = call(answer, "text", &Array::new())?;
    let body = JsFuture::from(Promise::resolve(&body)).await.ok()?;
    let wanted = Array::of1(&"retry-after".into());
    let headers = field(answer, "headers");
    let retry_after = headers.and_then(|headers| call(&headers, "get", &wanted)?.as_string());
    Some(Response {
        status,
        retry_after: retry_after.and_then(|text| read_retry_after(&text, wall)),
        body: body.as_string()?,
    })
}

fn call(object: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let method: Function = field(object, method)?.dyn_into().ok()?;
    Reflect::apply(&method, object, arguments).ok()
}

fn build(request: Request) -> Result<web_sys::Request, gloo_net::Error> {
    let method = match request.method {
        Method::Get => GlooMethod::GET,
        Method::Post => GlooMethod::POST,
    };
    // The platform wants tokens in addresses: no cache may keep one, no referrer carry it on.
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer);
    if let Some(token) = &request.bearer {
        let value = ["Bearer ", token.expose()].concat();
        builder = builder.header("Authorization", &value);
    }
    let built = match request.body {
        Some(body) => builder
            .header("Content-Type", "application/json")
            .body(body)?,
        None => builder.build()?,
    };
    let built = web_sys::Request::from(built);
    if !request.keepalive {
        return Ok(built);
    }
    let init = web_sys::RequestInit::new();
    let _ = Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    web_sys::Request::new_with_request_and_init(&built, &init)
        .map_err(|_| gloo_net::Error::GlooError(String::new()))
}

/// `Retry-After` is a number of seconds or a date; a browser reads dates better than this module could.
fn read_retry_after(text: &str, wall: Millis) -> Option<Millis> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(u64::from(seconds) * 1000);
    }
    let date = Date::parse(text);
    date.is_finite()
        .then(|| (date as Millis).saturating_sub(wall))
}
