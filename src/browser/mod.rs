//! [`Host`] for a browser: fetch, storage, Web Locks, BroadcastChannel, timers.
//!
//! What is missing is done without: in a worker, on a server and on an insecure origin the session works, for this
//! page alone. Nothing that the page supplies (a clock, a fetch, a storage adapter) can make this layer fail: whatever
//! it throws is an answer like another.

mod channel;
mod json;
mod lock;
mod revisions;
mod storage;
mod timer;
mod wire;

pub use channel::Listening;
pub use storage::Area;

use crate::host::{Host, StorageFault, Task, within};
use crate::http::{Request, Response, Unanswered};
use crate::session::{Millis, Moment};
use channel::Channel;
use js_sys::{Date, Function, Math, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use timer::{Alarm, Timer};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// How long storage that answers by promise is waited for: an adapter, IndexedDB.
const STORAGE_PATIENCE: Millis = 2_000;

/// The last moment that JavaScript's dates know.
const LAST_DATE: f64 = 8.64e15;

/// What a page may replace.
pub struct Supplies {
    /// Where the record is kept.
    pub area: Area,
    /// The wall clock; `Date.now` without.
    pub clock: Option<Function>,
    /// What sends requests; the global `fetch` without, looked up each time.
    pub fetch: Option<Function>,
}

/// A page of a browser, as one storefront's lifecycle sees it.
pub struct Browser {
    key: String,
    supplies: Supplies,
    channel: Option<Channel>,
    lock: lock::Lock,
    alarm: Rc<RefCell<Alarm>>,
    life: AbortSignal,
}

impl Browser {
    /// The page, with the key of the storefront's record. When `life` ends, so does all that the browser does for it,
    /// though nobody in here may be able to say so.
    pub fn new(key: String, supplies: Supplies, life: AbortSignal) -> Self {
        let tabs = supplies.area.is_every_tabs();
        Self {
            channel: tabs.then(|| Channel::open(&key, &life)).flatten(),
            lock: lock::Lock::new(tabs.then(|| key.clone()), life.clone()),
            alarm: Rc::default(),
            life,
            supplies,
            key,
        }
    }

    /// Calls `wake` when time may have passed unseen, and `hear` with each record that another tab announces; until
    /// what is returned is dropped.
    pub fn listen(&self, wake: Rc<dyn Fn()>, hear: impl Fn(String) + 'static) -> Vec<Listening> {
        self.alarm.borrow_mut().on_ring(Rc::clone(&wake));
        let mut listening = channel::wakes(&wake, &self.life);
        let channel = self.channel.as_ref();
        listening.extend(channel.map(|channel| channel.hear(hear, &self.life)));
        listening
    }

    /// Without a lock that is shared, nothing is handed over in any order.
    async fn latest_revision(&self, next: Option<u64>) -> Option<u64> {
        if !self.lock.is_shared() {
            return None;
        }
        let latest = revisions::latest(&self.key, next);
        within(self, STORAGE_PATIENCE, latest).await.flatten()
    }
}

impl Host for Browser {
    type Json = JsValue;
    type Guard = lock::Guard;

    async fn send(&self, request: Request) -> Result<Response, Unanswered> {
        let wall = self.now().wall;
        wire::send(self.supplies.fetch.as_ref(), request, wall).await
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        let read = self.supplies.area.read(&self.key);
        let read = within(self, STORAGE_PATIENCE, read).await;
        read.unwrap_or(Err(StorageFault::Unavailable))
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        let write = self.supplies.area.write(&self.key, text);
        let write = within(self, STORAGE_PATIENCE, write).await;
        write.unwrap_or(Err(StorageFault::Unavailable))
    }

    async fn lock(&self, patience: Millis) -> Option<Self::Guard> {
        let waiting = self.lock.wait();
        within(self, patience, waiting).await.flatten()
    }

    async fn publish(&self, revision: u64) {
        self.latest_revision(Some(revision)).await;
    }

    async fn published(&self) -> Option<u64> {
        self.latest_revision(None).await
    }

    fn announce(&self, record: &str) {
        if let Some(channel) = &self.channel {
            channel.announce(record);
        }
    }

    fn now(&self) -> Moment {
        let own = self.supplies.clock.as_ref().and_then(|clock| {
            let time = clock.call0(&JsValue::UNDEFINED).ok()?.as_f64()?;
            (0.0..=LAST_DATE).contains(&time).then_some(time)
        });
        Moment {
            wall: own.unwrap_or_else(Date::now) as Millis,
            mono: timer::monotonic() as i64,
        }
    }

    async fn sleep(&self, time: Millis) {
        Timer::new(time).await;
    }

    fn spawn(&self, task: Task) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        self.alarm.borrow_mut().set(time);
    }

    fn random(&self) -> u32 {
        (Math::random() * f64::from(u32::MAX)) as u32
    }
}

/// A field of the global object, where there is one and it may be used.
fn global(name: &str) -> Option<JsValue> {
    field(&js_sys::global(), name)
}

/// A field that is there. A getter may throw: storage that is blocked does.
fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(value)
}
