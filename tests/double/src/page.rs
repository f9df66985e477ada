//! Pages: each has one view of storage, one lock manager and one life, for all the sessions that were opened in it.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::locks::PageLocks;
use crate::sights::Sights;
use crate::storage::{Area, Key};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::emporix::{Context, Platform};
use storefront_session::session::Millis;

pub type PageId = usize;

pub struct Page {
    pub alive: bool,
    /// Where its storefront's platform is, and the key of the record.
    pub api_url: Rc<str>,
    pub key: Key,
    pub locks: PageLocks,
    /// How wrong its clock is, beside the machine's.
    pub skew: i64,
    /// It was told that it is left: it waits for no lock, and hears nothing.
    left: bool,
    /// It is prerendered, by this page: nobody looks at it yet.
    prerendered_by: Option<PageId>,
    /// Who waits until it is shown.
    waiting: Vec<Waker>,
    /// When it was last told that time may have passed unseen.
    pub woken: u64,
    pub sights: Sights,
}

impl Page {
    /// Whether somebody looks at it, or may come back to it.
    pub fn is_visited(&self) -> bool {
        self.alive && self.prerendered_by.is_none()
    }
}

/// The storefront that all tests open, at this address.
pub(crate) fn storefront(api_url: &str) -> Platform {
    Platform::new("acme", "storefront", Some(api_url), Context::default()).unwrap()
}

impl Browser {
    /// The key of the record of the storefront at this address.
    pub fn key_at(&self, api_url: &str) -> Key {
        self.storage.key(&storefront(api_url).record_key())
    }

    /// Opens a page with one session, of the storefront at this address.
    pub fn open_at(self: &Rc<Self>, api_url: &str) -> Owner {
        let key = self.key_at(api_url);
        let copied = self.copied(key);
        self.open_page(api_url.into(), key, copied, None)
    }

    /// Opens a page that nobody looks at yet: it may come in the place of this one.
    pub fn prerender(self: &Rc<Self>, tab: Owner) {
        if !self.is_prerendering(tab) {
            let by = self.page_of(tab);
            let copied = self.copy_of(by);
            let (api_url, key) = self.with_page(tab, |page| (Rc::clone(&page.api_url), page.key));
            self.open_page(api_url, key, copied, Some(by));
        }
    }

    fn open_page(
        self: &Rc<Self>,
        api_url: Rc<str>,
        key: Key,
        value: usize,
        prerendered_by: Option<PageId>,
    ) -> Owner {
        let page = {
            let mut pages = self.pages.borrow_mut();
            pages.push(Page {
                alive: true,
                api_url,
                key,
                locks: self.draw_locks(),
                skew: 0,
                left: false,
                prerendered_by,
                waiting: Vec::new(),
                woken: 0,
                sights: Sights::from(self.now(), value),
            });
            pages.len() - 1
        };
        self.open_in(page)
    }

    /// A page that was prerendered is shown in the place of the page that asked for it.
    pub fn show(self: &Rc<Self>, tab: Owner) {
        let Some(by) = self.with_page(tab, |page| page.prerendered_by) else {
            return;
        };
        self.met("prerendered page shown");
        self.is_replaced(by);
        let (now, value) = (self.now(), self.copy_of(by));
        let is_copy = self.storage.area.get() == Area::Cloned;
        let waiting = self.with_page(tab, |page| {
            page.prerendered_by = None;
            if is_copy {
                // Before it is told.
                page.sights.write(now - 1, value);
            }
            std::mem::take(&mut page.waiting)
        });
        for tab in self.in_page_of(tab) {
            self.tell(|it| it.shown(tab));
            let planned = self.sessions.borrow_mut()[tab].planned.take();
            self.plan(tab, planned);
            self.ask(tab);
        }
        self.wake(tab);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// The visitor goes on: the page is kept for the way back, or gone.
    fn is_replaced(&self, page: PageId) {
        let count = self.sessions.borrow().len();
        let Some(tab) = (0..count).find(|tab| self.page_of(*tab) == page && self.is_alive(*tab))
        else {
            return;
        };
        match self.executor.chance.happens(50, 100) {
            true => self.freeze(tab, true),
            false => self.kill(tab),
        }
    }

    pub fn is_prerendering(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| page.prerendered_by.is_some())
    }

