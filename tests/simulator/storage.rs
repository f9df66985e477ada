//! Storage, as pages see it: late, or a copy of their own; full, blocked, damaged.

use crate::browser::World;
use crate::executor::Owner;
use crate::oracle::{Excuse, decode};
use crate::page::{Page, PageId};
use crate::plan::{Area, Damage, Storage};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use storefront_session::host::StorageFault;
use storefront_session::session::Record;

pub struct Store {
    storage: Cell<Storage>,
    /// All that was ever stored, oldest first; a page sees one of them.
    values: RefCell<Vec<Option<Rc<str>>>>,
}

impl Store {
    pub fn holding(text: Option<Rc<str>>) -> Self {
        Self {
            storage: Cell::new(Storage::Works),
            values: RefCell::new(vec![text]),
        }
    }

    /// The number of what was stored last.
    pub fn latest(&self) -> usize {
        self.values.borrow().len() - 1
    }
}

/// What a page has seen of storage, and will see: from when, and which value.
pub struct Sights {
    all: Vec<(u64, usize)>,
    /// How many of them it has seen.
    seen: usize,
    view: usize,
}

impl Sights {
    /// A page begins with this value.
    pub fn from(now: u64, value: usize) -> Self {
        Self {
            all: vec![(now, value)],
            seen: 1,
            view: value,
        }
    }

    /// Of what others have stored before and this page has not seen, it will not see anything any more.
    pub fn write(&mut self, now: u64, value: usize) {
        self.all.push((now, value));
        self.seen = self.all.len();
        self.view = value;
    }

    fn will_see(&mut self, at: u64, value: usize) {
        let before = self.all.last().map_or(0, |(at, _)| *at);
        self.all.push((before.max(at), value));
    }

    fn look(&mut self, now: u64) -> usize {
        while let Some((_, value)) = self.all.get(self.seen).filter(|(at, _)| *at <= now) {
            self.view = *value;
            self.seen += 1;
        }
        self.view
    }

    /// What it sees, or will see once it looks.
    pub fn view(&self, now: u64) -> usize {
        self.at(now).unwrap_or(self.view)
    }

    fn at(&self, time: u64) -> Option<usize> {
        let seen = self.all.iter().rev().find(|(at, _)| *at <= time)?;
        Some(seen.1)
    }

    /// A page that stood still sees what happened meanwhile no sooner than a busy one.
    pub fn thaw(&mut self, now: u64, lag: impl Fn() -> u64) {
        let mut before = now;
        for (at, _) in self.all.iter_mut().skip(self.seen) {
            before = before.max(*at).max(now + lag());
            *at = before;
        }
    }
}

impl World {
    /// Whether nobody reaches it.
    pub fn is_store_away(&self) -> bool {
        self.store.storage.get() == Storage::Blocked
    }

    pub fn set_storage(&self, storage: Storage) {
        self.store.storage.set(storage);
        self.oracle.borrow_mut().storage_became(storage);
    }

    pub fn damage(&self, damage: Damage) {
        if damage == Damage::Forgotten {
            return self.forget();
        }
        let text = match damage {
            Damage::Forgotten => return,
            Damage::Wiped => None,
            Damage::Corrupted => Some("{\"schema\":1,\"rev".into()),
            Damage::NewerSchema => Some("{\"schema\":2}".into()),
        };
        if damage == Damage::Wiped {
            self.published.set(None);
        }
        self.oracle.borrow_mut().damaged(self.now());
        crate::light::note("stored", self.now(), text.as_deref());
        self.put(None, text);
    }

    /// The store loses what was written last, as where a replica takes over that lacks it.
    fn forget(&self) {
        let values = self.store.values.borrow();
        let Some(former) = values.len().checked_sub(2).map(|at| values[at].clone()) else {
            return;
        };
        drop(values);
        self.note_met("store forgot the last write");
        let mut oracle = self.oracle.borrow_mut();
        oracle.forgotten(self.now(), former.as_deref().and_then(decode));
        drop(oracle);
        self.put(None, former);
    }

    pub fn lag(&self) -> u64 {
        if self.setup.lag == 0 || self.executor.chance(50) {
            return 0;
        }
        self.executor.draw(self.setup.lag)
    }

    /// A page stores, or somebody else.
    fn put(&self, writer: Option<PageId>, text: Option<Rc<str>>) {
        self.store.values.borrow_mut().push(text);
        let (now, value) = (self.now(), self.store.latest());
        for (id, page) in self.pages.borrow_mut().iter_mut().enumerate() {
            if Some(id) == writer {
                page.sights.write(now, value);
            } else if page.alive && (self.setup.area != Area::Cloned || writer.is_none()) {
                page.sights.will_see(now + self.lag(), value);
            }
        }
    }

