//! [`Host`] for a browser: fetch, storage, Web Locks, BroadcastChannel, timers.
//!
//! What is missing is done without: in a worker, on a server and on an insecure origin the session works, for this
//! page alone. Nothing that the page supplies (a clock, a fetch, a storage adapter) can make this layer fail: whatever
//! it throws is an answer like another.

mod json;
mod page;
mod storage;
mod tasks;
mod wire;

pub use page::Guard;
pub use storage::Area;

use crate::host::{Host, StorageFault, Task};
use crate::http::{Request, Response, Unanswered};
use crate::session::{Millis, Moment};
use js_sys::Math;
use page::{Page, answered};
use std::rc::Rc;
use tasks::Tasks;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The last whole number before JavaScript begins to leave some out.
const LAST: f64 = 9_007_199_254_740_991.0;

/// A page of a browser, as one storefront's lifecycle sees it.
pub struct Browser {
    area: Area,
    page: Page,
    tasks: Rc<Tasks>,
    // What the page calls when there is something new for the tasks.
    _run: Closure<dyn FnMut(JsValue)>,
}

impl Browser {
    /// The page, with the key of the storefront's record and the options that supply a clock or a fetch. When `life` ends,
    /// so does all that the browser does for it, though nobody in here may be able to say so.
    pub fn new(key: &str, area: Area, options: &JsValue, life: &AbortSignal) -> Self {
        let tasks: Rc<Tasks> = Rc::default();
        let running = Rc::clone(&tasks);
        let run = Closure::new(move |_| running.run());
        Self {
            page: Page::new(key, area.is_every_tabs(), options, life, run.as_ref()),
            area,
            tasks,
            _run: run,
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
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.page.close();
    }
}

impl Host for Browser {
    type Json = JsValue;
    type Guard = Guard;

    async fn send(&self, request: Request, patience: Millis) -> Result<Response, Unanswered> {
        let built = wire::request(&request).ok_or(Unanswered::Unreached)?;
        let sent = self.page.send(&built, request.keepalive, patience as f64);
        match answered(sent).await {
            Ok(answer) => wire::response(&answer).ok_or(Unanswered::Unreached),
            Err(_) => Err(Unanswered::Late),
        }
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        let storage = self.area.storage().ok_or(StorageFault::Unavailable)?;
        match answered(self.page.read(&storage)).await {
            Ok(item) => Ok(item.as_string()),
            Err(_) => Err(StorageFault::Unavailable),
        }
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        let storage = self.area.storage().ok_or(StorageFault::Unavailable)?;
        match answered(self.page.write(&storage, text)).await {
            Ok(_) => Ok(()),
            Err(is_full) if is_full.is_truthy() => Err(StorageFault::Full),
            Err(_) => Err(StorageFault::Unavailable),
        }
    }

    async fn lock(&self, patience: Millis) -> Option<Self::Guard> {
        let release = answered(self.page.lock(patience as f64)).await.ok()?;
        release.dyn_into().ok().map(Guard)
    }

    async fn publish(&self, revision: u64) {
        let _known = answered(self.page.revision(Some(revision as f64))).await;
    }

    async fn published(&self) -> Option<u64> {
        let latest = answered(self.page.revision(None)).await.ok()?.as_f64()?;
        (0.0..=LAST).contains(&latest).then_some(latest as u64)
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
        let _over = answered(self.page.sleep(time as f64)).await;
    }

    fn spawn(&self, task: Task) {
        if self.tasks.add(task) {
            self.page.soon();
        }
    }

    fn wake_after(&self, time: Option<Millis>) {
        self.page.wake_after(time.map(|time| time as f64));
    }

    fn random(&self) -> u32 {
        (Math::random() * f64::from(u32::MAX)) as u32
    }
}
