//! Time: the page's own clock, a timer that is cleared when nobody waits any more, the lifecycle's alarm.

use crate::session::Millis;
use js_sys::{Function, Promise};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, time: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);

    /// Milliseconds since the page began; it never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(super) fn monotonic() -> f64;
}

/// Browsers take the time as a signed 32-bit number and fire at once beyond it.
fn bounded(time: Millis) -> i32 {
    i32::try_from(time).unwrap_or(i32::MAX)
}

/// A time to wait.
pub(super) struct Timer {
    id: JsValue,
    ring: Option<Function>,
    rings: JsFuture,
}

impl Timer {
    pub(super) fn new(time: Millis) -> Self {
        let mut id = JsValue::UNDEFINED;
        let mut ring = None;
        let rings = Promise::new(&mut |resolve, _| {
            id = set_timeout(&resolve, bounded(time));
            ring = Some(resolve);
        });
        Self {
            id,
            ring,
            rings: rings.into(),
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.rings).poll(context).map(|_| ())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
        // What waits for a promise is freed when that is settled, and only then.
        if let Some(ring) = &self.ring {
            let _ = ring.call0(&JsValue::UNDEFINED);
        }
    }
}

/// The one next wake-up of a lifecycle.
#[derive(Default)]
pub(super) struct Alarm {
    ring: Option<Closure<dyn FnMut()>>,
    id: Option<JsValue>,
}

impl Alarm {
    pub(super) fn on_ring(&mut self, ring: Rc<dyn Fn()>) {
        self.ring = Some(Closure::new(move || ring()));
    }

    pub(super) fn set(&mut self, time: Option<Millis>) {
        self.clear();
        if let (Some(ring), Some(time)) = (&self.ring, time) {
            let ring: &Function = ring.as_ref().unchecked_ref();
            self.id = Some(set_timeout(ring, bounded(time)));
        }
    }

    fn clear(&mut self) {
        if let Some(id) = self.id.take() {
            clear_timeout(&id);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clear();
    }
}
