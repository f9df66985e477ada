//! What `open` is given. The npm package has checked it and put the defaults in place (`npm/options.js`), so that a mistake
//! is named before this module is even loaded.

use crate::browser::Area;
use crate::emporix::{Context, Platform};
use crate::json::Json;
use crate::session::Millis;
use wasm_bindgen::JsValue;

const DEFAULT_PATIENCE: f64 = 15_000.0;

/// The options of `open`.
pub(super) struct Options {
    pub(super) platform: Platform,
    pub(super) area: Area,
    pub(super) patience: Millis,
    /// What the page has read of the record before this module was there, and heard since.
    pub(super) known: [Option<String>; 2],
}

impl Options {
    pub(super) fn read(options: &JsValue) -> Self {
        let text = |name| text(options, name).unwrap_or_default();
        let mut context = Context::default();
        if let Some(given) = options.field("context") {
            for name in Context::NAMES {
                if let Some(value) = self::text(&given, name) {
                    context.set(name, value);
                }
            }
        }
        let patience = options.field("timeoutMs").and_then(|it| it.number());
        Self {
            platform: Platform::checked(text("tenant"), text("clientId"), text("apiUrl"), context),
            area: area(options),
            patience: patience.unwrap_or(DEFAULT_PATIENCE) as Millis,
            known: ["known", "heard"].map(|name| self::text(options, name)),
        }
    }
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    object.field(name)?.text()
}

fn area(options: &JsValue) -> Area {
    match options.field("storage") {
        Some(storage) if storage.is_object() => Area::Adapter(storage),
        storage => match storage.and_then(|it| it.text()).as_deref() {
            Some("session") => Area::Session,
            Some("memory") => Area::Memory,
            Some("store") => Area::Store,
            _ => Area::Local,
        },
    }
}
