//! Pages: each has one view of storage, one lock manager and one life, for all the sessions that were opened in it.

use crate::browser::{API, PATIENCE, Tab, World};
use crate::executor::Owner;
use crate::locks::PageLocks;
use crate::plan::Area;
use crate::storage::Sights;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::emporix::{Context, Platform};
use storefront_session::host::Hear;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::{Event, Millis};

pub type PageId = usize;

pub struct Page {
    pub alive: bool,
    pub locks: PageLocks,
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

/// A session that was opened in a page, as a browser's tab has one in most shops.
pub struct Instance {
    page: PageId,
    closed: bool,
    lifecycle: Option<Rc<Lifecycle<Tab>>>,
    pub hear: Option<Rc<Hear>>,
    /// When to wake it, counted from when its page is shown.
    planned: Option<Millis>,
    /// The latest text of the record that it has written or heard.
    pub known: Option<Rc<str>>,
}

impl World {
    /// Opens a page with one session.
    pub fn open(self: &Rc<Self>) -> Owner {
        let copied = self.copied();
        self.open_page(copied, None)
    }

    /// Opens a page that nobody looks at yet: it may come in the place of this one.
    pub fn prerender(self: &Rc<Self>, tab: Owner) {
        if !self.is_prerendering(tab) {
            let by = self.page_of(tab);
            let copied = self.copy_of(by);
            self.open_page(copied, Some(by));
        }
    }

