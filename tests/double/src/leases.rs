//! Hosts in the place of pages: what they share is a store, which gives leases that run out. As `npm/server/turn.js` and a store in
//! Redis have it: who has no lease asks for no token.

use crate::browser::{Browser, PATIENCE};
use crate::executor::Owner;
use crate::host::Tab;
use crate::locks::Guard;
use crate::storage::Area;
use crate::wire::changes_tokens;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use storefront_session::host::{Held, Host};
use storefront_session::http::Request;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::{Code, Millis, Moment, Result, SessionError};

/// How long a lease lasts that nobody extends, how often it is extended, and how long before its end a host takes it for over.
pub const LEASE: Millis = 10_000;
const EXTENDING: Millis = 3_000;
const MARGIN: Millis = 1_000;

/// How often a lease that another has is asked for.
const LOOK: Millis = 250;

/// The lease, as the store has it.
#[derive(Clone, Copy)]
pub struct Lease {
    tab: Owner,
    ticket: u64,
    until: u64,
}

/// The lease, as the host has it that holds it.
pub struct Hold {
    pub ticket: u64,
    since: Moment,
    is_over: bool,
    /// What was found, or written since.
    pub text: Option<Rc<str>>,
    /// Whether something is being written: who looks meanwhile, for another request, asks the store.
    pub is_writing: bool,
    /// What is under way was noted.
    pub may_ask: bool,
    pub has_asked: bool,
}

#[derive(Default)]
pub struct Leases {
    given: Cell<Option<Lease>>,
    held: RefCell<BTreeMap<Owner, Hold>>,
    /// Leases that were taken for what is about to begin.
    reserved: RefCell<BTreeMap<Owner, Guard>>,
    /// How many of a thousand writes lose their connection before they are done, and how many after.
    pub drops: Cell<u64>,
}

impl Leases {
    pub(crate) fn with<T>(&self, tab: Owner, work: impl FnOnce(&mut Hold) -> T) -> Option<T> {
        self.held.borrow_mut().get_mut(&tab).map(work)
    }

    pub(crate) fn given_to(&self, ticket: u64, now: u64) -> Option<Lease> {
        let lease = self.given.get();
        lease.filter(|it| it.ticket == ticket && it.until > now)
    }

    /// What a host has found under its lease.
    pub(crate) fn found(&self, tab: Owner) -> Option<Option<String>> {
        let of = |hold: &mut Hold| {
            let text = hold.text.as_deref().map(str::to_owned);
            (!hold.is_writing).then_some(text)
        };
        self.with(tab, of).flatten()
    }

    /// It is gone, and nobody gives its lease back.
    pub(crate) fn killed(&self, tab: Owner) {
        self.held.borrow_mut().remove(&tab);
        let reserved = self.reserved.borrow_mut().remove(&tab);
        drop(reserved);
    }

    /// The lease that was taken before it was asked for.
    pub(crate) fn reserved(&self, tab: Owner) -> Option<Guard> {
        self.reserved.borrow_mut().remove(&tab)
    }
}

impl Tab {
    /// Signs out. On a host that does not even begin without the lease, and where it was not stored in time, that is said.
    pub async fn log_out(&self, lifecycle: &Lifecycle<Self>) -> Result<()> {
        if !self.is_served() {
            return lifecycle.logout().await;
        }
        let late = || SessionError::passing(Code::Timeout, "it is not stored");
        let Held { guard, .. } = self.lock(PATIENCE).await.ok_or_else(late)?;
        let leases = &self.browser.leases;
        leases.reserved.borrow_mut().insert(self.id, guard);
        let begun = self.browser.now();
        lifecycle.logout().await?;
        drop(leases.reserved(self.id));
        match self.browser.now() - begun < PATIENCE {
            true => Ok(()),
            false => Err(late()),
        }
    }
}

impl Browser {
    /// Whether hosts share a store.
    pub fn is_served(&self) -> bool {
        matches!(self.storage.area.get(), Area::Hosts(_))
    }

    pub(crate) async fn reach_store(&self) {
        if let Some(time) = self.access_time() {
            self.executor.sleep(self.draw_access(time)).await;
        }
    }

