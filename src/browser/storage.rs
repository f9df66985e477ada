//! Where the record is kept.

use super::{field, global};
use crate::host::StorageFault;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Where the record is kept.
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

    pub(super) async fn read(&self, key: &str) -> Result<Option<String>, StorageFault> {
        match self {
            Self::Memory => Err(StorageFault::Unavailable),
            Self::Adapter(adapter) => {
                let item = ask(adapter, "getItem", &Array::of1(&key.into())).await;
                item.map(|item| item.as_string()).map_err(fault_of)
            }
            Self::Local | Self::Session => self.raw()?.get_item(key).map_err(fault_of),
        }
    }

    pub(super) async fn write(&self, key: &str, text: &str) -> Result<(), StorageFault> {
        match self {
            Self::Memory => Err(StorageFault::Unavailable),
            Self::Adapter(adapter) => {
                let arguments = Array::of2(&key.into(), &text.into());
                let set = ask(adapter, "setItem", &arguments).await;
                set.map(|_| ()).map_err(fault_of)
            }
            Self::Local | Self::Session => self.raw()?.set_item(key, text).map_err(fault_of),
        }
    }

    /// gloo's `raw` throws where storage is blocked, so it is asked only where the getter answers.
    fn raw(&self) -> Result<web_sys::Storage, StorageFault> {
        let (name, raw): (_, fn() -> web_sys::Storage) = match self {
            Self::Session => ("sessionStorage", SessionStorage::raw),
            _ => ("localStorage", LocalStorage::raw),
        };
        let is_there = web_sys::window().is_some() && global(name).is_some();
        is_there.then(raw).ok_or(StorageFault::Unavailable)
    }
}

async fn ask(adapter: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(adapter, &method.into())?.dyn_into()?;
    let answer = Reflect::apply(&method, adapter, arguments)?;
    JsFuture::from(Promise::resolve(&answer)).await
}

fn fault_of(error: JsValue) -> StorageFault {
    let name = field(&error, "name").and_then(|name| name.as_string());
    match name.as_deref() {
        Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StorageFault::Full,
        _ => StorageFault::Unavailable,
    }
}
