//! News: from the other tabs, and from the browser when time may have passed unseen.

use super::{field, global};
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, AddEventListenerOptions, BroadcastChannel, EventTarget};

/// What the tabs of one storefront tell each other.
pub(super) struct Channel(BroadcastChannel);

impl Channel {
    pub(super) fn open(name: &str, life: &AbortSignal) -> Option<Self> {
        global("BroadcastChannel")?;
        let channel = BroadcastChannel::new(name).ok()?;
        let close: Function = field(&channel, "close")?.dyn_into().ok()?;
        let _ = life.add_event_listener_with_callback("abort", &close.bind0(&channel));
        Some(Self(channel))
    }

    pub(super) fn announce(&self, record: &str) {
        // Whether anybody hears it is not known anyway; the record is in storage.
        let _ = self.0.post_message(&record.into());
    }

    pub(super) fn hear(&self, hear: impl Fn(String) + 'static, life: &AbortSignal) -> Listening {
        Listening::new(self.0.clone().into(), "message", life, move |event| {
            if let Some(record) = field(&event, "data").and_then(|data| data.as_string()) {
                hear(record);
            }
        })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// An event listener that is removed when this is dropped.
pub struct Listening {
    target: EventTarget,
    event: &'static str,
    listener: Closure<dyn FnMut(JsValue)>,
}

impl Listening {
    fn new(
        target: EventTarget,
        event: &'static str,
        life: &AbortSignal,
        heard: impl Fn(JsValue) + 'static,
    ) -> Self {
        let listener = Closure::new(heard);
        let function = AsRef::<JsValue>::as_ref(&listener).unchecked_ref();
        let options = AddEventListenerOptions::new();
        options.set_signal(life);
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            event, function, &options,
        );
        Self {
            target,
            event,
            listener,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let function = self.listener.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.event, function);
    }
}

/// The moments at which the record may have changed, or a token have aged, without this page having run.
pub(super) fn wakes(wake: &Rc<dyn Fn()>, life: &AbortSignal) -> Vec<Listening> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let document = window.document().map(EventTarget::from);
    let window = EventTarget::from(window);
    let on = |target: &EventTarget, event| {
        let wake = Rc::clone(wake);
        Listening::new(target.clone(), event, life, move |_| wake())
    };
    let mut listening: Vec<_> = ["pageshow", "online", "storage"]
        .into_iter()
        .map(|event| on(&window, event))
        .collect();
    listening.extend(document.map(|document| on(&document, "visibilitychange")));
    listening
}