    pub fn store(&self, tab: Owner, text: &str) -> Result<(), StorageFault> {
        let outcome = match self.store.storage.get() {
            Storage::Works => Ok(()),
            Storage::Full => Err(StorageFault::Full),
            Storage::Blocked => Err(StorageFault::Unavailable),
        };
        if self.is_copy_behind(tab) {
            self.oracle.borrow_mut().distrust(Excuse::CopyBehind);
        }
        self.wrote(tab, text, outcome.is_ok());
        if outcome.is_ok() {
            self.put(Some(self.page_of(tab)), Some(text.into()));
        }
        outcome
    }

    /// A page has heard of this record, and writes it into its own copy.
    pub fn keep_heard(&self, tab: Owner, text: &str) {
        if self.setup.area != Area::Cloned || self.store.storage.get() != Storage::Works {
            return;
        }
        self.note_met("heard record kept in a copy");
        let known = {
            let values = self.store.values.borrow();
            values.iter().rposition(|it| it.as_deref() == Some(text))
        };
        let value = known.unwrap_or_else(|| {
            self.store.values.borrow_mut().push(Some(text.into()));
            self.store.latest()
        });
        let now = self.now();
        self.with_page(tab, |page| page.sights.write(now, value));
    }

    /// The copy that a new page begins with: of a page that is there, or else of the last that was.
    pub fn copied(&self) -> usize {
        let now = self.now();
        let pages = self.pages.borrow();
        let alive: Vec<_> = pages.iter().filter(|page| page.alive).collect();
        if self.setup.area != Area::Cloned {
            return self.store.latest();
        }
        match alive.len() {
            0 => self.newest_copy(&pages.iter().collect::<Vec<_>>()),
            count => {
                self.note_met("page duplicated");
                let of = self.executor.draw(count as u64) as usize;
                alive[of].sights.view(now)
            }
        }
    }

    /// What is stored for this page.
    pub fn copy_of(&self, page: PageId) -> usize {
        match self.setup.area {
            Area::Cloned => self.pages.borrow()[page].sights.view(self.now()),
            _ => self.store.latest(),
        }
    }

    fn newest_copy(&self, pages: &[&Page]) -> usize {
        let now = self.now();
        let views = pages.iter().map(|page| page.sights.view(now));
        views.max().unwrap_or(self.store.latest())
    }

    /// Whether a page's copy is behind, and nobody could tell it, or it hears nobody.
    fn is_copy_behind(&self, tab: Owner) -> bool {
        if self.setup.area != Area::Cloned {
            return false;
        }
        let (now, latest) = (self.now(), self.store.latest());
        let is_latest = |tab: Owner| self.with_page(tab, |page| page.sights.view(now)) == latest;
        let could_tell =
            |it: &Owner| !self.executor.is_frozen(*it) && self.hears(*it) && is_latest(*it);
        // A session that was closed hears nothing, though it ends what it has begun.
        let is_deaf = !self.open_tabs().contains(&tab);
        !is_latest(tab) && (is_deaf || !self.open_tabs().iter().any(could_tell))
    }

    /// The latest record that is left: with the last page that has a copy it is gone.
    pub fn record_left(&self) -> Option<Record> {
        if self.setup.area != Area::Cloned {
            return self.oracle.borrow().stored();
        }
        let pages = self.pages.borrow();
        let alive: Vec<_> = pages.iter().filter(|page| page.alive).collect();
        let newest = self.newest_copy(&alive);
        let values = self.store.values.borrow();
        decode(values[newest].as_deref()?)
    }

    pub fn stored_for(&self, tab: Owner) -> Result<Option<String>, StorageFault> {
        if self.store.storage.get() == Storage::Blocked {
            return Err(StorageFault::Unavailable);
        }
        let now = self.now();
        let value = self.with_page(tab, |page| page.sights.look(now));
        let text = &self.store.values.borrow()[value];
        Ok(text.as_ref().map(|text| text.to_string()))
    }

    /// The latest value that this tab could see at that time.
    pub fn seen_at(&self, tab: Owner, time: u64) -> Option<Rc<str>> {
        let value = self.with_page(tab, |page| page.sights.at(time))?;
        self.store.values.borrow()[value].clone()
    }
}
