//! The lock, as `npm/lock.js` asks for it: a line in each page, then one that all pages share. Some pages' locks are refused,
//! and a lock is taken from a page that stands still with it.

mod line;
mod takeover;

use crate::browser::Browser;
use crate::executor::Owner;
use crate::page::PageId;
use crate::storage::Key;
use line::{Line, Name, Place};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use storefront_session::session::Millis;
use takeover::{FIRST_LOOK, Watch};

/// For how long others may be in the middle of something where no lock is shared, and where it was taken from its holder.
const UNSHARED: Millis = 10_000;
const TAKEN: Millis = 60_000;

/// How the browser's locks are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locks {
    #[default]
    Granted,
    /// There are none.
    Absent,
    /// Some pages' requests are rejected, or never answered.
    Refused,
}

/// How a page's locks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLocks {
    Granted,
    /// Each request is rejected at once, or there are none.
    Refused,
    /// None is ever granted, which shows after a while.
    Mute,
}

#[derive(Default)]
pub struct LockManager {
    /// How they are.
    pub kind: Cell<Locks>,
    /// Whether the next who asks takes the lock from its holder at once.
    pub is_taken_next: Cell<bool>,
    lines: RefCell<BTreeMap<Name, Line>>,
    watches: RefCell<BTreeMap<PageId, Watch>>,
    /// Who is about to take the lock from its holder: one at a time.
    taking: Cell<Option<Owner>>,
    /// Who is in the middle of an operation.
    at_work: RefCell<Vec<Owner>>,
    /// Since when there has always been somebody.
    busy_since: Cell<Millis>,
    /// Whose lock was taken, and who does not know that: by acquisition.
    robbed: RefCell<Vec<(Owner, u64)>>,
}

impl LockManager {
    pub(super) fn with<T>(&self, name: Name, work: impl FnOnce(&mut Line) -> T) -> T {
        work(self.lines.borrow_mut().entry(name).or_default())
    }

    /// Which acquisition holds the shared lock.
    fn holder(&self, key: Key) -> Option<u64> {
        self.with(Name::Shared(key), |line| line.holder.map(|it| it.ticket))
    }

    pub fn at_work(&self) -> Option<Owner> {
        self.at_work.borrow().first().copied()
    }

    /// Since when there has always been somebody in the middle of an operation.
    pub fn busy_since(&self) -> Option<Millis> {
        self.at_work().map(|_| self.busy_since.get())
    }

    pub fn is_at_work(&self, tab: Owner) -> bool {
        self.at_work.borrow().contains(&tab)
    }

    pub fn is_another_at_work(&self, tab: Owner) -> bool {
        self.at_work.borrow().iter().any(|other| *other != tab)
    }

    /// Whether this tab goes on without the lock that was taken from it.
    pub fn is_robbed(&self, tab: Owner) -> bool {
        self.robbed.borrow().iter().any(|(whose, _)| *whose == tab)
    }

    /// Whether anybody does.
    pub fn is_anybody_robbed(&self) -> bool {
        !self.robbed.borrow().is_empty()
    }

    /// The browser gives the locks of a tab that is gone to others.
    pub(crate) fn killed(&self, tab: Owner) {
        for line in self.lines.borrow_mut().values_mut() {
            line.leave(|whose, _| whose == tab);
        }
        self.at_work.borrow_mut().retain(|it| *it != tab);
        self.robbed.borrow_mut().retain(|(whose, _)| *whose != tab);
        if self.taking.get() == Some(tab) {
            self.taking.set(None);
        }
    }

    /// Its lease has run out, and another host has one now.
    pub(crate) fn robbed_of_lease(&self, tab: Owner, ticket: u64) {
        if self.is_at_work(tab) {
            self.robbed.borrow_mut().push((tab, ticket));
        }
    }

    /// Who had this acquisition has noticed that it is lost, or has come to its end.
    pub(crate) fn forget_robbed(&self, ticket: u64) {
        self.robbed.borrow_mut().retain(|(_, it)| *it != ticket);
    }
}

/// The lock, as it is held.
pub struct Guard {
    shared: Option<Place>,
    ours: Option<Place>,
    browser: Rc<Browser>,
    tab: Owner,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.browser.is_alive(self.tab) {
            return;
        }
        self.browser.give_lease_back(self.tab);
        drop(self.shared.take());
        drop(self.ours.take());
        let mut at_work = self.browser.locks.at_work.borrow_mut();
        if let Some(at) = at_work.iter().position(|it| *it == self.tab) {
            at_work.remove(at);
        }
        drop(at_work);
        self.browser.tell(|it| it.released(self.tab));
    }
}

impl Browser {
    /// How the locks of a page are that is opened now.
    pub(crate) fn draw_locks(&self) -> PageLocks {
        match self.locks.kind.get() {
            Locks::Granted => PageLocks::Granted,
            Locks::Absent => PageLocks::Refused,
            Locks::Refused => match self.executor.chance.below(4) {
                0 => PageLocks::Granted,
                1 => PageLocks::Mute,
                _ => PageLocks::Refused,
            },
        }
    }

    /// The lock, and for how long others may be in the middle of something all the same.
    pub(crate) async fn acquire(self: &Rc<Self>, tab: Owner) -> (Guard, Millis) {
        let ours = Place::join(self, Name::Page(self.page_of(tab)), tab);
        ours.turn().await;
        let (shared, rivals) = self.acquire_shared(tab).await;
        if self.locks.at_work().is_none() {
            self.locks.busy_since.set(self.now());
        }
        self.locks.at_work.borrow_mut().push(tab);
        let guard = Guard {
            shared,
            ours: Some(ours),
            browser: Rc::clone(self),
            tab,
        };
        (guard, rivals)
    }

    async fn acquire_shared(self: &Rc<Self>, tab: Owner) -> (Option<Place>, Millis) {
        if self.is_served() {
            self.acquire_lease(tab).await;
            return (None, 0);
        }
        let locks = match self.locks.kind.get() {
            Locks::Absent => PageLocks::Refused,
            _ => self.with_page(tab, |page| page.locks),
        };
        match locks {
            PageLocks::Granted => {}
            PageLocks::Mute => {
                self.met("lock never answered");
                self.executor.sleep(2 * FIRST_LOOK).await;
                self.with_page(tab, |page| page.locks = PageLocks::Refused);
                return (None, UNSHARED);
            }
            PageLocks::Refused => {
                if self.locks.kind.get() == Locks::Refused {
                    self.met("lock refused");
                }
                return (None, UNSHARED);
            }
        }
        let place = Place::join(self, Name::Shared(self.key_of(tab)), tab);
        if self.locks.is_taken_next.take() && place.holder().is_none() {
            self.rob(tab, place.ticket);
        }
        if place.holder().is_none() {
            let watching = Rc::clone(self).watch(tab, place.ticket);
            self.spawn(tab, watching);
        }
        let rivals = if place.turn().await { TAKEN } else { 0 };
        (Some(place), rivals)
    }

    /// A page that is told that it is left waits for no lock.
    pub(crate) fn withdraw_locks(&self, tab: Owner) {
        let name = Name::Shared(self.key_of(tab));
        self.locks.with(name, |line| line.withdraw(tab));
    }

    /// It has come back.
    pub(crate) fn ask_for_locks_again(&self, tab: Owner) {
        let name = Name::Shared(self.key_of(tab));
        self.locks.with(name, |line| line.ask_again(tab));
    }
}
