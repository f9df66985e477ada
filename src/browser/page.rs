//! What is written in JavaScript, in `npm/page.js`, because Rust could only say it at length.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/npm/page.js")]
extern "C" {
    /// Timers, lock, channel and listeners of one page, for one storefront.
    pub type Page;

    #[wasm_bindgen(constructor)]
    pub fn new(key: &str, tabs: bool, options: &JsValue, life: &AbortSignal) -> Page;

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

    #[wasm_bindgen(method, js_name = wakeAfter)]
    pub fn wake_after(this: &Page, time: Option<f64>);

    #[wasm_bindgen(method)]
    pub fn send(this: &Page, request: &web_sys::Request, keepalive: bool) -> Promise;

    #[wasm_bindgen(method)]
    pub fn read(this: &Page, storage: &JsValue) -> Promise;

    #[wasm_bindgen(method)]
    pub fn write(this: &Page, storage: &JsValue, text: &str) -> Promise;

    #[wasm_bindgen(method)]
    pub fn lock(this: &Page, patience: f64) -> Promise;

    #[wasm_bindgen(method, js_name = isShared)]
    pub fn is_shared(this: &Page) -> bool;

    /// A time to wait.
    pub type Timer;

    #[wasm_bindgen(constructor)]
    pub fn new(time: f64) -> Timer;

    #[wasm_bindgen(method, getter)]
    pub fn rings(this: &Timer) -> Promise;

    #[wasm_bindgen(method)]
    pub fn stop(this: &Timer);

    /// A field that is there, of an object.
    pub fn field(object: &JsValue, name: &str) -> Option<JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page began; it never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn monotonic() -> f64;
}

/// The lock is held until this is dropped.
pub struct Guard(pub(super) Function);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Stops the timer when nobody waits for it any more.
pub(super) struct Waiting(pub(super) Timer);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.stop();
    }
}
