//! A browser: pages, what they share, and time. Each session in a page is a [`Host`].

use crate::adapter::Queues;
use crate::executor::{Executor, Owner, Task};
use crate::hosts::Leases;
use crate::locks::{Guard, LockManager};
use crate::network::Weather;
use crate::oracle::Oracle;
use crate::page::{Instance, Page};
use crate::plan::{Locks, Setup};
use crate::storage::Store;
use sandbox::Platform as Server;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::ready;
use std::pin::Pin;
use std::rc::Rc;
use storefront_session::host::{Fence, Hear, Held, Host, Sending, StorageFault, within};
use storefront_session::http::{Request, Unanswered};
use storefront_session::session::{Identity, Kind, Millis, Moment, Record, RecordData};

pub const API: &str = "http://sandbox";

/// How long callers wait before they are told `timeout`.
pub const PATIENCE: Millis = 10_000;

/// The longest time that it takes to raise the revision that is made known.
const COUNTING: Millis = 10;

pub struct World {
    pub executor: Executor,
    pub setup: Setup,
    pub server: RefCell<Server>,
    pub weather: Weather,
    pub oracle: RefCell<Oracle>,
    pub pages: RefCell<Vec<Page>>,
    pub tabs: RefCell<Vec<Instance>>,
    pub store: Store,
    pub queues: Queues,
    pub published: Cell<Option<u64>>,
    pub locks: LockManager,
    pub leases: Leases,
    pub alarms: RefCell<BTreeMap<Owner, u64>>,
    skew: Cell<i64>,
    /// The time that the pages' own clocks have missed.
    slept: Cell<u64>,
}

/// What a visitor has left who has come and gone that often.
fn tombstone(epochs: u64) -> Record {
    let data = RecordData {
        revision: 8 * epochs,
        epoch: epochs,
        identity: Identity::of(epochs, 1),
        began: Kind::Logout,
        ..RecordData::default()
    };
    data.into()
}

impl World {
    pub fn new(seed: u64, setup: Setup, traced: bool) -> Rc<Self> {
        let mut server = Server::new(seed);
        server.set_profile(setup.profile.clone());
        let executor = Executor::new(seed ^ 0x5eed);
        server.set_host_time(executor.now());
        let mut oracle = Oracle::new(&setup, traced);
        let found = (setup.epochs_before > 0).then(|| tombstone(setup.epochs_before));
        let text = found.as_ref().and_then(|it| it.encode::<Value>(API, None));
        let published = found.as_ref().map(|record| record.revision);
        found.into_iter().for_each(|record| oracle.found(record));
        Rc::new(Self {
            oracle: RefCell::new(oracle),
            executor,
            setup,
            server: RefCell::new(server),
            weather: Weather::default(),
            pages: RefCell::default(),
            tabs: RefCell::default(),
            store: Store::holding(text.map(Rc::from)),
            queues: Queues::default(),
            published: Cell::new(published),
            locks: LockManager::default(),
            leases: Leases::default(),
            alarms: RefCell::default(),
            skew: Cell::new(0),
            slept: Cell::new(0),
        })
    }

    pub fn now(&self) -> u64 {
        self.executor.now()
    }

    pub fn spawn(&self, owner: Owner, task: impl Future<Output = ()> + 'static) {
        self.executor.spawn(owner, Box::pin(task));
    }

    /// Lets time pass, and all happen that falls into it; until a law is broken.
    pub fn pass(self: &Rc<Self>, time: u64) {
        let end = self.now() + time;
        self.executor.run_until(
            end,
            &self.alarms,
            |tab| self.ring(tab),
            || !self.oracle.borrow().has_failed(),
        );
    }

    /// Something has happened that a search must meet.
    pub fn note_met(&self, what: &'static str) {
        self.oracle.borrow_mut().coverage.note(what);
    }

    /// Ends everything: tabs and the world hold each other.
    pub fn tear_down(&self) {
        let count = self.tabs.borrow().len();
        (0..count).for_each(|tab| self.kill(tab));
        self.executor.end(|_| true);
    }
}

