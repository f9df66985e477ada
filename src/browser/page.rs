//! What is written in JavaScript, in `npm/page.js` and beside it, because Rust could only say it at length.

use std::pin::Pin;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/npm/page.js")]
extern "C" {
    /// Timers, lock, channel and listeners of one page, for one storefront.
    pub type Page;

    #[wasm_bindgen(constructor)]
    pub fn new(
        key: &str,
        area: &JsValue,
        options: &JsValue,
        life: &AbortSignal,
        run: &JsValue,
    ) -> Page;

    #[wasm_bindgen(method)]
    pub fn listen(this: &Page, hear: &JsValue);

    #[wasm_bindgen(method)]
    pub fn deafen(this: &Page);

    #[wasm_bindgen(method)]
    pub fn close(this: &Page);

    #[wasm_bindgen(method)]
    pub fn announce(this: &Page, record: &str);

    #[wasm_bindgen(method)]
    pub fn now(this: &Page) -> f64;

    /// Milliseconds since the page began; it never goes back.
    #[wasm_bindgen(method)]
    pub fn monotonic(this: &Page) -> f64;

    #[wasm_bindgen(method, js_name = wakeAfter)]
    pub fn wake_after(this: &Page, time: Option<f64>);

    #[wasm_bindgen(method)]
    pub fn send(this: &Page, request: Option<&web_sys::Request>, keepalive: bool) -> Answer;

    #[wasm_bindgen(method)]
    pub fn read(this: &Page, storage: &JsValue) -> Answer;

    /// `undefined` where storage takes its time.
    #[wasm_bindgen(method, js_name = readNow)]
    pub fn read_now(this: &Page, storage: &JsValue) -> JsValue;

    #[wasm_bindgen(method, js_name = writeNow)]
    pub fn write_now(this: &Page, storage: &JsValue, text: &str);

    #[wasm_bindgen(method)]
    pub fn publish(this: &Page, next: f64) -> Answer;

    #[wasm_bindgen(method)]
    pub fn write(this: &Page, storage: &JsValue, text: &str) -> Answer;

    #[wasm_bindgen(method)]
    pub fn lock(this: &Page, patience: f64) -> Answer;

    #[wasm_bindgen(method)]
    pub fn sleep(this: &Page, time: f64) -> Answer;

    #[wasm_bindgen(method)]
    pub fn pause(this: &Page) -> Answer;
}

#[wasm_bindgen(module = "/npm/answer.js")]
extern "C" {

    /// What a promise comes to. The tasks run when it is there.
    pub type Answer;

    /// Whether it is there: 1 where the promise was kept, 2 where it was broken.
    #[wasm_bindgen(method, getter)]
    pub fn state(this: &Answer) -> u32;

    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Answer) -> JsValue;

    /// Nobody waits for it any more.
    #[wasm_bindgen(method)]
    pub fn forget(this: &Answer);

    /// Calls `run` once whoever calls now has returned.
    #[wasm_bindgen(static_method_of = Answer)]
    pub fn soon(run: &JsValue);

    /// A field that is there, of an object.
    pub fn field(object: &JsValue, name: &str) -> Option<JsValue>;
}

// Not for this side: what is named here is copied with the others, and they import it.
#[wasm_bindgen(module = "/npm/revisions.js")]
extern "C" {
    #[allow(dead_code)]
    type Revisions;
}

#[wasm_bindgen(module = "/npm/email.js")]
extern "C" {
    /// The one spelling of an e-mail address.
    #[wasm_bindgen(js_name = normalEmail)]
    pub fn normal_email(email: &str) -> String;
}

#[wasm_bindgen(module = "/npm/lock.js")]
extern "C" {
    /// The lock, as it is held.
    pub type Lock;

    /// The latest revision that was made known when it was taken.
    #[wasm_bindgen(method, getter)]
    pub fn revision(this: &Lock) -> JsValue;

    /// For how long others may be in the middle of something all the same, in milliseconds.
    #[wasm_bindgen(method, getter)]
    pub fn rivals(this: &Lock) -> f64;

    #[wasm_bindgen(method)]
    pub fn release(this: &Lock);
}

/// The lock is held until this is dropped.
pub struct Guard(pub(super) Lock);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Waits for an answer, and reads what came.
pub(super) struct Reply<T>(pub(super) Answer, pub(super) fn(Outcome) -> T);

/// What a promise came to.
pub(super) type Outcome = Result<JsValue, JsValue>;

impl<T> Future for Reply<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<T> {
        let Self(answer, read) = &*self;
        let outcome = match answer.state() {
            0 => return Poll::Pending,
            1 => Ok(answer.value()),
            _ => Err(answer.value()),
        };
        Poll::Ready(read(outcome))
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        self.0.forget();
    }
}
