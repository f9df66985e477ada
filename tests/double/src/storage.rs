//! Storage, as pages see it: late, or a copy of their own; full, blocked, damaged.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::page::{Page, PageId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use storefront_session::host::StorageFault;
use storefront_session::session::Millis;

/// Where the record is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Area {
    /// One for all pages.
    #[default]
    Shared,
    /// Each page has its own, which begins as a copy of another page's.
    Cloned,
    /// One for all pages, which the shop supplies: each access takes up to so many milliseconds.
    Adapter(Millis),
    /// Hosts in the place of pages, and a store that all of them share: each access takes up to so many milliseconds.
    Hosts(Millis),
}

/// What is the matter with storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Full,
    Blocked,
    /// Writing succeeds, and nothing is stored.
    Forgetful,
}

/// The key of a storefront's record, by its number: pages of one key share a record, a lock, a channel.
pub type Key = usize;

/// What is kept under a key.
struct Kept {
    key: String,
    /// All that was ever stored, oldest first; a page sees one of them.
    values: Vec<Option<Rc<str>>>,
}

impl Kept {
    /// The number of what was stored last.
    fn latest(&self) -> usize {
        self.values.len() - 1
    }
}

#[derive(Default)]
pub struct Storage {
    pub area: Cell<Area>,
    pub fault: Cell<Option<Fault>>,
    /// The longest time after which another page's write is seen.
    pub lag: Cell<Millis>,
    kept: RefCell<Vec<Kept>>,
}

impl Storage {
    pub fn key(&self, key: &str) -> Key {
        let mut kept = self.kept.borrow_mut();
        let known = kept.iter().position(|it| it.key == key);
        known.unwrap_or_else(|| {
            let key = key.to_owned();
            let values = vec![None];
            kept.push(Kept { key, values });
            kept.len() - 1
        })
    }

    /// What there is before the first page is opened.
    pub fn begin_with(&self, key: Key, text: Option<Rc<str>>) {
        self.kept.borrow_mut()[key].values = vec![text];
    }

    /// What was stored last.
    pub fn last(&self, key: Key) -> Option<Rc<str>> {
        let kept = &self.kept.borrow()[key];
        kept.values[kept.latest()].clone()
    }

    fn latest(&self, key: Key) -> usize {
        self.kept.borrow()[key].latest()
    }

    fn value(&self, key: Key, number: usize) -> Option<Rc<str>> {
        self.kept.borrow()[key].values[number].clone()
    }

    fn push(&self, key: Key, text: Option<Rc<str>>) -> usize {
        let kept = &mut self.kept.borrow_mut()[key];
        kept.values.push(text);
        kept.latest()
    }
}

impl Browser {
    pub(crate) fn has_copies(&self) -> bool {
        self.storage.area.get() == Area::Cloned
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.storage.fault.get() == Some(Fault::Blocked)
    }

    pub(crate) fn lag(&self) -> Millis {
        let longest = self.storage.lag.get();
        if longest == 0 || self.executor.chance.happens(50, 100) {
            return 0;
        }
        self.executor.chance.time(longest)
    }

    /// Somebody else than these pages stores that, or removes what is there.
    pub fn put(&self, key: Key, text: Option<Rc<str>>) {
        self.put_by(None, key, text);
    }

    fn put_by(&self, writer: Option<PageId>, key: Key, text: Option<Rc<str>>) {
        let (now, value) = (self.now(), self.storage.push(key, text));
        for (id, page) in self.pages.borrow_mut().iter_mut().enumerate() {
            if Some(id) == writer {
                page.sights.write(now, value);
            } else if page.alive && page.key == key && (!self.has_copies() || writer.is_none()) {
                page.sights.will_see(now + self.lag(), value);
            }
        }
    }

    /// The store loses what was written last, as where a replica takes over that lacks it.
    pub fn forget_last_write(&self, key: Key) {
        let Some(former) = self.storage.latest(key).checked_sub(1) else {
            return;
        };
        let former = self.storage.value(key, former);
        self.tell(|it| it.forgot(former.as_deref()));
        self.put(key, former);
    }

    pub(crate) fn store(&self, tab: Owner, text: &str) -> Result<(), StorageFault> {
        let outcome = match self.storage.fault.get() {
            None => Ok(()),
            Some(Fault::Full) => Err(StorageFault::Full),
            Some(Fault::Blocked | Fault::Forgetful) => Err(StorageFault::Unavailable),
        };
        if self.is_copy_behind(tab) {
            self.tell(|it| it.wrote_behind(tab));
        }
        self.tell(|it| it.wrote(tab, text, outcome.is_ok()));
        if outcome.is_ok() {
            let writer = Some(self.page_of(tab));
            self.put_by(writer, self.key_of(tab), Some(text.into()));
        }
        outcome
    }