/// Time.
impl World {
    /// The machine sleeps; what fell due meanwhile happens when it wakes.
    pub fn sleep(self: &Rc<Self>, time: u64) {
        if !self.setup.mono_sleeps {
            self.slept.set(self.slept.get() + time);
        }
        self.executor.jump(time);
        self.oracle.borrow_mut().slept(self.now());
        for tab in self.open_tabs() {
            self.wake(tab);
        }
    }

    pub fn set_clock_wrong(&self, by: i64) {
        crate::light::note("clock", self.now(), by);
        self.skew.set(by);
        self.oracle.borrow_mut().clock_moved(by);
    }

    pub fn moment(&self) -> Moment {
        Moment {
            wall: self.now().saturating_add_signed(self.skew.get()),
            mono: (self.now() - self.slept.get()) as i64,
        }
    }
}

/// One tab, as its lifecycle sees the world.
pub struct Tab {
    pub world: Rc<World>,
    pub id: Owner,
}

impl Tab {
    fn fence(&self) -> Fence {
        Fence {
            revision: self.world.published.get(),
            was_spoiled: false,
        }
    }
}

impl Host for Tab {
    type Json = Value;
    type Guard = Guard;

    fn send(&self, request: Request) -> Sending {
        match self.world.may_send(self.id, &request) {
            true => self.world.send(self.id, request),
            false => Box::pin(ready(Err(Unanswered::Unreached))),
        }
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        self.world.read(self.id).await
    }

    fn read_now(&self) -> Option<Result<Option<String>, StorageFault>> {
        match self.world.access_time() {
            Some(_) => None,
            None => Some(self.world.stored_for(self.id)),
        }
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        self.world.write(self.id, text).await
    }

    fn write_now(&self, text: &str) {
        if self.is_served() {
            return;
        }
        match self.world.access_time() {
            Some(time) => drop(self.world.hand_over(self.id, text, time)),
            None => drop(self.world.store(self.id, text)),
        }
    }

    async fn lock(&self, patience: Millis) -> Option<Held<Guard>> {
        if self.world.is_prerendering(self.id) {
            self.world.note_met("lock asked for by a prerendered page");
            self.world.shown(self.id).await;
        }
        let mut asking: Pin<Box<dyn Future<Output = _>>> = Box::pin(async {
            match self.world.leases.reserved(self.id) {
                Some(guard) => (guard, 0),
                None => self.world.acquire(self.id).await,
            }
        });
        let (guard, rivals) = within(self, patience, &mut asking).await?;
        self.world.ask(self.id);
        let fence = match self.is_served() {
            true => Fence::default(),
            false => self.fence(),
        };
        Some(Held {
            guard,
            fence,
            rivals,
        })
    }

    async fn publish(&self, revision: u64) -> Fence {
        if self.world.setup.locks == Locks::Absent || self.is_served() {
            return Fence::default();
        }
        self.sleep(self.world.executor.draw(COUNTING)).await;
        let known = self.fence();
        let published = &self.world.published;
        published.set(published.get().max(Some(revision)));
        known
    }

    fn keep_heard(&self, text: &str) {
        self.world.keep_heard(self.id, text);
    }

    fn announce(&self, record: &str) {
        let world = &self.world;
        world.announced(self.id, record);
        if self.is_served() {
            return;
        }
        world.post(self.id, record.into());
    }

    fn listen(&self, hear: Hear) {
        if self.is_served() {
            return;
        }
        self.world.tabs.borrow_mut()[self.id].hear = Some(Rc::new(hear));
        self.world.ask(self.id);
    }

    fn deafen(&self) {
        self.world.tabs.borrow_mut()[self.id].hear = None;
        self.wake_after(None);
    }

    fn now(&self) -> Moment {
        self.world.moment()
    }

    /// No time counts for a page that nobody looks at.
    async fn sleep(&self, time: Millis) {
        self.world.shown(self.id).await;
        self.world.executor.sleep(time).await;
    }

    async fn pause(&self) {
        self.world.executor.sleep(10).await;
    }

    fn spawn(&self, task: Task) {
        self.world.executor.spawn(self.id, task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        self.world.plan(self.id, time.filter(|_| !self.is_served()));
    }

    fn normal_email(&self, email: &str) -> String {
        email.trim().to_lowercase()
    }

    fn random(&self) -> u32 {
        self.world.executor.draw(1 << 32) as u32
    }

    fn is_served(&self) -> bool {
        self.world.is_served()
    }
}
