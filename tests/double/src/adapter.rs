//! Storage that the shop supplies: what is asked of it takes time, and what several pages ask is done in any order. What is
//! written is in its hands: it is stored though the page that wrote it is gone.

use crate::browser::Browser;
use crate::executor::{NOBODY, Owner};
use crate::page::PageId;
use crate::storage::Area;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use storefront_session::host::StorageFault;
use storefront_session::session::Millis;

/// How long a page waits for it.
const PATIENCE: Millis = 2_000;

/// How long it takes at most where it hangs.
const HANGS: Millis = 6_000;

/// What becomes of a write.
type Outcome = Rc<RefCell<Option<Result<(), StorageFault>>>>;

#[derive(Default)]
pub struct Adapter {
    /// When the last write of each page is done: one page's are done one after another.
    queues: RefCell<BTreeMap<PageId, u64>>,
    /// How many accesses of a thousand take far longer than the others.
    pub hangs: Cell<u64>,
}

impl Browser {
    /// How long each access takes at most; `None` where storage answers at once.
    pub fn access_time(&self) -> Option<Millis> {
        match self.storage.area.get() {
            Area::Adapter(time) | Area::Hosts(time) => Some(time),
            Area::Shared | Area::Cloned => None,
        }
    }

    /// How long a look at storage takes at most, there and back.
    pub fn longest_look(&self) -> Millis {
        self.access_time().map_or(0, |_| 2 * PATIENCE)
    }

    /// How long one takes.
    pub(crate) fn draw_access(&self, time: Millis) -> Millis {
        if self
            .executor
            .chance
            .happens(self.adapter.hangs.get(), 1_000)
        {
            self.met("adapter hangs");
            return self.executor.chance.time(HANGS);
        }
        self.executor.chance.time(time)
    }

    pub(crate) async fn read(&self, tab: Owner) -> Result<Option<String>, StorageFault> {
        let Some(time) = self.access_time() else {
            return self.stored_for(tab);
        };
        if let Some(found) = self.leases.found(tab) {
            return Ok(found);
        }
        let (there, back) = (self.draw_access(time), self.draw_access(time));
        if there + back > PATIENCE {
            self.executor.sleep(PATIENCE).await;
            return Err(StorageFault::Unavailable);
        }
        self.executor.sleep(there).await;
        let read = self.stored_for(tab);
        self.executor.sleep(back).await;
        read
    }

    /// Hands a text over; gives what becomes of that, and when.
    pub(crate) fn hand_over(
        self: &Rc<Self>,
        tab: Owner,
        text: &str,
        time: Millis,
    ) -> (Outcome, u64) {
        self.tell(|it| it.handed_over(text));
        let page = self.page_of(tab);
        let now = self.now();
        let at = {
            let mut queues = self.adapter.queues.borrow_mut();
            if queues.iter().any(|(of, at)| *of != page && *at > now) {
                self.met("writes interleaved in an adapter");
            }
            let last = queues.entry(page).or_default();
            *last = (*last).max(now + self.draw_access(time));
            *last
        };
        let (browser, text, outcome) = (Rc::clone(self), text.to_owned(), Outcome::default());
        let done = Rc::clone(&outcome);
        self.spawn(NOBODY, async move {
            browser.executor.until(at).await;
            if at > now + PATIENCE {
                // Nobody reckons with it any more.
                browser.tell(|it| it.gave_up_writing(&text));
            }
            done.replace(Some(browser.store(tab, &text)));
        });
        (outcome, at)
    }

    pub(crate) async fn write(self: &Rc<Self>, tab: Owner, text: &str) -> Result<(), StorageFault> {
        let Some(time) = self.access_time() else {
            return self.store(tab, text);
        };
        if self.is_served() {
            return self.write_to_store(tab, text).await;
        }
        let began = self.now();
        let (outcome, at) = self.hand_over(tab, text, time);
        let back = self.draw_access(time);
        if at + back > began + PATIENCE {
            self.executor.sleep(PATIENCE).await;
            self.tell(|it| it.gave_up_writing(text));
            return Err(StorageFault::Unavailable);
        }
        self.executor.until(at).await;
        while outcome.borrow().is_none() {
            self.executor.sleep(1).await;
        }
        outcome.take().unwrap_or(Ok(()))?;
        // It is read back: others may have written meanwhile.
        let read = self.stored_for(tab)?;
        self.executor.sleep(back).await;
        match read.as_deref() == Some(text) {
            true => Ok(()),
            false => Err(StorageFault::Unavailable),
        }
    }
}
