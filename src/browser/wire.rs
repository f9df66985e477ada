//! Requests: built with gloo, sent by the page's fetch.

use super::global;
use crate::http::{Method, Request, Response, Unanswered};
use crate::session::Millis;
use gloo_net::http::{Method as GlooMethod, RequestBuilder, Response as GlooResponse};
use js_sys::{Date, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials};

/// Sends the request. gloo's own `send` is not used: it panics where fetch rejects with something that is no `Error`,
/// or answers with something that is no `Response`.
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
    let answer: web_sys::Response = answer.dyn_into().map_err(|_| Unanswered)?;
    let answer = GlooResponse::from(answer);
    Ok(Response {
        status: answer.status(),
        retry_after: retry_after(answer.headers().get("retry-after"), wall),
        body: answer.text().await.map_err(|_| Unanswered)?,
    })
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
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    web_sys::Request::new_with_request_and_init(&built, &init)
        .map_err(|_| gloo_net::Error::GlooError(String::new()))
}

/// `Retry-After` is a number of seconds or a date; a browser reads dates better than this module could.
fn retry_after(text: Option<String>, wall: Millis) -> Option<Millis> {
    let text = text?;
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(u64::from(seconds) * 1000);
    }
    let date = Date::parse(&text);
    date.is_finite()
        .then(|| (date as Millis).saturating_sub(wall))
}