    /// Waits for the lease, and reads the record under it.
    pub(crate) async fn acquire_lease(self: &Rc<Self>, tab: Owner) {
        loop {
            let since = self.moment(tab);
            self.reach_store().await;
            if let Some(ticket) = self.take_lease(tab) {
                self.reach_store().await;
                if let Ok(text) = self.stored_for(tab) {
                    let hold = Hold {
                        ticket,
                        since,
                        is_over: false,
                        text: text.map(Rc::from),
                        is_writing: false,
                        may_ask: false,
                        has_asked: false,
                    };
                    self.leases.held.borrow_mut().insert(tab, hold);
                    let extending = Rc::clone(self).extend_lease(tab, ticket);
                    self.spawn(tab, extending);
                    return;
                }
            }
            self.executor
                .sleep(20 + self.executor.chance.time(LOOK))
                .await;
        }
    }

    fn take_lease(&self, tab: Owner) -> Option<u64> {
        let now = self.now();
        let former = self.leases.given.get();
        if former.is_some_and(|it| it.until > now) || self.is_blocked() {
            return None;
        }
        if let Some(former) = former {
            self.met("lease run out");
            self.locks.robbed_of_lease(former.tab, former.ticket);
            self.tell(|it| it.taken(tab, former.tab));
        }
        let ticket = self.executor.count();
        self.leases.given.set(Some(Lease {
            tab,
            ticket,
            until: now + LEASE,
        }));
        Some(ticket)
    }

    async fn extend_lease(self: Rc<Self>, tab: Owner, ticket: u64) {
        let is_held = || self.leases.with(tab, |hold| hold.ticket == ticket) == Some(true);
        loop {
            self.executor.sleep(EXTENDING).await;
            let since = self.moment(tab);
            self.reach_store().await;
            if !is_held() {
                return;
            }
            if self.is_blocked() {
                continue;
            }
            let now = self.now();
            let lease = self.leases.given_to(ticket, now);
            if let Some(lease) = lease {
                let until = now + LEASE;
                self.leases.given.set(Some(Lease { until, ..lease }));
            }
            self.leases.with(tab, |hold| match lease {
                Some(_) => hold.since = since,
                None => hold.is_over = true,
            });
            if lease.is_none() {
                return;
            }
        }
    }

    /// Whether this host may take the lease for its own still.
    fn has_lease(&self, tab: Owner) -> bool {
        let now = self.moment(tab);
        let is = |hold: &mut Hold| {
            let wall = now.wall.saturating_sub(hold.since.wall);
            let mono = now.mono.abs_diff(hold.since.mono);
            !hold.is_over && wall.max(mono) < LEASE - MARGIN
        };
        self.leases.with(tab, is) == Some(true)
    }

    pub(crate) fn give_lease_back(&self, tab: Owner) {
        let Some(hold) = self.leases.held.borrow_mut().remove(&tab) else {
            return;
        };
        self.locks.forget_robbed(hold.ticket);
        let lease = self.leases.given.get();
        if lease.is_some_and(|it| it.ticket == hold.ticket) && !self.is_blocked() {
            self.leases.given.set(None);
        }
    }

    /// Whether a host may send this: what cannot be stored is not asked for.
    pub(crate) fn may_send(&self, tab: Owner, request: &Request) -> bool {
        if !self.is_served() || !changes_tokens(request) {
            return true;
        }
        let may = self.has_lease(tab) && self.leases.with(tab, |hold| hold.may_ask) == Some(true);
        if may {
            self.leases.with(tab, |hold| hold.has_asked = true);
        }
        may
    }

    /// The lease anew, where it has run out and nobody has stored anything since.
    pub(crate) async fn regain_lease(self: &Rc<Self>, tab: Owner) -> bool {
        self.reach_store().await;
        let text = self.stored_for(tab).ok().flatten();
        let is_same = self
            .leases
            .with(tab, |hold| hold.text.as_deref() == text.as_deref());
        if is_same != Some(true) {
            return false;
        }
        let since = self.moment(tab);
        self.reach_store().await;
        let Some(ticket) = self.take_lease(tab) else {
            self.executor.sleep(LOOK).await;
            return true;
        };
        self.met("lease regained");
        let former = self.leases.with(tab, |hold| {
            hold.since = since;
            hold.is_over = false;
            std::mem::replace(&mut hold.ticket, ticket)
        });
        former
            .into_iter()
            .for_each(|former| self.locks.forget_robbed(former));
        let extending = Rc::clone(self).extend_lease(tab, ticket);
        self.spawn(tab, extending);
        true
    }
}
