//! A browser: tabs, storage that is seen late, locks, messages between tabs. Each tab is a [`Host`].

use crate::executor::{Executor, NOBODY, Owner, Task};
use crate::network::Weather;
use crate::oracle::Oracle;
use crate::plan::{Damage, Setup, Storage};
use sandbox::Platform as Server;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::emporix::{Context, Platform};
use storefront_session::host::{Fence, Hear, Held, Host, Sending, StorageFault, within};
use storefront_session::http::Request;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::{Event, Identity, Kind, Millis, Moment, Record, RecordData};

pub const API: &str = "http://sandbox";

/// How long callers wait before they are told `timeout`.
pub const PATIENCE: Millis = 10_000;

/// The longest time for which a message is on its way.
pub const MESSAGE: Millis = 30;

/// The longest time that it takes to raise the revision that is made known.
const COUNTING: Millis = 10;

pub struct World {
    pub executor: Executor,
    pub setup: Setup,
    pub server: RefCell<Server>,
    pub weather: Weather,
    pub oracle: RefCell<Oracle>,
    tabs: RefCell<Vec<TabState>>,
    storage: Cell<Storage>,
    /// All that was ever stored, oldest first; a tab sees one of them.
    values: RefCell<Vec<Option<Rc<str>>>>,
    published: Cell<Option<u64>>,
    locks: RefCell<BTreeMap<Owner, Line>>,
    alarms: RefCell<BTreeMap<Owner, u64>>,
    skew: Cell<i64>,
    /// The time that the pages' own clocks have missed.
    slept: Cell<u64>,
}

struct TabState {
    alive: bool,
    closed: bool,
    lifecycle: Option<Rc<Lifecycle<Tab>>>,
    hear: Option<Rc<Hear>>,
    /// What it has seen of storage, and will see: from when, and which value.
    sights: Vec<(u64, usize)>,
    /// How many of them it has seen.
    seen: usize,
    view: usize,
}

/// Those who want a lock, and who has it.
#[derive(Default)]
struct Line {
    holder: Option<(Owner, u64)>,
    waiting: VecDeque<(Owner, u64, Option<Waker>)>,
}

impl Line {
    fn grant_next(&mut self) {
        if self.holder.is_none()
            && let Some((tab, ticket, waker)) = self.waiting.pop_front()
        {
            self.holder = Some((tab, ticket));
            waker.into_iter().for_each(Waker::wake);
        }
    }

    fn leave(&mut self, is_meant: impl Fn(Owner, u64) -> bool) {
        self.waiting
            .retain(|(tab, ticket, _)| !is_meant(*tab, *ticket));
        if self
            .holder
            .is_some_and(|(tab, ticket)| is_meant(tab, ticket))
        {
            self.holder = None;
        }
        self.grant_next();
    }
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
            tabs: RefCell::default(),
            storage: Cell::new(Storage::Works),
            values: RefCell::new(vec![text.map(Rc::from)]),
            published: Cell::new(published),
            locks: RefCell::default(),
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
    pub fn pass(&self, time: u64) {
        let end = self.now() + time;
        self.executor.run_until(
            end,
            &self.alarms,
            |tab| self.wake(tab),
            || !self.oracle.borrow().has_failed(),
        );
    }

    /// Ends everything: tabs and the world hold each other.
    pub fn tear_down(&self) {
        let count = self.tabs.borrow().len();
        (0..count).for_each(|tab| self.kill(tab));
        self.executor.end(|_| true);
    }
}

