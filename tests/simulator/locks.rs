//! The lock, as `npm/lock.js` asks for it: a line in each page, then one that all pages share. Some pages' locks are refused,
//! and a lock is taken from a page that stands still with it.

use crate::browser::World;
use crate::executor::Owner;
use crate::page::PageId;
use crate::plan::Locks;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::session::Millis;

/// For how long others may be in the middle of something where no lock is shared, and where it was taken from its holder.
const UNSHARED: Millis = 10_000;
const TAKEN: Millis = 60_000;

/// How long a waiter must have seen one acquisition before it may take the lock.
const STANDSTILL: Millis = 75_000;

/// How often a waiter looks who holds the lock, and when it looks first.
const LOOK: Millis = 5_000;
const FIRST_LOOK: Millis = 1_000;

/// The longest time that it takes to ask who holds the lock.
const QUERY: Millis = 5;

/// How a page's locks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLocks {
    Granted,
    /// Each request is rejected at once, or there are none.
    Refused,
    /// None is ever granted, which shows after a while.
    Mute,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Page(PageId),
    Shared,
}

#[derive(Clone, Copy)]
struct Holder {
    tab: Owner,
    ticket: u64,
    was_taken: bool,
}

/// Those who want a lock, and who has it.
#[derive(Default)]
struct Line {
    holder: Option<Holder>,
    waiting: VecDeque<(Owner, u64, Option<Waker>)>,
    /// Those of pages that were left: they ask again when they come back.
    withdrawn: Vec<(Owner, u64, Option<Waker>)>,
}

impl Line {
    fn grant(&mut self, at: usize, was_taken: bool) {
        let Some((tab, ticket, waker)) = self.waiting.remove(at) else {
            return;
        };
        self.holder = Some(Holder {
            tab,
            ticket,
            was_taken,
        });
        waker.into_iter().for_each(Waker::wake);
    }

    fn grant_next(&mut self) {
        if self.holder.is_none() {
            self.grant(0, false);
        }
    }

    fn leave(&mut self, is_meant: impl Fn(Owner, u64) -> bool) {
        self.waiting
            .retain(|(tab, ticket, _)| !is_meant(*tab, *ticket));
        self.withdrawn
            .retain(|(tab, ticket, _)| !is_meant(*tab, *ticket));
        if self.holder.is_some_and(|it| is_meant(it.tab, it.ticket)) {
            self.holder = None;
        }
        self.grant_next();
    }

    fn withdraw(&mut self, tab: Owner) {
        for it in std::mem::take(&mut self.waiting) {
            match it.0 == tab {
                true => self.withdrawn.push(it),
                false => self.waiting.push_back(it),
            }
        }
    }

    fn ask_again(&mut self, tab: Owner) {
        for it in std::mem::take(&mut self.withdrawn) {
            match it.0 == tab {
                true => self.waiting.push_back(it),
                false => self.withdrawn.push(it),
            }
        }
        self.grant_next();
    }

    fn place_of(&self, ticket: u64) -> Option<usize> {
        self.waiting.iter().position(|it| it.1 == ticket)
    }
}

/// What a page has seen of the shared lock's holder: which acquisition, when, for how long by now, and who watches.
#[derive(Clone, Copy, Default)]
struct Watch {
    holder: Option<u64>,
    at: u64,
    passed: u64,
    turn: u64,
}

#[derive(Default)]
pub struct LockManager {
    lines: RefCell<BTreeMap<Name, Line>>,
    watches: RefCell<BTreeMap<PageId, Watch>>,
    /// Who is about to take the lock from its holder: one at a time.
    taking: Cell<Option<Owner>>,
    /// Who is in the middle of an operation.
    at_work: RefCell<Vec<Owner>>,
    /// Whose lock was taken, and who does not know that: by acquisition.
    robbed: RefCell<Vec<(Owner, u64)>>,
}

impl LockManager {
    fn with<T>(&self, name: Name, work: impl FnOnce(&mut Line) -> T) -> T {
        work(self.lines.borrow_mut().entry(name).or_default())
    }

