//! [`Host`] for a browser: fetch, storage, Web Locks, BroadcastChannel, timers.
//!
//! What is missing is done without: in a worker, on a server and on an insecure origin the session works, for this
//! page alone. Nothing that the page supplies (a clock, a fetch, a storage adapter) can make this layer fail: whatever
//! it throws is an answer like another.

mod json;
mod page;
mod revisions;
mod storage;
mod wire;

pub use page::Guard;
pub use storage::Area;

use crate::host::{Host, StorageFault, Task, within};
use crate::http::{Request, Response, Unanswered};
use crate::session::{Millis, Moment};
use js_sys::{Math, Promise};
use page::{Page, Timer, Waiting};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

/// How long IndexedDB is waited for.
const STORAGE_PATIENCE: Millis = 2_000;

/// A page of a browser, as one storefront's lifecycle sees it.
pub struct Browser {
    key: String,
    area: Area,
    page: Page,
}

impl Browser {
    /// The page, with the key of the storefront's record and the options that supply a clock or a fetch. When `life` ends,
    /// so does all that the browser does for it, though nobody in here may be able to say so.
    pub fn new(key: String, area: Area, options: &JsValue, life: &AbortSignal) -> Self {
        Self {
            page: Page::new(&key, area.is_every_tabs(), options, life),
            area,
            key,
        }
    }

    /// Calls `hear` with each record that another tab announces, and with nothing when time may have passed unseen; until
    /// [`deafen`](Self::deafen).
    pub fn listen(&self, hear: &JsValue) {
        self.page.listen(hear);
    }

    /// Listens no more.
    pub fn deafen(&self) {
        self.page.deafen();
    }

    /// Without a lock that is shared, nothing is handed over in any order.
    async fn latest_revision(&self, next: Option<u64>) -> Option<u64> {
        if !self.page.is_shared() {
            return None;
        }
        let latest = revisions::latest(&self.key, next);
        within(self, STORAGE_PATIENCE, latest).await.flatten()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.page.close();
    }
}

/// Every wait for the page is this one.
async fn answer(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

impl Host for Browser {
    type Json = JsValue;
    type Guard = Guard;

    async fn send(&self, request: Request) -> Result<Response, Unanswered> {
        let built = wire::request(&request).ok_or(Unanswered)?;
        let answer = answer(self.page.send(&built, request.keepalive)).await;
        wire::response(&answer.unwrap_or_default()).ok_or(Unanswered)
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        let storage = self.area.storage().ok_or(StorageFault::Unavailable)?;
        match answer(self.page.read(&storage)).await {
            Ok(item) => Ok(item.as_string()),
            Err(_) => Err(StorageFault::Unavailable),
        }
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        let storage = self.area.storage().ok_or(StorageFault::Unavailable)?;
        match answer(self.page.write(&storage, text)).await {
            Ok(_) => Ok(()),
            Err(is_full) if is_full.is_truthy() => Err(StorageFault::Full),
            Err(_) => Err(StorageFault::Unavailable),
        }
    }

    async fn lock(&self, patience: Millis) -> Option<Self::Guard> {
        let release = answer(self.page.lock(patience as f64)).await.ok()?;
        release.dyn_into().ok().map(Guard)
    }

    async fn publish(&self, revision: u64) {
        self.latest_revision(Some(revision)).await;
    }

    async fn published(&self) -> Option<u64> {
        self.latest_revision(None).await
    }

    fn announce(&self, record: &str) {
        self.page.announce(record);
    }

    fn now(&self) -> Moment {
        Moment {
            wall: self.page.now() as Millis,
            mono: page::monotonic() as i64,
        }
    }

    async fn sleep(&self, time: Millis) {
        let waiting = Waiting(Timer::new(time as f64));
        let _ = answer(waiting.0.rings()).await;
    }

    fn spawn(&self, task: Task) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        self.page.wake_after(time.map(|time| time as f64));
    }

    fn random(&self) -> u32 {
        (Math::random() * f64::from(u32::MAX)) as u32
    }
}