/// Tabs.
impl World {
    pub fn open(self: &Rc<Self>) -> Owner {
        let latest = self.values.borrow().len() - 1;
        let id = {
            let mut tabs = self.tabs.borrow_mut();
            tabs.push(TabState {
                alive: true,
                closed: false,
                lifecycle: None,
                hear: None,
                sights: Vec::new(),
                seen: 0,
                view: latest,
            });
            tabs.len() - 1
        };
        let world = Rc::clone(self);
        self.oracle.borrow_mut().tab_opened(id);
        self.spawn(id, async move {
            let platform =
                Platform::new("acme", "storefront", Some(API), Context::default()).unwrap();
            let tab = Tab {
                world: Rc::clone(&world),
                id,
            };
            let listener = Rc::clone(&world);
            let lifecycle = Lifecycle::begin(
                tab,
                platform,
                PATIENCE,
                Default::default(),
                move |event: &Event| {
                    listener.oracle.borrow_mut().heard(id, event);
                },
            )
            .await;
            // Events may have come while it was opening, with snapshots that are later than this one or the same.
            world.oracle.borrow_mut().began(id, lifecycle.snapshot());
            world.tabs.borrow_mut()[id].lifecycle = Some(lifecycle);
        });
        id
    }

    /// The tabs that are open; one that is closed or killed is none any more.
    pub fn open_tabs(&self) -> Vec<Owner> {
        let tabs = self.tabs.borrow();
        let open = tabs.iter().enumerate();
        open.filter(|(_, tab)| tab.alive && !tab.closed)
            .map(|(id, _)| id)
            .collect()
    }

    pub fn lifecycle(&self, tab: Owner) -> Option<Rc<Lifecycle<Tab>>> {
        self.tabs.borrow()[tab].lifecycle.clone()
    }

    fn is_alive(&self, tab: Owner) -> bool {
        self.tabs.borrow()[tab].alive
    }

    /// Whether another tab is in the middle of an operation; asked where each tab has a lock of its own.
    pub fn is_another_at_work(&self, tab: Owner) -> bool {
        let locks = self.locks.borrow();
        let mut holders = locks.values().filter_map(|line| line.holder);
        holders.any(|(holder, _)| holder != tab)
    }

    /// The process is gone from one instant to the next; the browser gives its locks to others.
    pub fn kill(&self, tab: Owner) {
        let lifecycle = {
            let mut tabs = self.tabs.borrow_mut();
            tabs[tab].alive = false;
            (tabs[tab].lifecycle.take(), tabs[tab].hear.take())
        };
        self.alarms.borrow_mut().remove(&tab);
        for line in self.locks.borrow_mut().values_mut() {
            line.leave(|whose, _| whose == tab);
        }
        self.oracle.borrow_mut().tab_killed(tab);
        self.executor.end(|owner| owner == tab);
        drop(lifecycle);
    }

    pub fn close(&self, tab: Owner) {
        if let Some(lifecycle) = self.lifecycle(tab) {
            lifecycle.close();
            self.tabs.borrow_mut()[tab].closed = true;
        }
    }

    pub fn freeze(&self, tab: Owner) {
        self.executor.freeze(tab);
        self.oracle.borrow_mut().tab_froze(tab);
    }

    /// A page that stood still sees what happened meanwhile no sooner than a busy one.
    pub fn thaw(&self, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            return;
        }
        let now = self.now();
        {
            let state = &mut self.tabs.borrow_mut()[tab];
            let mut before = now;
            for (at, _) in state.sights.iter_mut().skip(state.seen) {
                before = before.max(*at).max(now + self.lag());
                *at = before;
            }
        }
        self.executor.thaw(tab);
        self.oracle.borrow_mut().tab_thawed(tab, now);
        self.wake(tab);
    }

    pub fn wake(&self, tab: Owner) {
        if !self.executor.is_frozen(tab) {
            self.tell(tab, None);
        }
    }

    fn tell(&self, tab: Owner, record: Option<&str>) {
        let hear = self.tabs.borrow()[tab].hear.clone();
        if let Some(hear) = hear {
            hear(record);
        }
    }

    pub fn thaw_all(&self) {
        let count = self.tabs.borrow().len();
        (0..count).for_each(|tab| self.thaw(tab));
    }
}