    /// Which acquisition holds the shared lock.
    fn holder(&self) -> Option<u64> {
        self.with(Name::Shared, |line| line.holder.map(|it| it.ticket))
    }

    pub fn at_work(&self) -> Option<Owner> {
        self.at_work.borrow().first().copied()
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
    pub fn killed(&self, tab: Owner) {
        for line in self.lines.borrow_mut().values_mut() {
            line.leave(|whose, _| whose == tab);
        }
        self.at_work.borrow_mut().retain(|it| *it != tab);
        self.robbed.borrow_mut().retain(|(whose, _)| *whose != tab);
        if self.taking.get() == Some(tab) {
            self.taking.set(None);
        }
    }

    /// Its lease has run out, and another has one now.
    pub fn robbed_of_lease(&self, tab: Owner, ticket: u64) {
        if self.is_at_work(tab) {
            self.robbed.borrow_mut().push((tab, ticket));
        }
    }

    /// It has noticed, or has come to its end.
    pub fn lost_lease(&self, ticket: u64) {
        self.robbed.borrow_mut().retain(|(_, it)| *it != ticket);
    }

    /// A page that is told that it is left waits for no lock.
    pub fn left(&self, tab: Owner) {
        self.with(Name::Shared, |line| line.withdraw(tab));
    }

    pub fn came_back(&self, tab: Owner) {
        self.with(Name::Shared, |line| line.ask_again(tab));
    }
}

/// A place in a line; dropped, it is given up, be it waited for or held.
struct Place {
    world: Rc<World>,
    name: Name,
    tab: Owner,
    ticket: u64,
}

impl Place {
    fn join(world: &Rc<World>, name: Name, tab: Owner) -> Self {
        let ticket = world.executor.count();
        world.locks.with(name, |line| {
            line.waiting.push_back((tab, ticket, None));
            line.grant_next();
        });
        Self {
            world: Rc::clone(world),
            name,
            tab,
            ticket,
        }
    }

    fn holder(&self) -> Option<Holder> {
        let holder = self.world.locks.with(self.name, |line| line.holder);
        holder.filter(|it| it.ticket == self.ticket)
    }

    /// Its turn; whether the lock was taken from somebody.
    async fn turn(&self) -> bool {
        poll_fn(|context| {
            if let Some(holder) = self.holder() {
                return Poll::Ready(holder.was_taken);
            }
            self.world.locks.with(self.name, |line| {
                let mut places = line.waiting.iter_mut().chain(&mut line.withdrawn);
                if let Some(mine) = places.find(|it| it.1 == self.ticket) {
                    mine.2 = Some(context.waker().clone());
                }
            });
            Poll::Pending
        })
        .await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.world.is_alive(self.tab) {
            let locks = &self.world.locks;
            locks
                .robbed
                .borrow_mut()
                .retain(|(_, ticket)| *ticket != self.ticket);
            locks.with(self.name, |line| {
                line.leave(|_, ticket| ticket == self.ticket)
            });
        }
    }
}

/// The lock, as it is held.
pub struct Guard {
    shared: Option<Place>,
    ours: Option<Place>,
    world: Rc<World>,
    tab: Owner,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.world.is_alive(self.tab) {
            return;
        }
        self.world.give_lease_back(self.tab);
        drop(self.shared.take());
        drop(self.ours.take());
        let mut at_work = self.world.locks.at_work.borrow_mut();
        if let Some(at) = at_work.iter().position(|it| *it == self.tab) {
            at_work.remove(at);
        }
        drop(at_work);
        self.world.released(self.tab);
    }
}

impl World {
    /// How the locks of a page are that is opened now.
    pub fn draw_locks(&self) -> PageLocks {
        match self.setup.locks {
            Locks::Granted => PageLocks::Granted,
            Locks::Absent => PageLocks::Refused,
            Locks::Refused => match self.executor.draw(4) {
                0 => PageLocks::Granted,
                1 => PageLocks::Mute,
                _ => PageLocks::Refused,
            },
        }
    }

