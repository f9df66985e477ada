//! Where the record is kept.

use super::page::field;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use wasm_bindgen::JsValue;

/// Where the record is kept.
pub enum Area {
    /// localStorage: for all tabs, until it is cleared.
    Local,
    /// sessionStorage: for one tab.
    Session,
    /// The page's memory.
    Memory,
    /// What hosts share: a store beside them, which the services of the page reach.
    Store,
    /// What the page supplies: an object with `getItem` and `setItem`, which may return promises.
    Adapter(JsValue),
}

impl Area {
    /// What the page knows it by.
    pub(super) fn name(&self) -> JsValue {
        match self {
            Self::Local => "local".into(),
            Self::Session => "session".into(),
            Self::Memory | Self::Store => "memory".into(),
            Self::Adapter(adapter) => adapter.clone(),
        }
    }

    /// Whether a page that is cloned has storage of its own, which begins as a copy.
    pub(super) fn is_cloned(&self) -> bool {
        matches!(self, Self::Session)
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
            Self::Local | Self::Session | Self::Memory | Self::Store => JsValue::UNDEFINED,
            Self::Adapter(adapter) => adapter.clone(),
        }
    }
}
