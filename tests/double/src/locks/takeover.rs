//! A lock whose holder stands still: those who wait look now and then who holds it, and one of them takes it in the end.

use super::line::Name;
use crate::browser::Browser;
use crate::executor::Owner;
use std::rc::Rc;
use storefront_session::session::Millis;

/// How long a waiter must have seen one acquisition before it may take the lock.
const STANDSTILL: Millis = 75_000;

/// How often a waiter looks who holds the lock, and when it looks first.
const LOOK: Millis = 5_000;
pub const FIRST_LOOK: Millis = 1_000;

/// The longest time that it takes to ask who holds the lock.
const QUERY: Millis = 5;

/// What a page has seen of the shared lock's holder: which acquisition, when, for how long by now, and who watches.
#[derive(Clone, Copy, Default)]
pub struct Watch {
    holder: Option<u64>,
    at: u64,
    passed: u64,
    turn: u64,
}

impl Browser {
    /// Looks now and then who holds the lock, until it is free, though the waiter has given up.
    pub(super) async fn watch(self: Rc<Self>, tab: Owner, ticket: u64) {
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
            let holder = self.locks.holder(self.key_of(tab));
            let last = self.locks.watches.borrow()[&page];
            if last.turn != turn {
                return;
            }
            let at = self.moment(tab).wall;
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
            let waits = self.locks.with(Name::Shared(self.key_of(tab)), |line| {
                line.place_of(ticket).is_some()
            });
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
        self.executor.sleep(self.executor.chance.time(QUERY)).await;
        if self.locks.holder(self.key_of(tab)) == holder {
            self.met("lock taken from its holder");
            self.rob(tab, ticket);
        }
        self.locks.taking.set(None);
    }

    /// The lock goes from its holder to this waiter.
    pub(super) fn rob(&self, tab: Owner, ticket: u64) {
        let name = Name::Shared(self.key_of(tab));
        let from = self.locks.with(name, |line| line.holder);
        let robbed = from.map(|it| (it.tab, it.ticket));
        self.locks.robbed.borrow_mut().extend(robbed);
        if let Some(from) = from {
            self.tell(|it| it.taken(tab, from.tab));
        }
        self.locks.with(name, |line| {
            line.holder = None;
            match line.place_of(ticket) {
                Some(at) => line.grant(at, true),
                // Whoever gave up meanwhile gives it back at once.
                None => line.grant_next(),
            }
        });
    }
}