    /// The lock, and for how long others may be in the middle of something all the same.
    pub async fn acquire(self: &Rc<Self>, tab: Owner) -> (Guard, Millis) {
        let ours = Place::join(self, Name::Page(self.page_of(tab)), tab);
        ours.turn().await;
        let (shared, rivals) = self.acquire_shared(tab).await;
        self.locks.at_work.borrow_mut().push(tab);
        let guard = Guard {
            shared,
            ours: Some(ours),
            world: Rc::clone(self),
            tab,
        };
        (guard, rivals)
    }

    async fn acquire_shared(self: &Rc<Self>, tab: Owner) -> (Option<Place>, Millis) {
        if self.is_served() {
            self.acquire_lease(tab).await;
            return (None, 0);
        }
        match self.with_page(tab, |page| page.locks) {
            PageLocks::Granted => {}
            PageLocks::Mute => {
                self.note_met("lock never answered");
                self.executor.sleep(2 * FIRST_LOOK).await;
                self.with_page(tab, |page| page.locks = PageLocks::Refused);
                return (None, UNSHARED);
            }
            PageLocks::Refused => {
                if self.setup.locks == Locks::Refused {
                    self.note_met("lock refused");
                }
                return (None, UNSHARED);
            }
        }
        let place = Place::join(self, Name::Shared, tab);
        if place.holder().is_none() {
            let watching = Rc::clone(self).watch(tab, place.ticket);
            self.spawn(tab, watching);
        }
        let rivals = if place.turn().await { TAKEN } else { 0 };
        (Some(place), rivals)
    }

    /// Looks now and then who holds the lock, until it is free, though the waiter has given up.
    async fn watch(self: Rc<Self>, tab: Owner, ticket: u64) {
        let turn = self.executor.count();
        let page = self.page_of(tab);
        self.locks
            .watches
            .borrow_mut()
            .entry(page)
            .or_default()
            .turn = turn;
        self.executor.sleep(FIRST_LOOK).await;
        loop {
            let holder = self.locks.holder();
            let last = self.locks.watches.borrow()[&page];
            if last.turn != turn {
                return;
            }
            let at = self.moment().wall;
            // A machine that slept has not watched.
            let passed = match holder.is_some() && holder == last.holder {
                true => last.passed + at.saturating_sub(last.at).min(2 * LOOK),
                false => 0,
            };
            let seen = Watch {
                holder,
                at,
                passed,
                turn,
            };
            self.locks.watches.borrow_mut().insert(page, seen);
            let is_still = passed >= STANDSTILL;
            let waits = self
                .locks
                .with(Name::Shared, |line| line.place_of(ticket).is_some());
            if !waits && (is_still || holder.is_none()) {
                return;
            }
            if is_still {
                self.take(tab, ticket, holder).await;
            }
            let next = if holder.is_some() { LOOK } else { FIRST_LOOK };
            self.executor.sleep(next).await;
        }
    }

    /// Takes the lock from a holder that stands still: one waiter at a time, and only what it has watched.
    async fn take(&self, tab: Owner, ticket: u64, holder: Option<u64>) {
        if self.locks.taking.get().is_some() {
            return;
        }
        self.locks.taking.set(Some(tab));
        self.executor.sleep(self.executor.draw(QUERY)).await;
        if self.locks.holder() == holder {
            self.note_met("lock taken from its holder");
            let now = self.now();
            let from = self.locks.with(Name::Shared, |line| line.holder);
            let robbed = from.map(|it| (it.tab, it.ticket));
            self.locks.robbed.borrow_mut().extend(robbed);
            let from = from.map(|it| it.tab);
            if let Some(from) = from {
                self.oracle.borrow_mut().came_between(from);
            }
            self.oracle
                .borrow_mut()
                .note(now, || format!("tab {tab} takes the lock from {from:?}"));
            self.locks.with(Name::Shared, |line| {
                line.holder = None;
                match line.place_of(ticket) {
                    Some(at) => line.grant(at, true),
                    // Whoever gave up meanwhile gives it back at once.
                    None => line.grant_next(),
                }
            });
        }
        self.locks.taking.set(None);
    }
}