    /// A page has heard of this record, and writes it into its own copy.
    pub(crate) fn keep_heard(&self, tab: Owner, text: &str) {
        if !self.has_copies() || self.storage.fault.get().is_some() {
            return;
        }
        self.met("heard record kept in a copy");
        self.tell(|it| it.kept(text));
        let key = self.key_of(tab);
        let known = {
            let kept = &self.storage.kept.borrow()[key];
            let mut values = kept.values.iter();
            values.rposition(|it| it.as_deref() == Some(text))
        };
        let value = known.unwrap_or_else(|| self.storage.push(key, Some(text.into())));
        let now = self.now();
        self.with_page(tab, |page| page.sights.write(now, value));
    }

    /// The copy that a new page begins with: of a page that is there, or else of the last that was.
    pub(crate) fn copied(&self, key: Key) -> usize {
        if !self.has_copies() {
            return self.storage.latest(key);
        }
        let now = self.now();
        let pages = self.pages.borrow();
        let of_key: Vec<_> = pages.iter().filter(|page| page.key == key).collect();
        // Nobody duplicates a page that nobody looks at.
        let alive: Vec<_> = of_key.iter().filter(|page| page.is_visited()).collect();
        match alive.len() {
            0 => self.newest_copy(key, of_key),
            count => {
                self.met("page duplicated");
                let of = self.executor.chance.below(count as u64) as usize;
                alive[of].sights.view(now)
            }
        }
    }

    /// What is stored for this page.
    pub(crate) fn copy_of(&self, page: PageId) -> usize {
        let page = &self.pages.borrow()[page];
        match self.has_copies() {
            true => page.sights.view(self.now()),
            false => self.storage.latest(page.key),
        }
    }

    fn newest_copy<'p>(&self, key: Key, pages: impl IntoIterator<Item = &'p Page>) -> usize {
        let now = self.now();
        let views = pages.into_iter().map(|page| page.sights.view(now));
        views.max().unwrap_or(self.storage.latest(key))
    }

    /// Whether a page's copy is behind, and nobody could tell it, or it hears nobody.
    fn is_copy_behind(&self, tab: Owner) -> bool {
        if !self.has_copies() {
            return false;
        }
        let (now, latest) = (self.now(), self.storage.latest(self.key_of(tab)));
        let is_latest = |tab: Owner| self.with_page(tab, |page| page.sights.view(now)) == latest;
        let could_tell =
            |it: &Owner| !self.executor.is_frozen(*it) && self.hears(*it) && is_latest(*it);
        // A session that was closed hears nothing, though it ends what it has begun; one whose lock was taken asked before.
        let is_deaf = !self.open_tabs().contains(&tab) || self.locks.is_robbed(tab);
        !is_latest(tab) && (is_deaf || !self.open_tabs().iter().any(could_tell))
    }

    /// The latest text that is left: with the last page that has a copy it is gone.
    pub fn left(&self, key: Key) -> Option<Rc<str>> {
        let pages = self.pages.borrow();
        self.latest_of(key, pages.iter().filter(|page| page.alive))
    }

    /// The latest text that an open session finds: what a closed one has written into its page's copy nobody reads.
    pub fn found(&self, key: Key) -> Option<Rc<str>> {
        let open = self.open_tabs().into_iter().map(|tab| self.page_of(tab));
        let open: Vec<_> = open.collect();
        let pages = self.pages.borrow();
        self.latest_of(key, open.iter().map(|page| &pages[*page]))
    }

    /// The latest of these pages' copies, or what all of them share.
    fn latest_of<'p>(&self, key: Key, pages: impl Iterator<Item = &'p Page>) -> Option<Rc<str>> {
        if !self.has_copies() {
            return self.storage.last(key);
        }
        let value = self.newest_copy(key, pages.filter(|page| page.key == key));
        self.storage.value(key, value)
    }

    /// What a session would read now.
    pub(crate) fn stored_for(&self, tab: Owner) -> Result<Option<String>, StorageFault> {
        if self.is_blocked() {
            return Err(StorageFault::Unavailable);
        }
        let now = self.now();
        let (key, value) = self.with_page(tab, |page| (page.key, page.sights.look(now)));
        let kept = &self.storage.kept.borrow()[key];
        Ok(kept.values[value].as_deref().map(str::to_owned))
    }

    /// The latest value that this session could see at that time.
    pub fn seen_at(&self, tab: Owner, time: u64) -> Option<Rc<str>> {
        let (key, value) = self.with_page(tab, |page| (page.key, page.sights.at(time)));
        self.storage.value(key, value?)
    }
}
