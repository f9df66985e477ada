//! Pages: each has one view of storage, one lock manager and one life, for all the sessions that were opened in it.

use crate::browser::{API, PATIENCE, Tab, World};
use crate::executor::Owner;
use crate::locks::PageLocks;
use crate::oracle::Excuse;
use crate::storage::Sights;
use std::rc::Rc;
use storefront_session::emporix::{Context, Platform};
use storefront_session::host::Hear;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::Event;

pub type PageId = usize;

pub struct Page {
    pub alive: bool,
    pub locks: PageLocks,
    /// It was told that it is left: it waits for no lock, and hears nothing.
    left: bool,
    pub sights: Sights,
}

/// A session that was opened in a page, as a browser's tab has one in most shops.
pub struct Instance {
    page: PageId,
    closed: bool,
    lifecycle: Option<Rc<Lifecycle<Tab>>>,
    pub hear: Option<Rc<Hear>>,
    /// The latest text of the record that it has written or heard.
    pub known: Option<Rc<str>>,
}

impl World {
    /// Opens a page with one session.
    pub fn open(self: &Rc<Self>) -> Owner {
        let copied = self.copied();
        let page = {
            let mut pages = self.pages.borrow_mut();
            pages.push(Page {
                alive: true,
                locks: self.draw_locks(),
                left: false,
                sights: Sights::from(self.now(), copied),
            });
            pages.len() - 1
        };
        self.open_in(page)
    }

    /// Opens one more session in the page of this one.
    pub fn open_beside(self: &Rc<Self>, tab: Owner) {
        let page = self.page_of(tab);
        if !self.executor.is_frozen(tab) {
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
            let lifecycle = Lifecycle::begin(tab, platform, PATIENCE, move |event: &Event| {
                listener.oracle.borrow_mut().heard(id, event);
            })
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
        self.with_page(tab, |page| page.alive && !page.left)
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
        if self.executor.is_frozen(tab) {
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
        let (sees_late, was_left) = self.with_page(tab, |page| {
            let sees_late = page.sights.thaw(now, || self.lag());
            (sees_late, std::mem::take(&mut page.left))
        });
        for tab in self.in_page_of(tab) {
            if sees_late && self.locks.is_at_work(tab) {
                self.oracle.borrow_mut().distrust(Excuse::StoodStill);
            }
            self.executor.thaw(tab);
            self.oracle.borrow_mut().tab_thawed(tab, now);
            if was_left {
                self.locks.came_back(tab);
                self.ask(tab);
            }
        }
        self.wake(tab);
    }

    pub fn thaw_all(self: &Rc<Self>) {
        let count = self.tabs.borrow().len();
        (0..count).for_each(|tab| self.thaw(tab));
    }

    /// The page is shown again, or the network is back.
    pub fn wake(&self, tab: Owner) {
        for tab in self.in_page_of(tab) {
            self.ring(tab);
        }
    }

    /// A timer of this session has run out.
    pub fn ring(&self, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            self.tell(tab, None);
        }
    }

    pub fn tell(&self, tab: Owner, record: Option<&str>) {
        let hear = self.tabs.borrow()[tab].hear.clone();
        if let Some(hear) = hear {
            hear(record);
        }
    }
}
