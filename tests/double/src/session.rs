//! Sessions, as shops open them in pages: mostly one in each.

use crate::browser::{Browser, PATIENCE};
use crate::executor::Owner;
use crate::host::Tab;
use crate::page::{PageId, storefront};
use crate::storage::Key;
use std::rc::Rc;
use storefront_session::host::Hear;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::{Event, Millis};

pub struct Session {
    page: PageId,
    closed: bool,
    lifecycle: Option<Rc<Lifecycle<Tab>>>,
    pub hear: Option<Rc<Hear>>,
    /// When to wake it, counted from when its page is shown.
    pub planned: Option<Millis>,
    /// The latest text of the record that it has written or heard.
    pub known: Option<Rc<str>>,
}

impl Session {
    /// It is gone: what it held must be dropped by nobody who is listened to.
    pub fn end(&mut self) -> (Option<Rc<Lifecycle<Tab>>>, Option<Rc<Hear>>) {
        (self.lifecycle.take(), self.hear.take())
    }
}

impl Browser {
    /// Opens one more session in the page of this one.
    pub fn open_beside(self: &Rc<Self>, tab: Owner) {
        let page = self.page_of(tab);
        if !self.executor.is_frozen(tab) && !self.is_prerendering(tab) {
            self.met("two sessions in a page");
            self.open_in(page);
        }
    }

    pub(crate) fn open_in(self: &Rc<Self>, page: PageId) -> Owner {
        let id = {
            let mut sessions = self.sessions.borrow_mut();
            sessions.push(Session {
                page,
                closed: false,
                lifecycle: None,
                hear: None,
                planned: None,
                known: None,
            });
            sessions.len() - 1
        };
        let platform = storefront(&self.pages.borrow()[page].api_url);
        let browser = Rc::clone(self);
        self.tell(|it| it.opened(id));
        self.spawn(id, async move {
            let tab = Tab {
                browser: Rc::clone(&browser),
                id,
            };
            let listener = Rc::clone(&browser);
            let lifecycle = Lifecycle::begin(
                tab,
                platform,
                PATIENCE,
                Default::default(),
                move |event: &Event| listener.tell(|it| it.heard(id, event)),
            )
            .await;
            // Events may have come while it was opening, with snapshots that are later than this one or the same.
            browser.tell(|it| it.began(id, lifecycle.snapshot()));
            browser.sessions.borrow_mut()[id].lifecycle = Some(lifecycle);
        });
        id
    }

    pub(crate) fn page_of(&self, tab: Owner) -> PageId {
        self.sessions.borrow()[tab].page
    }

    pub(crate) fn key_of(&self, tab: Owner) -> Key {
        self.with_page(tab, |page| page.key)
    }

    /// The tabs that are open; one that is closed or killed is none any more.
    pub fn open_tabs(&self) -> Vec<Owner> {
        let count = self.sessions.borrow().len();
        let is_open = |id: &Owner| self.is_alive(*id) && !self.sessions.borrow()[*id].closed;
        (0..count).filter(is_open).collect()
    }

    pub fn lifecycle(&self, tab: Owner) -> Option<Rc<Lifecycle<Tab>>> {
        self.sessions.borrow()[tab].lifecycle.clone()
    }

    /// The latest text of the record that it has written or heard.
    pub fn known_to(&self, tab: Owner) -> Option<Rc<str>> {
        self.sessions.borrow()[tab].known.clone()
    }

    pub fn close(&self, tab: Owner) {
        if let Some(lifecycle) = self.lifecycle(tab) {
            lifecycle.close();
            self.sessions.borrow_mut()[tab].closed = true;
        }
    }

    /// When to wake this session.
    pub(crate) fn plan(&self, tab: Owner, time: Option<Millis>) {
        if self.is_prerendering(tab) {
            self.sessions.borrow_mut()[tab].planned = time;
            return;
        }
        let at = time.map(|time| self.now().saturating_add(time));
        self.executor.set_alarm(tab, at);
    }

    /// A timer of this session has run out.
    pub(crate) fn ring(self: &Rc<Self>, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            self.tell(|it| it.woken(tab));
            self.let_hear(tab, None);
        }
    }

    pub(crate) fn let_hear(self: &Rc<Self>, tab: Owner, record: Option<&str>) {
        if self.is_served() {
            return self.tell(|it| it.visited(tab));
        }
        let hear = self.sessions.borrow()[tab].hear.clone();
        if let Some(hear) = hear {
            hear(record);
        }
    }
}