    fn open_page(self: &Rc<Self>, value: usize, prerendered_by: Option<PageId>) -> Owner {
        let page = {
            let mut pages = self.pages.borrow_mut();
            pages.push(Page {
                alive: true,
                locks: self.draw_locks(),
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
        self.note_met("prerendered page shown");
        self.is_replaced(by);
        let (now, value) = (self.now(), self.copy_of(by));
        let is_copy = self.setup.area == Area::Cloned;
        let waiting = self.with_page(tab, |page| {
            page.prerendered_by = None;
            if is_copy {
                // Before it is told.
                page.sights.write(now - 1, value);
            }
            std::mem::take(&mut page.waiting)
        });
        for tab in self.in_page_of(tab) {
            self.oracle.borrow_mut().tab_shown(tab, now);
            let planned = self.tabs.borrow_mut()[tab].planned.take();
            self.plan(tab, planned);
            self.ask(tab);
        }
        self.wake(tab);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// The visitor goes on: the page is kept for the way back, or gone.
    fn is_replaced(&self, page: PageId) {
        let count = self.tabs.borrow().len();
        let Some(tab) = (0..count).find(|tab| self.page_of(*tab) == page && self.is_alive(*tab))
        else {
            return;
        };
        match self.executor.chance(50) {
            true => self.freeze(tab, true),
            false => self.kill(tab),
        }
    }

    pub fn is_prerendering(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| page.prerendered_by.is_some())
    }

    /// Until the page is shown.
    pub async fn shown(&self, tab: Owner) {
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

    /// When to wake this session.
    pub fn plan(&self, tab: Owner, time: Option<Millis>) {
        if self.is_prerendering(tab) {
            self.tabs.borrow_mut()[tab].planned = time;
            return;
        }
        let mut alarms = self.alarms.borrow_mut();
        match time {
            Some(time) => alarms.insert(tab, self.now().saturating_add(time)),
            None => alarms.remove(&tab),
        };
    }

    /// Opens one more session in the page of this one.
    pub fn open_beside(self: &Rc<Self>, tab: Owner) {
        let page = self.page_of(tab);
        if !self.executor.is_frozen(tab) && !self.is_prerendering(tab) {
            self.note_met("two sessions in a page");
            self.open_in(page);
        }
    }

    fn open_in(self: &Rc<Self>, page: PageId) -> Owner {
        let id = {
            let mut tabs = self.tabs.borrow_mut();
            tabs.push(Instance {
                page,
                closed: false,
                lifecycle: None,
                hear: None,
                planned: None,
                known: None,
            });
            tabs.len() - 1
        };
        let world = Rc::clone(self);
        self.oracle.borrow_mut().tab_opened(id);
        self.spawn(id, async move {
            let platform =
                Platform::new("acme", "storefront", Some(API), Context::default()).unwrap();
            let tab = Tab {
                world: Rc::clone(&world),
                id,
            };
            let listener = Rc::clone(&world);
            let lifecycle = Lifecycle::begin(
                tab,
                platform,
                PATIENCE,
                Default::default(),
                move |event: &Event| {
                    listener.oracle.borrow_mut().heard(id, event);
                },
            )
            .await;
            // Events may have come while it was opening, with snapshots that are later than this one or the same.
            world.oracle.borrow_mut().began(id, lifecycle.snapshot());
            world.tabs.borrow_mut()[id].lifecycle = Some(lifecycle);
        });
        id
    }

    pub fn page_of(&self, tab: Owner) -> PageId {
        self.tabs.borrow()[tab].page
    }

    pub fn with_page<T>(&self, tab: Owner, work: impl FnOnce(&mut Page) -> T) -> T {
        let page = self.page_of(tab);
        work(&mut self.pages.borrow_mut()[page])
    }

    /// The sessions in the page of this one.
    fn in_page_of(&self, tab: Owner) -> Vec<Owner> {
        let page = self.page_of(tab);
        let count = self.tabs.borrow().len();
        (0..count).filter(|it| self.page_of(*it) == page).collect()
    }

    /// The tabs that are open; one that is closed or killed is none any more.
    pub fn open_tabs(&self) -> Vec<Owner> {
        let count = self.tabs.borrow().len();
        let is_open = |id: &Owner| self.is_alive(*id) && !self.tabs.borrow()[*id].closed;
        (0..count).filter(is_open).collect()
    }

    pub fn lifecycle(&self, tab: Owner) -> Option<Rc<Lifecycle<Tab>>> {
        self.tabs.borrow()[tab].lifecycle.clone()
    }

    pub fn is_alive(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| page.alive)
    }

    pub fn hears(&self, tab: Owner) -> bool {
        self.with_page(tab, |page| {
            page.alive && !page.left && page.prerendered_by.is_none()
        })
    }

    /// The process is gone from one instant to the next; the browser gives its locks to others.
    pub fn kill(&self, tab: Owner) {
        self.with_page(tab, |page| page.alive = false);
        let killed = self.in_page_of(tab);
        let lifecycles: Vec<_> = killed
            .iter()
            .map(|tab| {
                let tab = &mut self.tabs.borrow_mut()[*tab];
                (tab.lifecycle.take(), tab.hear.take())
            })
            .collect();
        for tab in &killed {
            self.alarms.borrow_mut().remove(tab);
            self.locks.killed(*tab);
            self.leases.killed(*tab);
            self.oracle.borrow_mut().tab_killed(*tab);
        }
        self.executor.end(|owner| killed.contains(&owner));
        drop(lifecycles);
    }

    pub fn close(&self, tab: Owner) {
        if let Some(lifecycle) = self.lifecycle(tab) {
            lifecycle.close();
            self.tabs.borrow_mut()[tab].closed = true;
        }
    }

    /// The page stands still from one instant to the next, unless it is told before.
    pub fn freeze(&self, tab: Owner, is_told: bool) {
        if self.executor.is_frozen(tab) || self.is_prerendering(tab) {
            return;
        }
        self.with_page(tab, |page| page.left = is_told);
        if is_told {
            self.note_met("left");
        }
        for tab in self.in_page_of(tab) {
            self.executor.freeze(tab);
            if is_told {
                self.locks.left(tab);
            }
            self.oracle.borrow_mut().tab_froze(tab);
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
            self.oracle.borrow_mut().tab_thawed(tab, now);
            if was_left {
                self.locks.came_back(tab);
                self.ask(tab);
            }
        }
        self.wake(tab);
    }

    /// No page stands still, and each is shown.
    pub fn thaw_all(self: &Rc<Self>) {
        let count = self.tabs.borrow().len();
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

    /// A timer of this session has run out.
    pub fn ring(self: &Rc<Self>, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            self.oracle.borrow_mut().tab_woken(tab);
            self.tell(tab, None);
        }
    }

    pub fn tell(self: &Rc<Self>, tab: Owner, record: Option<&str>) {
        if self.is_served() {
            return self.visit(tab);
        }
        let hear = self.tabs.borrow()[tab].hear.clone();
        if let Some(hear) = hear {
            hear(record);
        }
    }
}
