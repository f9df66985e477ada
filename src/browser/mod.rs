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
use page::{Lock, Outcome, Page, Reply};
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

fn text(outcome: Outcome) -> Result<Option<String>, StorageFault> {
    match outcome {
        Ok(item) => Ok(item.as_string()),
        Err(_) => Err(StorageFault::Unavailable),
    }
}

/// A revision, from where anybody may have written anything.
fn revision_of(known: &JsValue) -> Option<u64> {
    let known = known.as_f64().filter(|known| (0.0..=LAST).contains(known));
    known.map(|known| known as u64)
}

impl Host for Browser {
    type Json = JsValue;
    type Guard = Guard;

    fn send(
        &self,
        request: Request,
        patience: Millis,
    ) -> impl Future<Output = Result<Response, Unanswered>> {
        let built = wire::request(&request);
        let sent = self
            .page
            .send(built.as_ref(), request.keepalive, patience as f64);
        Reply(sent, |outcome| match outcome {
            Ok(answer) => wire::response(&answer).ok_or(Unanswered::Unreached),
            Err(_) => Err(Unanswered::Late),
        })
    }

    fn read(&self) -> impl Future<Output = Result<Option<String>, StorageFault>> {
        Reply(self.page.read(&self.area.storage()), text)
    }

    fn publish(&self, revision: u64) -> impl Future<Output = Option<u64>> {
        Reply(self.page.publish(revision as f64), |outcome| {
            revision_of(&outcome.ok()?)
        })
    }

    fn write(&self, text: &str) -> impl Future<Output = Result<(), StorageFault>> {
        let written = self.page.write(&self.area.storage(), text);
        Reply(written, |outcome| match outcome {
            Ok(_) => Ok(()),
            Err(is_full) if is_full.is_truthy() => Err(StorageFault::Full),
            Err(_) => Err(StorageFault::Unavailable),
        })
    }

    fn lock(&self, patience: Millis) -> impl Future<Output = Option<(Self::Guard, Option<u64>)>> {
        Reply(self.page.lock(patience as f64), |outcome| {
            let lock: Lock = outcome.ok().filter(JsValue::is_object)?.unchecked_into();
            let known = revision_of(&lock.revision());
            Some((Guard(lock), known))
        })
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

    fn sleep(&self, time: Millis) -> impl Future<Output = ()> {
        Reply(self.page.sleep(time as f64), drop)
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
