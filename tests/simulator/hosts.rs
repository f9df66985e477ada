//! Hosts in the place of pages: what they share is a store, which gives leases that run out. As `npm/server/turn.js` and a store in
//! Redis have it: a write is compared with the revision and the lease, and who has no lease asks for no token.

use crate::browser::{PATIENCE, Tab, World};
use crate::executor::Owner;
use crate::locks::Guard;
use crate::oracle::{Call, changes_tokens, decode};
use crate::plan::Area;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use storefront_session::host::{Held, Host, StorageFault};
use storefront_session::http::Request;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::{Code, Millis, Moment, Result, SessionError};

/// How long a lease lasts that nobody extends, how often it is extended, and how long before its end a host takes it for over.
const LEASE: Millis = 10_000;
const EXTENDING: Millis = 3_000;
const MARGIN: Millis = 1_000;

/// How often a lease that another has is asked for.
const LOOK: Millis = 250;

/// How many of a thousand writes lose their connection, before they are done or after.
const DROPPED: u64 = 5;

/// The lease, as the store has it.
#[derive(Clone, Copy)]
struct Lease {
    tab: Owner,
    ticket: u64,
    until: u64,
}

/// The lease, as the host has it that holds it.
struct Hold {
    ticket: u64,
    since: Moment,
    is_over: bool,
    /// What was found, or written since.
    text: Option<Rc<str>>,
    /// Whether something is being written: who looks meanwhile, for another request, asks the store.
    is_writing: bool,
    /// What is under way was noted.
    may_ask: bool,
    has_asked: bool,
}

#[derive(Default)]
pub struct Leases {
    given: Cell<Option<Lease>>,
    held: RefCell<BTreeMap<Owner, Hold>>,
    /// Leases that were taken for what is about to begin.
    reserved: RefCell<BTreeMap<Owner, Guard>>,
    /// No connection is lost any more.
    pub calm: Cell<bool>,
}

impl Leases {
    fn with<T>(&self, tab: Owner, work: impl FnOnce(&mut Hold) -> T) -> Option<T> {
        self.held.borrow_mut().get_mut(&tab).map(work)
    }

    fn given_to(&self, ticket: u64, now: u64) -> Option<Lease> {
        let lease = self.given.get();
        lease.filter(|it| it.ticket == ticket && it.until > now)
    }

    /// What a host has found under its lease.
    pub fn found(&self, tab: Owner) -> Option<Option<String>> {
        let of = |hold: &mut Hold| {
            let text = hold.text.as_deref().map(str::to_owned);
            (!hold.is_writing).then_some(text)
        };
        self.with(tab, of).flatten()
    }

    /// It is gone, and nobody gives its lease back.
    pub fn killed(&self, tab: Owner) {
        self.held.borrow_mut().remove(&tab);
        let reserved = self.reserved.borrow_mut().remove(&tab);
        drop(reserved);
    }

    /// The lease that was taken before it was asked for.
    pub fn reserved(&self, tab: Owner) -> Option<Guard> {
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
        let leases = &self.world.leases;
        leases.reserved.borrow_mut().insert(self.id, guard);
        let begun = self.world.now();
        lifecycle.logout().await?;
        drop(leases.reserved(self.id));
        match self.world.now() - begun < PATIENCE {
            true => Ok(()),
            false => Err(late()),
        }
    }
}

impl World {
    /// Whether hosts share a store.
    pub fn is_served(&self) -> bool {
        matches!(self.setup.area, Area::Hosts(_))
    }

    async fn reach_store(&self) {
        if let Some(time) = self.access_time() {
            self.executor.sleep(self.draw_access(time)).await;
        }
    }

    /// Waits for the lease, and reads the record under it.
    pub async fn acquire_lease(self: &Rc<Self>, tab: Owner) {
        loop {
            let since = self.moment();
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
            self.executor.sleep(20 + self.executor.draw(LOOK)).await;
        }
    }

