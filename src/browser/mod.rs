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

use crate::host::{Fence, Hear, Held, Host, Sending, StorageFault, Task};
use crate::http::{Request, Unanswered};
use crate::session::{Millis, Moment};
use js_sys::Math;
use page::{Answer, Lock, Outcome, Page, Reply};
use std::cell::RefCell;
use std::rc::Rc;
use tasks::Tasks;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The last whole number before JavaScript begins to leave some out.
const LAST: f64 = 9_007_199_254_740_991.0;

type Callback = Closure<dyn FnMut(JsValue)>;

/// A page of a browser, as one storefront's lifecycle sees it.
pub struct Browser {
    area: Area,
    page: Page,
    spawner: Spawner,
    // What the page calls when there is something to hear.
    hear: RefCell<Option<Callback>>,
}

#[derive(Clone)]
struct Spawner {
    tasks: Rc<Tasks>,
    // What the page calls when there is something new for the tasks.
    run: Rc<Callback>,
}

impl Browser {
    /// The page, with the key of the storefront's record and the options that supply a clock or a fetch. When `life` ends,
    /// so does all that the browser does for it, though nobody in here may be able to say so.
    pub fn new(key: &str, area: Area, options: &JsValue, life: &AbortSignal) -> Self {
        let tasks: Rc<Tasks> = Rc::default();
        let running = Rc::clone(&tasks);
        let run: Callback = Closure::new(move |_| running.run());
        Self {
            page: Page::new(key, &area.name(), options, life, run.as_ref()),
            area,
            spawner: Spawner {
                tasks,
                run: Rc::new(run),
            },
            hear: RefCell::default(),
        }
    }

    /// Begins the work that is done with it.
    pub fn begin<W>(self, work: impl FnOnce(Self) -> W)
    where
        W: Future<Output = ()> + 'static,
    {
        let spawner = self.spawner.clone();
        spawner.spawn(Box::pin(work(self)));
    }
}

impl Spawner {
    fn spawn(&self, task: Task) {
        if self.tasks.add(task) {
            Answer::soon((*self.run).as_ref());
        }
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
fn fence_of(known: &JsValue) -> Fence {
    let known = known.as_f64();
    let revision = known.filter(|known| (0.0..=LAST).contains(known));
    Fence {
        revision: revision.map(|known| known as u64),
        was_spoiled: known.is_some() && revision.is_none(),
    }
}

impl Host for Browser {
    type Json = JsValue;
    type Guard = Guard;

    fn send(&self, request: Request) -> Sending {
        let built = wire::request(&request);
        let sent = self.page.send(built.as_ref(), request.keepalive);
        Box::pin(Reply(sent, |outcome| {
            wire::response(&outcome.unwrap_or_default()).ok_or(Unanswered::Unreached)
        }))
    }

    fn read(&self) -> impl Future<Output = Result<Option<String>, StorageFault>> {
        Reply(self.page.read(&self.area.storage()), text)
    }

    fn read_now(&self) -> Option<Result<Option<String>, StorageFault>> {
        let read = self.page.read_now(&self.area.storage());
        match read.is_undefined() {
            true => None,
            false => Some(Ok(read.as_string())),
        }
    }

    fn publish(&self, revision: u64) -> impl Future<Output = Fence> {
        Reply(self.page.publish(revision as f64), |outcome| {
            fence_of(&outcome.unwrap_or_default())
        })
    }

    fn write_now(&self, text: &str) {
        self.page.write_now(&self.area.storage(), text);
    }

    fn write(&self, text: &str) -> impl Future<Output = Result<(), StorageFault>> {
        let written = self.page.write(&self.area.storage(), text);
        Reply(written, |outcome| match outcome {
            Ok(_) => Ok(()),
            Err(is_full) if is_full.is_truthy() => Err(StorageFault::Full),
            Err(_) => Err(StorageFault::Unavailable),
        })
    }

    fn has_copy(&self) -> bool {
        self.area.is_cloned()
    }

    fn keep_heard(&self, text: &str) {
        if self.has_copy() {
            self.write_now(text);
        }
    }

    fn lock(&self, patience: Millis) -> impl Future<Output = Option<Held<Guard>>> {
        Reply(self.page.lock(patience as f64), |outcome| {
            let lock: Lock = outcome.ok().filter(JsValue::is_object)?.unchecked_into();
            Some(Held {
                fence: fence_of(&lock.revision()),
                rivals: lock.rivals() as Millis,
                guard: Guard(lock),
            })
        })
    }

    fn announce(&self, record: &str) {
        self.page.announce(record);
    }

    fn listen(&self, hear: Hear) {
        let hear = Closure::new(move |record: JsValue| hear(record.as_string().as_deref()));
        self.page.listen(hear.as_ref());
        self.hear.replace(Some(hear));
    }

    fn deafen(&self) {
        self.page.deafen();
    }

    fn now(&self) -> Moment {
        Moment {
            wall: self.page.now() as Millis,
            mono: self.page.monotonic() as i64,
        }
    }

    fn sleep(&self, time: Millis) -> impl Future<Output = ()> {
        Reply(self.page.sleep(time as f64), drop)
    }

    fn pause(&self) -> impl Future<Output = ()> {
        Reply(self.page.pause(), drop)
    }

    fn spawn(&self, task: Task) {
        self.spawner.spawn(task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        self.page.wake_after(time.map(|time| time as f64));
    }

    fn normal_email(&self, email: &str) -> String {
        page::normal_email(email)
    }

    fn random(&self) -> u32 {
        (Math::random() * f64::from(u32::MAX)) as u32
    }

    fn is_served(&self) -> bool {
        matches!(self.area, Area::Store)
    }
}
