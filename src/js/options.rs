//! What `open` is given. The npm package has checked it and put the defaults in place (`npm/options.js`), so that a mistake
//! is named before this module is even loaded.

use crate::emporix::{Context, Platform};
use crate::json::Json;
use crate::session::Millis;
use wasm_bindgen::JsValue;

const DEFAULT_PATIENCE: f64 = 15_000.0;

/// The options of `open`.
pub(super) struct Options {
    pub(super) platform: Platform,
    pub(super) patience: Millis,
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
            patience: patience.unwrap_or(DEFAULT_PATIENCE) as Millis,
        }
    }
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    object.field(name)?.text()
}