    fn take_lease(&self, tab: Owner) -> Option<u64> {
        let now = self.now();
        let former = self.leases.given.get();
        if former.is_some_and(|it| it.until > now) || self.is_store_away() {
            return None;
        }
        if let Some(former) = former {
            self.note_met("lease run out");
            self.locks.robbed_of_lease(former.tab, former.ticket);
            self.oracle.borrow_mut().came_between(former.tab);
            self.oracle.borrow_mut().note(now, || {
                format!("host {tab} takes the lease of {}", former.tab)
            });
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
            let since = self.moment();
            self.reach_store().await;
            if !is_held() {
                return;
            }
            if self.is_store_away() {
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
        let now = self.moment();
        let is = |hold: &mut Hold| {
            let wall = now.wall.saturating_sub(hold.since.wall);
            let mono = now.mono.abs_diff(hold.since.mono);
            !hold.is_over && wall.max(mono) < LEASE - MARGIN
        };
        self.leases.with(tab, is) == Some(true)
    }

    pub fn give_lease_back(&self, tab: Owner) {
        let Some(hold) = self.leases.held.borrow_mut().remove(&tab) else {
            return;
        };
        self.locks.lost_lease(hold.ticket);
        let lease = self.leases.given.get();
        if lease.is_some_and(|it| it.ticket == hold.ticket) && !self.is_store_away() {
            self.leases.given.set(None);
        }
    }

    /// Whether a host may send this: what cannot be stored is not asked for.
    pub fn may_send(&self, tab: Owner, request: &Request) -> bool {
        if !self.is_served() || !changes_tokens(request) {
            return true;
        }
        let may = self.has_lease(tab) && self.leases.with(tab, |hold| hold.may_ask) == Some(true);
        if may {
            self.leases.with(tab, |hold| hold.has_asked = true);
        }
        may
    }

    pub async fn write_as_host(
        self: &Rc<Self>,
        tab: Owner,
        text: &str,
    ) -> std::result::Result<(), StorageFault> {
        self.leases.with(tab, |hold| hold.is_writing = true);
        let outcome = self.write_under_lease(tab, text).await;
        self.leases.with(tab, |hold| hold.is_writing = false);
        outcome
    }

    /// Writes as a host: what holds the next token is not given up at once, what comes before a question is.
    async fn write_under_lease(
        self: &Rc<Self>,
        tab: Owner,
        text: &str,
    ) -> std::result::Result<(), StorageFault> {
        self.leases.with(tab, |hold| hold.may_ask = false);
        self.announced(tab, text);
        let has_asked = || self.leases.with(tab, |hold| hold.has_asked) == Some(true);
        let mut pause = 50;
        let until = self.now() + 2 * LEASE;
        while self.now() < until {
            self.reach_store().await;
            let fate = match self.leases.calm.get() {
                true => 2 * DROPPED,
                false => self.executor.draw(1_000),
            };
            let written = match fate < DROPPED {
                true => Err(StorageFault::Unavailable),
                false => self.compare_and_set(tab, text),
            };
            self.reach_store().await;
            let is_answered = !(DROPPED..2 * DROPPED).contains(&fate);
            match written.ok().filter(|_| is_answered) {
                Some(false) if has_asked() && self.regain_lease(tab).await => continue,
                Some(false) => break,
                Some(true) => {
                    let stored = Some(Rc::from(text));
                    self.leases.with(tab, |hold| {
                        hold.text = stored;
                        hold.may_ask = true;
                    });
                    return Ok(());
                }
                None => self.note_met("store dropped a connection"),
            }
            if !has_asked() {
                break;
            }
            self.executor.sleep(pause).await;
            pause = (2 * pause).min(1_000);
        }
        Err(StorageFault::Unavailable)
    }

    /// The lease anew, where it has run out and nobody has stored anything since.
    async fn regain_lease(self: &Rc<Self>, tab: Owner) -> bool {
        self.reach_store().await;
        let text = self.stored_for(tab).ok().flatten();
        let is_same = self
            .leases
            .with(tab, |hold| hold.text.as_deref() == text.as_deref());
        if is_same != Some(true) {
            return false;
        }
        let since = self.moment();
        self.reach_store().await;
        let Some(ticket) = self.take_lease(tab) else {
            self.executor.sleep(LOOK).await;
            return true;
        };
        self.note_met("lease regained");
        let former = self.leases.with(tab, |hold| {
            hold.since = since;
            hold.is_over = false;
            std::mem::replace(&mut hold.ticket, ticket)
        });
        former
            .into_iter()
            .for_each(|former| self.locks.lost_lease(former));
        let extending = Rc::clone(self).extend_lease(tab, ticket);
        self.spawn(tab, extending);
        true
    }

    /// Whether it is stored.
    fn compare_and_set(&self, tab: Owner, text: &str) -> std::result::Result<bool, StorageFault> {
        let stored = self.stored_for(tab)?;
        if stored.as_deref() == Some(text) {
            return Ok(true);
        }
        let revision = |text: Option<&str>| text.and_then(decode).map(|record| record.revision);
        let expected = self
            .leases
            .with(tab, |hold| (hold.ticket, revision(hold.text.as_deref())));
        let is_expected = expected.is_some_and(|(ticket, expected)| {
            let lease = self.leases.given_to(ticket, self.now());
            lease.is_some() && expected == revision(stored.as_deref())
        });
        if !is_expected {
            self.note_met("write refused by the store");
            return Ok(false);
        }
        self.store(tab, text).map(|()| true)
    }

    /// Somebody sends his next request to this host.
    pub fn visit(self: &Rc<Self>, tab: Owner) {
        let Some(lifecycle) = self.lifecycle(tab) else {
            return;
        };
        let number = self.begin(tab, Call::Token);
        let of = Rc::clone(self);
        self.spawn(tab, async move {
            let outcome = lifecycle.access_token().await;
            if let Ok(token) = &outcome {
                of.handed_out(number, token);
            }
            let error = outcome.err();
            of.ended(number, error.map(|it| (it.code, format!("{it:?}"))));
        });
    }
}
