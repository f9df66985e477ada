//! What `open` is given: read field by field, so that each mistake is named.

use crate::browser::{Area, Supplies};
use crate::emporix::{Context, Platform};
use crate::json::Json;
use crate::session::{Millis, Result, SessionError};
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

const DEFAULT_PATIENCE: Millis = 15_000;

/// The options of `open`, checked.
pub(super) struct Options {
    pub(super) platform: Platform,
    pub(super) supplies: Supplies,
    pub(super) patience: Millis,
}

impl Options {
    pub(super) fn read(options: &JsValue) -> Result<Self> {
        if !options.is_object() {
            return Err(SessionError::argument("options", "an object"));
        }
        let text = |name: &'static str| text(options, name, name);
        let api_url = text("apiUrl")?;
        let platform = Platform::new(
            &text("tenant")?.unwrap_or_default(),
            &text("clientId")?.unwrap_or_default(),
            api_url.as_deref(),
            context(options)?,
        )?;
        Ok(Self {
            platform,
            supplies: Supplies {
                area: area(options)?,
                clock: function(options, "now")?,
                fetch: function(options, "fetch")?,
            },
            patience: patience(options)?,
        })
    }
}

fn text(object: &JsValue, name: &str, full_name: &'static str) -> Result<Option<String>> {
    match object.field(name) {
        None => Ok(None),
        Some(value) => match value.text() {
            Some(text) => Ok(Some(text)),
            None => Err(SessionError::argument(full_name, "a text")),
        },
    }
}

fn context(options: &JsValue) -> Result<Context> {
    let Some(context) = options.field("context") else {
        return Ok(Context::default());
    };
    if !context.is_object() {
        return Err(SessionError::argument("context", "an object"));
    }
    Ok(Context {
        currency: text(&context, "currency", "context.currency")?,
        site_code: text(&context, "siteCode", "context.siteCode")?,
        language: text(&context, "language", "context.language")?,
        target_location: text(&context, "targetLocation", "context.targetLocation")?,
    })
}

fn area(options: &JsValue) -> Result<Area> {
    let Some(storage) = options.field("storage") else {
        return Ok(Area::Local);
    };
    let is_adapter = ["getItem", "setItem", "removeItem"]
        .into_iter()
        .all(|method| storage.field(method).is_some_and(|it| it.is_function()));
    match storage.text().as_deref() {
        Some("local") => Ok(Area::Local),
        Some("session") => Ok(Area::Session),
        Some("memory") => Ok(Area::Memory),
        None if is_adapter => Ok(Area::Adapter(storage)),
        _ => Err(SessionError::argument(
            "storage",
            "\"local\", \"session\", \"memory\" or an object with getItem, setItem and removeItem",
        )),
    }
}

fn function(options: &JsValue, name: &'static str) -> Result<Option<Function>> {
    match options.field(name) {
        None => Ok(None),
        Some(value) => match value.dyn_into() {
            Ok(function) => Ok(Some(function)),
            Err(_) => Err(SessionError::argument(name, "a function")),
        },
    }
}

fn patience(options: &JsValue) -> Result<Millis> {
    let Some(value) = options.field("timeoutMs") else {
        return Ok(DEFAULT_PATIENCE);
    };
    match value.number() {
        Some(time) if time >= 1.0 && time <= f64::from(i32::MAX) => Ok(time as Millis),
        _ => Err(SessionError::argument(
            "timeoutMs",
            "a number of milliseconds from 1 to 2147483647",
        )),
    }
}