/// Time.
impl World {
    /// The machine sleeps; what fell due meanwhile happens when it wakes.
    pub fn sleep(&self, time: u64) {
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

    fn moment(&self) -> Moment {
        Moment {
            wall: self.now().saturating_add_signed(self.skew.get()),
            mono: (self.now() - self.slept.get()) as i64,
        }
    }
}

/// Storage.
impl World {
    pub fn set_storage(&self, storage: Storage) {
        self.storage.set(storage);
        self.oracle.borrow_mut().storage_became(storage);
    }

    pub fn damage(&self, damage: Damage) {
        let text = match damage {
            Damage::Wiped => None,
            Damage::Corrupted => Some("{\"schema\":1,\"rev".into()),
            Damage::NewerSchema => Some("{\"schema\":2}".into()),
        };
        if damage == Damage::Wiped {
            self.published.set(None);
        }
        self.oracle.borrow_mut().damaged(self.now());
        crate::light::note("stored", self.now(), text.as_deref());
        self.put(NOBODY, text);
    }

    fn lag(&self) -> u64 {
        if self.setup.lag == 0 || self.executor.chance(50) {
            return 0;
        }
        self.executor.draw(self.setup.lag)
    }

    fn put(&self, writer: Owner, text: Option<Rc<str>>) {
        let number = {
            let mut values = self.values.borrow_mut();
            values.push(text);
            values.len() - 1
        };
        let now = self.now();
        for (id, tab) in self.tabs.borrow_mut().iter_mut().enumerate() {
            if id == writer {
                // What others have stored before and this tab has not seen, it will not see any more.
                tab.sights.push((now, number));
                tab.seen = tab.sights.len();
                tab.view = number;
            } else if tab.alive {
                let before = tab.sights.last().map_or(0, |(at, _)| *at);
                tab.sights.push((before.max(now + self.lag()), number));
            }
        }
    }

    fn seen_by(&self, tab: Owner) -> Option<Rc<str>> {
        let now = self.now();
        let tab = &mut self.tabs.borrow_mut()[tab];
        while let Some((_, number)) = tab.sights.get(tab.seen).filter(|(at, _)| *at <= now) {
            tab.view = *number;
            tab.seen += 1;
        }
        self.values.borrow()[tab.view].clone()
    }

    /// The latest value that this tab could see at that time.
    pub fn seen_at(&self, tab: Owner, time: u64) -> Option<Rc<str>> {
        let tabs = self.tabs.borrow();
        let sights = tabs[tab].sights.iter().rev();
        let (_, number) = sights.clone().find(|(at, _)| *at <= time)?;
        self.values.borrow()[*number].clone()
    }
}

/// One tab, as its lifecycle sees the world.
pub struct Tab {
    world: Rc<World>,
    id: Owner,
}

impl Tab {
    fn line(&self) -> Owner {
        if self.world.setup.web_locks {
            NOBODY
        } else {
            self.id
        }
    }

    fn fence(&self) -> Fence {
        Fence {
            revision: self.world.published.get(),
            was_spoiled: false,
        }
    }

    fn put(&self, text: &str) -> Result<(), StorageFault> {
        let outcome = match self.world.storage.get() {
            Storage::Works => Ok(()),
            Storage::Full => Err(StorageFault::Full),
            Storage::Blocked => Err(StorageFault::Unavailable),
        };
        self.world.wrote(self.id, text, outcome.is_ok());
        if outcome.is_ok() {
            self.world.put(self.id, Some(text.into()));
        }
        outcome
    }

    fn get(&self) -> Result<Option<String>, StorageFault> {
        match self.world.storage.get() {
            Storage::Blocked => Err(StorageFault::Unavailable),
            _ => Ok(self.world.seen_by(self.id).map(|text| text.to_string())),
        }
    }
}

impl Host for Tab {
    type Json = Value;
    type Guard = Guard;

    fn send(&self, request: Request) -> Sending {
        self.world.send(self.id, request)
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        self.get()
    }

