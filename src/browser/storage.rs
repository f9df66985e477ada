//! Where the record is kept.

use super::page::field;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use wasm_bindgen::JsValue;

/// Where the record is kept.
#[derive(Clone)]
pub enum Area {
    /// localStorage: for all tabs, until it is cleared.
    Local,
    /// sessionStorage: for one tab.
    Session,
    /// The page's memory.
    Memory,
    /// What the page supplies: an object with `getItem` and `setItem`, which may return promises.
    Adapter(JsValue),
}

impl Area {
    /// Whether all tabs see this record and no other, so that they must be waited for and told. Of an adapter nobody
    /// knows: it may be one visitor's among many, as on a server.
    pub(super) fn is_every_tabs(&self) -> bool {
        matches!(self, Self::Local) && web_sys::window().is_some()
    }

    /// An object with `getItem` and `setItem`, or `undefined`. gloo's `raw` throws where storage is blocked, so it is asked only where the
    /// getter answers.
    pub(super) fn storage(&self) -> JsValue {
        let is_there = |name| {
            let window = web_sys::window();
            window.is_some_and(|window| field(&window.into(), name).is_some())
        };
        match self {
            Self::Local if is_there("localStorage") => LocalStorage::raw().into(),
            Self::Session if is_there("sessionStorage") => SessionStorage::raw().into(),
            Self::Local | Self::Session | Self::Memory => JsValue::UNDEFINED,
            Self::Adapter(adapter) => adapter.clone(),
        }
    }
}
