//! What `open` is given: read field by field, so that each mistake is named.

use crate::browser::Area;
use crate::emporix::{Context, Platform};
use crate::json::Json;
use crate::session::{Millis, Result, SessionError};
use wasm_bindgen::JsValue;

const DEFAULT_PATIENCE: Millis = 15_000;

/// What an error calls the fields of the context.
const FULL_NAMES: [&str; 4] = [
    "context.currency",
    "context.siteCode",
    "context.language",
    "context.targetLocation",
];

/// The options of `open`, checked.
pub(super) struct Options {
    pub(super) platform: Platform,
    pub(super) area: Area,
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
        for name in ["now", "fetch"] {
            if options.field(name).is_some_and(|it| !it.is_function()) {
                return Err(SessionError::argument(name, "a function"));
            }
        }
        Ok(Self {
            platform,
            area: area(options)?,
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
    let mut given = Context::default();
    for (name, full_name) in Context::NAMES.into_iter().zip(FULL_NAMES) {
        if let Some(value) = text(&context, name, full_name)? {
            given.set(name, value);
        }
    }
    Ok(given)
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
