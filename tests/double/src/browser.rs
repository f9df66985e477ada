//! A browser: pages, and what they share.

use crate::adapter::Adapter;
use crate::chance::Chance;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::executor::{Executor, Owner};
use crate::leases::Leases;
use crate::locks::LockManager;
use crate::observer::{Nobody, Observer};
use crate::page::Page;
use crate::revisions::Revisions;
use crate::session::Session;
use crate::storage::Storage;
use crate::wire::Wire;
use sandbox::Platform as Server;
use std::cell::RefCell;
use std::future::Future;
use std::rc::{Rc, Weak};
use storefront_session::session::Millis;

/// How long callers wait before they are told `timeout`.
pub const PATIENCE: Millis = 10_000;

pub struct Browser {
    pub executor: Executor,
    pub clock: Clock,
    pub wire: Wire,
    pub storage: Storage,
    pub adapter: Adapter,
    pub revisions: Revisions,
    pub channel: Channel,
    pub locks: LockManager,
    pub leases: Leases,
    pub(crate) pages: RefCell<Vec<Page>>,
    pub(crate) sessions: RefCell<Vec<Session>>,
    observer: Weak<dyn Observer>,
}

impl Browser {
    /// A browser without pages. Who watches it owns it, and ends it with [`tear_down`](Self::tear_down).
    pub fn new(server: Server, chance: Rc<dyn Chance>, observer: Weak<dyn Observer>) -> Rc<Self> {
        let executor = Executor::new(chance);
        let wire = Wire::to(server);
        wire.server.borrow_mut().set_host_time(executor.now());
        Rc::new(Self {
            executor,
            clock: Clock::default(),
            wire,
            storage: Storage::default(),
            adapter: Adapter::default(),
            revisions: Revisions::default(),
            channel: Channel::default(),
            locks: LockManager::default(),
            leases: Leases::default(),
            pages: RefCell::default(),
            sessions: RefCell::default(),
            observer,
        })
    }

    pub fn spawn(&self, owner: Owner, task: impl Future<Output = ()> + 'static) {
        self.executor.spawn(owner, Box::pin(task));
    }

    /// Lets time pass up to its end, and all happen that falls into it, as long as `goes_on` says so.
    pub fn run_until(self: &Rc<Self>, end: u64, goes_on: impl Fn() -> bool) {
        self.executor.run_until(end, |tab| self.ring(tab), goes_on);
    }

    /// Moves to the next moment at which something is due, if that is not after the end.
    pub fn step(self: &Rc<Self>, end: u64) -> bool {
        self.executor.step(end, |tab| self.ring(tab))
    }

    /// Tells who watches.
    pub(crate) fn tell<T>(&self, tell: impl FnOnce(&dyn Observer) -> T) -> T {
        match self.observer.upgrade() {
            Some(observer) => tell(&*observer),
            None => tell(&Nobody),
        }
    }

    pub(crate) fn met(&self, what: &'static str) {
        self.tell(|it| it.met(what));
    }

    /// Ends everything: sessions and browser hold each other.
    pub fn tear_down(&self) {
        let count = self.sessions.borrow().len();
        (0..count).for_each(|tab| self.kill(tab));
        self.executor.end(|_| true);
    }
}