    /// Until the page is shown.
    pub(crate) async fn shown(&self, tab: Owner) {
        poll_fn(|context| match self.is_prerendering(tab) {
            true => {
                let waker = context.waker().clone();
                self.with_page(tab, |page| page.waiting.push(waker));
                Poll::Pending
            }
            false => Poll::Ready(()),
        })
        .await;
    }

    pub(crate) fn with_page<T>(&self, tab: Owner, work: impl FnOnce(&mut Page) -> T) -> T {
        let page = self.page_of(tab);
        work(&mut self.pages.borrow_mut()[page])
    }

    /// The sessions in the page of this one.
    pub(crate) fn in_page_of(&self, tab: Owner) -> Vec<Owner> {
        let page = self.page_of(tab);
        let count = self.sessions.borrow().len();
        (0..count).filter(|it| self.page_of(*it) == page).collect()
    }

    pub fn is_alive(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| page.alive)
    }

    pub fn hears(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| page.is_visited() && !page.left)
    }

    /// The process is gone from one instant to the next; the browser gives its locks to others.
    pub fn kill(&self, tab: Owner) {
        self.with_page(tab, |page| page.alive = false);
        let killed = self.in_page_of(tab);
        let lifecycles: Vec<_> = killed
            .iter()
            .map(|tab| self.sessions.borrow_mut()[*tab].end())
            .collect();
        for tab in &killed {
            self.executor.set_alarm(*tab, None);
            self.locks.killed(*tab);
            self.leases.killed(*tab);
            self.tell(|it| it.killed(*tab));
        }
        self.executor.end(|owner| killed.contains(&owner));
        drop(lifecycles);
    }

    /// The page stands still from one instant to the next, unless it is told before.
    pub fn freeze(&self, tab: Owner, is_told: bool) {
        if self.executor.is_frozen(tab) || self.is_prerendering(tab) {
            return;
        }
        self.with_page(tab, |page| page.left = is_told);
        if is_told {
            self.met("left");
        }
        for tab in self.in_page_of(tab) {
            self.executor.freeze(tab);
            if is_told {
                self.withdraw_locks(tab);
            }
            self.tell(|it| it.froze(tab));
        }
    }

    pub fn thaw(self: &Rc<Self>, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            return;
        }
        let now = self.now();
        let was_left = self.with_page(tab, |page| {
            page.sights.thaw(now, || self.lag());
            std::mem::take(&mut page.left)
        });
        for tab in self.in_page_of(tab) {
            self.executor.thaw(tab);
            self.tell(|it| it.thawed(tab));
            if was_left {
                self.ask_for_locks_again(tab);
                self.ask(tab);
            }
        }
        self.wake(tab);
    }

    /// No page stands still, and each is shown.
    pub fn thaw_all(self: &Rc<Self>) {
        let count = self.sessions.borrow().len();
        (0..count).for_each(|tab| self.show(tab));
        (0..count).for_each(|tab| self.thaw(tab));
    }

    /// The page is shown again, or the network is back.
    pub fn wake(self: &Rc<Self>, tab: Owner) {
        if self.executor.is_frozen(tab) || self.is_prerendering(tab) {
            return;
        }
        let now = self.now();
        // Nobody tells a host anything.
        if !self.is_served() {
            self.with_page(tab, |page| page.woken = now);
        }
        for tab in self.in_page_of(tab) {
            self.ring(tab);
        }
    }

    /// When the page of this session was last told that time may have passed unseen.
    pub fn woken(&self, tab: Owner) -> u64 {
        self.with_page(tab, |page| page.woken)
    }

    /// No time counts for a page that nobody looks at.
    pub(crate) async fn sleep_shown(&self, tab: Owner, time: Millis) {
        self.shown(tab).await;
        self.executor.sleep(time).await;
    }
}