    fn read_now(&self) -> Option<Result<Option<String>, StorageFault>> {
        Some(self.get())
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        self.put(text)
    }

    fn write_now(&self, text: &str) {
        let _lost = self.put(text);
    }

    async fn lock(&self, patience: Millis) -> Option<Held<Guard>> {
        let world = &self.world;
        let guard = Guard {
            world: Rc::clone(world),
            line: self.line(),
            tab: self.id,
            ticket: world.executor.count(),
        };
        {
            let mut locks = world.locks.borrow_mut();
            let line = locks.entry(guard.line).or_default();
            line.waiting.push_back((self.id, guard.ticket, None));
            line.grant_next();
        }
        let (line, tab, ticket) = (guard.line, self.id, guard.ticket);
        let of = Rc::clone(world);
        let mut waiting: Pin<Box<dyn Future<Output = ()>>> = Box::pin(poll_fn(move |context| {
            let mut locks = of.locks.borrow_mut();
            let line = locks.entry(line).or_default();
            if line.holder == Some((tab, ticket)) {
                return Poll::Ready(());
            }
            let mine = line.waiting.iter_mut().find(|it| it.1 == ticket);
            if let Some((_, _, waker)) = mine {
                *waker = Some(context.waker().clone());
            }
            Poll::Pending
        }));
        within(self, patience, &mut waiting).await?;
        Some(Held {
            guard,
            fence: self.fence(),
            rivals: if world.setup.web_locks { 0 } else { 10_000 },
        })
    }

    async fn publish(&self, revision: u64) -> Fence {
        if !self.world.setup.web_locks {
            return Fence::default();
        }
        self.sleep(self.world.executor.draw(COUNTING)).await;
        let known = self.fence();
        let published = &self.world.published;
        published.set(published.get().max(Some(revision)));
        known
    }

    fn keep_heard(&self, _text: &str) {}

    fn announce(&self, record: &str) {
        let world = &self.world;
        world.announced(self.id, record);
        let text: Rc<str> = record.into();
        let count = world.tabs.borrow().len();
        for other in 0..count {
            let lost = world.executor.chance(world.setup.lost_messages);
            if other == self.id || lost || !world.is_alive(other) {
                continue;
            }
            let (receiver, text) = (Rc::clone(world), Rc::clone(&text));
            let delay = world.executor.draw(MESSAGE);
            world.spawn(other, async move {
                receiver.executor.sleep(delay).await;
                receiver.tell(other, Some(&text));
            });
        }
    }

    fn listen(&self, hear: Hear) {
        self.world.tabs.borrow_mut()[self.id].hear = Some(Rc::new(hear));
    }

    fn deafen(&self) {
        self.world.tabs.borrow_mut()[self.id].hear = None;
        self.wake_after(None);
    }

    fn now(&self) -> Moment {
        self.world.moment()
    }

    async fn sleep(&self, time: Millis) {
        self.world.executor.sleep(time).await;
    }

    async fn pause(&self) {
        self.sleep(10).await;
    }

    fn spawn(&self, task: Task) {
        self.world.executor.spawn(self.id, task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        let mut alarms = self.world.alarms.borrow_mut();
        match time {
            Some(time) => alarms.insert(self.id, self.world.now().saturating_add(time)),
            None => alarms.remove(&self.id),
        };
    }

    fn random(&self) -> u32 {
        self.world.executor.draw(1 << 32) as u32
    }
}

/// A place in a line; dropped, it is given up, be it waited for or held.
pub struct Guard {
    world: Rc<World>,
    line: Owner,
    tab: Owner,
    ticket: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.world.is_alive(self.tab) {
            return;
        }
        let mut locks = self.world.locks.borrow_mut();
        let line = locks.entry(self.line).or_default();
        let held = line.holder == Some((self.tab, self.ticket));
        line.leave(|_, ticket| ticket == self.ticket);
        drop(locks);
        if held {
            self.world.released(self.tab);
        }
    }
}
