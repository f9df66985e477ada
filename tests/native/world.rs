//! A world for the lifecycle: tabs of one browser, a virtual clock, and the sandbox's rules as the platform.
//!
//! Time stands still until everybody waits for it. Nothing here is random.

use futures::channel::oneshot;
use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use sandbox::{Answer, Delivery, Platform as Server};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::emporix::{Context, Platform, TokenInfo, garbled};
use storefront_session::host::{Fence, Hear, Held, Host, Sending, StorageFault, Task, within};
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::lifecycle::{Adoption, Change, Inquiry, Lifecycle};
use storefront_session::session::{Event, Kind, Millis, Moment, Result, SessionError, Snapshot};

pub const BUYER: (&str, &str) = ("buyer@example.com", "sandbox-pass");

/// How long a request is on its way, there and back.
const LATENCY: Millis = 20;

/// How long callers wait before they are told `timeout`.
pub const PATIENCE: Millis = 10_000;

/// Where the storefront that all tests open keeps its record, and where one of the default address does.
pub const KEY: &str = "storefront-session:acme:storefront:http://sandbox";
pub const DEFAULT_KEY: &str = "storefront-session:acme:storefront";

#[derive(Clone)]
pub struct World(Rc<Inner>);

struct Inner {
    pool: RefCell<LocalPool>,
    server: RefCell<Server>,
    now: Cell<Millis>,
    timers: RefCell<BTreeMap<(Millis, u64), Waker>>,
    counter: Cell<u64>,
    stored: RefCell<BTreeMap<String, String>>,
    storage_fault: Cell<Option<StorageFault>>,
    loses_writes: Cell<bool>,
    /// How long the other tabs see what was stored before, and hear nothing.
    lag: Cell<Millis>,
    late: RefCell<Option<Late>>,
    published: RefCell<BTreeMap<String, u64>>,
    /// Whether what was made known turns out to be no number.
    spoiled: Cell<bool>,
    uncounted: Cell<bool>,
    publishing: Cell<Millis>,
    answering: Cell<Millis>,
    lockless: Cell<bool>,
    /// Whether those who share the record are hosts.
    served: Cell<bool>,
    /// Whether the next who asks takes the lock from its holder.
    is_taken: Cell<bool>,
    /// What the next answer under a path says instead of something else.
    reworded: RefCell<Option<[String; 3]>>,
    /// Whether storage takes a moment to read, and cannot be read at once.
    is_slow: Cell<bool>,
    /// Who holds the lock of each key.
    locked: RefCell<BTreeMap<String, u64>>,
    lock_queue: RefCell<Vec<Waker>>,
    ears: RefCell<BTreeMap<u64, (String, Rc<Hear>)>>,
    alarms: RefCell<BTreeMap<u64, Millis>>,
}

/// What the other tabs than the writer still see, until when.
struct Late {
    writer: u64,
    until: Millis,
    text: Option<String>,
}

/// One tab, as its lifecycle sees the world.
pub struct Tab {
    world: World,
    id: u64,
    key: String,
    skew: Rc<Cell<i64>>,
}

/// A tab and what its listeners have heard.
pub struct Session {
    pub lifecycle: Rc<Lifecycle<Tab>>,
    events: Rc<RefCell<Vec<Event>>>,
    skew: Rc<Cell<i64>>,
    world: World,
}

impl World {
    pub fn new() -> Self {
        Self(Rc::new(Inner {
            pool: RefCell::default(),
            server: RefCell::new(Server::new(1)),
            now: Cell::new(1_800_000_000_000),
            timers: RefCell::default(),
            counter: Cell::new(0),
            stored: RefCell::default(),
            storage_fault: Cell::default(),
            loses_writes: Cell::default(),
            lag: Cell::default(),
            late: RefCell::default(),
            published: RefCell::default(),
            spoiled: Cell::default(),
            uncounted: Cell::default(),
            publishing: Cell::default(),
            answering: Cell::default(),
            lockless: Cell::default(),
            served: Cell::default(),
            is_taken: Cell::default(),
            reworded: RefCell::default(),
            is_slow: Cell::default(),
            locked: RefCell::default(),
            lock_queue: RefCell::default(),
            ears: RefCell::default(),
            alarms: RefCell::default(),
        }))
    }

    /// A world whose platform follows these readings.
    pub fn with_profile(profile: Value) -> Self {
        let world = Self::new();
        world.control("PATCH", "profile", profile);
        world
    }

    /// One of the sandbox's control calls.
    pub fn control(&self, method: &str, call: &str, body: Value) -> Value {
        let request = sandbox::Request::new(method, format!("/_sandbox/{call}")).json(&body);
        let answer = self.0.server.borrow_mut().handle(&request);
        assert!(answer.status < 300, "{call}: {}", answer.body);
        answer.json()
    }

    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", json!([fault]));
    }

    /// The next answer under this path says something else.
    pub fn reword(&self, path: &str, from: &str, to: &str) {
        let reworded = [path, from, to].map(str::to_owned);
        self.0.reworded.replace(Some(reworded));
    }

    /// The next answer under this path comes so much later.
    pub fn delay(&self, path: &str, time: Millis) {
        self.fault(json!({ "path": path, "kind": "delay", "delayMs": time }));
    }

    /// A new tab, of a page that has just been loaded.
    pub fn open(&self) -> Session {
        self.open_at("http://sandbox")
    }

    pub fn open_at(&self, api_url: &str) -> Session {
        let platform =
            Platform::new("acme", "storefront", Some(api_url), Context::default()).unwrap();
        let events: Rc<RefCell<Vec<Event>>> = Rc::default();
        let skew: Rc<Cell<i64>> = Rc::default();
        let heard = Rc::clone(&events);
        let tab = Tab {
            world: self.clone(),
            id: self.next(),
            key: platform.record_key(),
            skew: Rc::clone(&skew),
        };
        let lifecycle = self.run(Lifecycle::begin(
            tab,
            platform,
            PATIENCE,
            Default::default(),
            move |event: &Event| {
                heard.borrow_mut().push(event.clone());
            },
        ));
        Session {
            lifecycle,
            events,
            skew,
            world: self.clone(),
        }
    }

    /// Runs to the end of this work, letting time pass whenever everybody waits for it.
    pub fn run<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> T {
        let done: Rc<RefCell<Option<T>>> = Rc::default();
        let result = Rc::clone(&done);
        self.spawn(async move {
            let outcome = work.await;
            result.replace(Some(outcome));
        });
        loop {
            self.run_until_stalled();
            if let Some(outcome) = done.take() {
                return outcome;
            }
            assert!(self.step(Millis::MAX), "nothing will ever happen again");
        }
    }

    /// Lets everything come to rest that waits for no time.
    pub fn run_until_stalled(&self) {
        self.0.pool.borrow_mut().run_until_stalled();
    }

    /// Lets time pass, and all happen that falls into it.
    pub fn pass(&self, time: Millis) {
        let end = self.now() + time;
        self.run_until_stalled();
        while self.step(end) {
            self.run_until_stalled();
        }
        self.0.now.set(end);
        self.run_until_stalled();
    }

    /// Time jumps, and nothing happens meanwhile: the machine was asleep.
    pub fn sleep(&self, time: Millis) {
        self.0.now.set(self.now() + time);
    }

    /// Moves to the next moment at which something is due, if that is before the end.
    fn step(&self, end: Millis) -> bool {
        let timer = self.0.timers.borrow().keys().next().copied();
        let alarms = self.0.alarms.borrow();
        let alarm = alarms.iter().map(|(&tab, &at)| (at, tab)).min();
        drop(alarms);
        let next = [timer, alarm].into_iter().flatten().map(|(at, _)| at).min();
        let Some(at) = next.filter(|&at| at <= end) else {
            return false;
        };
        self.0.now.set(at.max(self.now()));
        if let Some(key) = timer.filter(|timer| timer.0 == at) {
            let waker = self.0.timers.borrow_mut().remove(&key);
            waker.unwrap().wake();
        } else if let Some((_, tab)) = alarm {
            self.0.alarms.borrow_mut().remove(&tab);
            self.wake(tab);
        }
        true
    }

    pub fn now(&self) -> Millis {
        self.0.now.get()
    }

    /// The API calls since the last time they were asked for: method, path without tenant, bearer, status.
    pub fn requests(&self) -> Vec<String> {
        let mut server = self.0.server.borrow_mut();
        let line = |row: &sandbox::Row| {
            let row = serde_json::to_value(row).unwrap();
            let path = row["path"].as_str().unwrap().replace("/acme", "");
            let path = path.replace("/customerlogin/auth", "");
            let bearer = row["bearer"].as_str().unwrap();
            format!(
                "{} {path} {bearer} {}",
                row["method"].as_str().unwrap(),
                row["status"]
            )
        };
        let lines = server.log().map(line).collect();
        server.clear_log();
        lines
    }

    pub fn stored(&self) -> Option<String> {
        self.stored_under(KEY)
    }

    pub fn stored_under(&self, key: &str) -> Option<String> {
        self.0.stored.borrow().get(key).cloned()
    }

    pub fn put_stored(&self, text: Option<&str>) {
        self.put_stored_under(KEY, text);
    }

    pub fn put_stored_under(&self, key: &str, text: Option<&str>) {
        let mut stored = self.0.stored.borrow_mut();
        match text {
            Some(text) => stored.insert(key.to_owned(), text.to_owned()),
            None => stored.remove(key),
        };
    }

    /// The visitor clears what the site has stored: the record, and the revision that was made known.
    pub fn clear_site_data(&self) {
        self.put_stored(None);
        self.0.published.borrow_mut().clear();
    }

    pub fn break_storage(&self, fault: Option<StorageFault>) {
        self.0.storage_fault.set(fault);
    }

    fn wake(&self, tab: u64) {
        let ear = self.0.ears.borrow().get(&tab).cloned();
        if let Some((_, hear)) = ear {
            hear(None);
        }
    }

    fn fence(&self, key: &str) -> Fence {
        Fence {
            revision: self.0.published.borrow().get(key).copied(),
            was_spoiled: false,
        }
    }

    fn next(&self) -> u64 {
        self.0.counter.set(self.0.counter.get() + 1);
        self.0.counter.get()
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        // The pool is borrowed while it runs; its spawner is not the pool.
        let spawner = match self.0.pool.try_borrow() {
            Ok(pool) => pool.spawner(),
            Err(_) => SPAWNER.with(|it| it.borrow().clone()).unwrap(),
        };
        SPAWNER.with(|it| it.replace(Some(spawner.clone())));
        spawner.spawn_local(task).unwrap();
    }

    async fn at(&self, time: Millis) {
        let key = (time, self.next());
        let _timer = Timer(self, key);
        poll_fn(|context| {
            if self.now() >= time {
                return Poll::Ready(());
            }
            self.0
                .timers
                .borrow_mut()
                .insert(key, context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// From now on writing succeeds and stores nothing.
    pub fn lose_writes(&self) {
        self.0.loses_writes.set(true);
    }

    /// From now on the other tabs see what one writes only after this time, and messages between them are lost.
    pub fn let_storage_lag(&self, time: Millis) {
        self.0.lag.set(time);
    }

    /// What is made known of revisions is no number, once.
    pub fn spoil_revisions(&self) {
        self.0.published.borrow_mut().clear();
        self.0.spoiled.set(true);
    }

    /// Those who share the record are hosts: nothing wakes them.
    pub fn serve(&self) {
        self.0.served.set(true);
    }

    /// From now on the browser has no locks: tabs do not wait for each other.
    pub fn without_locks(&self) {
        self.0.lockless.set(true);
    }

    /// The next who asks for the lock takes it from a holder that stands still.
    pub fn take_lock(&self) {
        self.0.is_taken.set(true);
    }

    /// From now on storage is an adapter that answers a moment later.
    pub fn slow_storage(&self) {
        self.0.is_slow.set(true);
    }

    /// From now on what was read of storage takes so long to reach who asked.
    pub fn let_reading_take(&self, time: Millis) {
        self.0.answering.set(time);
    }

    /// From now on it takes so long to make a revision known to the other tabs.
    pub fn let_publishing_take(&self, time: Millis) {
        self.0.publishing.set(time);
    }

    /// From now on no revision is made known to the other tabs: the browser has no IndexedDB.
    pub fn without_revisions(&self) {
        self.0.uncounted.set(true);
    }

    fn storage(&self) -> std::result::Result<(), StorageFault> {
        self.0.storage_fault.get().map_or(Ok(()), Err)
    }
}

thread_local! {
    static SPAWNER: RefCell<Option<futures::executor::LocalSpawner>> = const { RefCell::new(None) };
}

struct Timer<'w>(&'w World, (Millis, u64));

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.0.0.timers.borrow_mut().remove(&self.1);
    }
}

impl Session {
    /// Runs a call of the lifecycle to its end.
    pub fn run<T, W>(&self, work: W) -> T
    where
        T: 'static,
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> T + 'static,
    {
        let lifecycle = Rc::clone(&self.lifecycle);
        self.world.run(async move { work(lifecycle).await })
    }

    /// Begins a call, and leaves it to happen.
    pub fn begin<T, W>(&self, work: W) -> Rc<RefCell<Option<T>>>
    where
        T: 'static,
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> T + 'static,
    {
        let outcome: Rc<RefCell<Option<T>>> = Rc::default();
        let (lifecycle, result) = (Rc::clone(&self.lifecycle), Rc::clone(&outcome));
        self.world.spawn(async move {
            let value = work(lifecycle).await;
            result.replace(Some(value));
        });
        outcome
    }

    pub fn token(&self) -> Result<String> {
        self.run(async |it| {
            it.access_token()
                .await
                .map(|token| token.expose().to_owned())
        })
    }

    /// What the platform says of the customer's token.
    pub fn validate(&self) -> Result<TokenInfo> {
        let path = "/customer/acme/validateauthtoken".to_owned();
        let asked = self.run(async |it| it.inquire(Inquiry::of_customer(path)).await);
        let (_, answer) = asked?;
        let info = TokenInfo::decode::<Value>(&answer.body, Moment::default());
        info.ok_or_else(|| garbled(&answer))
    }

    pub fn login(&self, (email, password): (&str, &str)) -> Result<()> {
        let (email, password) = (email.to_owned(), password.to_owned());
        self.run(async move |it| it.login(email, password).await)
    }

    /// Takes tokens over, spelled as an answer of the platform is.
    pub fn adopt(&self, tokens: &Value, company: Option<&str>, is_checked: bool) -> Result<()> {
        let (body, company) = (tokens.to_string(), company.map(str::to_owned));
        let now = self.lifecycle.host().now();
        let adoption = Adoption::read::<Value>(&body, company, is_checked, now)?;
        self.run(async move |it| it.change(Change::Adopt(Box::new(adoption))).await)
    }

    pub fn switch(&self, company: Option<&str>) -> Result<()> {
        let company = company.map(str::to_owned);
        self.run(async move |it| it.switch_legal_entity(company).await)
    }

    /// The same, and the platform is asked whether it took place.
    pub fn switch_verified(&self, company: Option<&str>) -> Result<()> {
        let company = company.map(str::to_owned);
        self.run(async move |it| it.change(Change::switch(company, true)?).await)
    }

    pub fn refresh(&self) -> Result<()> {
        self.run(async |it| it.refresh().await)
    }

    pub fn logout(&self) {
        self.run(async |it| it.logout().await).unwrap();
    }

    /// Time may have passed unseen.
    pub fn wake(&self) {
        self.world.wake(self.lifecycle.host().id);
    }

    pub fn snapshot(&self) -> Snapshot {
        self.lifecycle.snapshot()
    }

    pub fn session_id(&self) -> Option<String> {
        let id = self.snapshot().session_id?;
        Some(id.as_str().to_owned())
    }

    pub fn company(&self) -> Option<String> {
        let id = self.snapshot().legal_entity_id?;
        Some(id.as_str().to_owned())
    }

    /// What was heard since the last time it was asked for.
    pub fn events(&self) -> Vec<Event> {
        self.events.take()
    }

    pub fn kinds(&self) -> Vec<Kind> {
        self.events().iter().map(|event| event.kind).collect()
    }

    /// Sets the wall clock of this tab's machine wrong by so much.
    pub fn skew_clock(&self, by: i64) {
        self.skew.set(by);
    }
}

#[track_caller]
pub fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.unwrap_err().code.as_str()
}

pub fn error<T: std::fmt::Debug>(outcome: Result<T>) -> SessionError {
    outcome.unwrap_err()
}

impl Tab {
    /// What is stored, as this tab sees it.
    fn seen(&self) -> Option<String> {
        let late = self.world.0.late.borrow();
        match &*late {
            Some(late) if late.writer != self.id && late.until > self.world.now() => {
                late.text.clone()
            }
            _ => self.world.stored_under(&self.key),
        }
    }

    fn put(&self, text: &str) -> std::result::Result<(), StorageFault> {
        self.world.storage()?;
        let lag = self.world.0.lag.get();
        let mut late = self.world.0.late.borrow_mut();
        if lag > 0 && late.as_ref().is_none_or(|late| late.writer != self.id) {
            let until = self.world.now() + lag;
            let text = self.world.stored_under(&self.key);
            let writer = self.id;
            *late = Some(Late {
                writer,
                until,
                text,
            });
        }
        if self.world.0.loses_writes.get() {
            return Err(StorageFault::Unavailable);
        }
        self.world.put_stored_under(&self.key, Some(text));
        Ok(())
    }

    async fn carry(&self, request: Request) -> std::result::Result<Response, Unanswered> {
        let world = &self.world;
        let latency = LATENCY / 2;
        world.at(world.now() + latency).await;
        // It has two addresses.
        let target = request.url.replacen("http://another-page", "", 1);
        let target = target.replacen("http://sandbox", "", 1);
        let mut sent =
            sandbox::Request::new(request.method.as_str(), target).header("origin", "http://shop");
        if let Some(bearer) = &request.bearer {
            sent = sent.bearer(bearer.expose());
        }
        if let Some(body) = request.body {
            sent = sent.header("content-type", "application/json");
            sent.body = body;
        }
        let mut answer = {
            let mut server = world.0.server.borrow_mut();
            server.set_host_time(world.now());
            server.handle(&sent)
        };
        let reworded = world.0.reworded.take();
        match reworded {
            Some([path, from, to]) if request.url.contains(&path) => {
                assert!(answer.body.contains(&from), "{}", answer.body);
                answer.body = answer.body.replace(&from, &to);
            }
            waiting => drop(world.0.reworded.replace(waiting)),
        }
        match answer.delivery {
            Delivery::Now => world.at(world.now() + LATENCY / 2).await,
            Delivery::After(time) => world.at(world.now() + time).await,
            Delivery::OnRelease(ticket) => {
                while world.0.server.borrow().is_held(ticket) {
                    world.at(world.now() + 1).await;
                }
            }
            Delivery::Never => {
                world.at(world.now() + LATENCY / 2).await;
                return Err(Unanswered::Unreached);
            }
        }
        Ok(response(answer))
    }
}

impl Host for Tab {
    type Json = Value;
    type Guard = Guard;

    fn send(&self, request: Request) -> Sending {
        let tab = Self {
            world: self.world.clone(),
            id: self.id,
            key: self.key.clone(),
            skew: Rc::clone(&self.skew),
        };
        let (answer, answered) = oneshot::channel();
        self.world.spawn(async move {
            let _unheard = answer.send(tab.carry(request).await);
        });
        Box::pin(async move { answered.await.unwrap_or(Err(Unanswered::Unreached)) })
    }

    async fn read(&self) -> std::result::Result<Option<String>, StorageFault> {
        if self.world.0.is_slow.get() {
            self.sleep(1).await;
        }
        self.world.storage()?;
        let read = self.seen();
        self.sleep(self.world.0.answering.get()).await;
        Ok(read)
    }

    fn read_now(&self) -> Option<std::result::Result<Option<String>, StorageFault>> {
        if self.world.0.is_slow.get() {
            return None;
        }
        Some(self.world.storage().map(|()| self.seen()))
    }

    async fn write(&self, text: &str) -> std::result::Result<(), StorageFault> {
        self.put(text)
    }

    fn write_now(&self, text: &str) {
        let _lost = self.put(text);
    }

    async fn lock(&self, patience: Millis) -> Option<Held<Guard>> {
        let world = self.world.clone();
        let key = self.key.clone();
        let mut waiting: Pin<Box<dyn Future<Output = (Guard, Millis)>>> =
            Box::pin(poll_fn(move |context| {
                let is_free = !world.0.locked.borrow().contains_key(&key);
                let is_taken = world.0.is_taken.take();
                if !is_free && !is_taken && !world.0.lockless.get() {
                    let mut queue = world.0.lock_queue.borrow_mut();
                    queue.push(context.waker().clone());
                    return Poll::Pending;
                }
                let rivals = match (is_taken, world.0.lockless.get()) {
                    (true, _) => 60_000,
                    (_, true) => 10_000,
                    _ => 0,
                };
                let ticket = world.next();
                world.0.locked.borrow_mut().insert(key.clone(), ticket);
                Poll::Ready((Guard(world.clone(), key.clone(), ticket), rivals))
            }));
        let (guard, rivals) = within(self, patience, &mut waiting).await?;
        Some(Held {
            guard,
            fence: self.world.fence(&self.key),
            rivals,
        })
    }

    async fn publish(&self, revision: u64) -> Fence {
        self.sleep(self.world.0.publishing.get()).await;
        if self.world.0.uncounted.get() {
            return Fence::default();
        }
        let known = self.world.fence(&self.key);
        let mut published = self.world.0.published.borrow_mut();
        let latest = published.entry(self.key.clone()).or_default();
        *latest = revision.max(*latest);
        Fence {
            was_spoiled: self.world.0.spoiled.take(),
            ..known
        }
    }

    fn keep_heard(&self, _text: &str) {}

    fn announce(&self, record: &str) {
        if self.world.0.lag.get() > 0 {
            return;
        }
        let ears = self.world.0.ears.borrow();
        for (id, (key, hear)) in &*ears {
            if *id != self.id && *key == self.key {
                let (record, hear) = (record.to_owned(), Rc::clone(hear));
                self.world.spawn(async move { hear(Some(&record)) });
            }
        }
    }

    fn listen(&self, hear: Hear) {
        let ear = (self.key.clone(), Rc::new(hear));
        self.world.0.ears.borrow_mut().insert(self.id, ear);
    }

    fn deafen(&self) {
        self.world.0.ears.borrow_mut().remove(&self.id);
        self.wake_after(None);
    }

    fn now(&self) -> Moment {
        let now = self.world.now();
        Moment {
            wall: now.saturating_add_signed(self.skew.get()),
            mono: now as i64,
        }
    }

    async fn sleep(&self, time: Millis) {
        self.world.at(self.world.now() + time).await;
    }

    async fn pause(&self) {
        self.sleep(10).await;
    }

    fn spawn(&self, task: Task) {
        self.world.spawn(task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        let mut alarms = self.world.0.alarms.borrow_mut();
        match time.filter(|_| !self.is_served()) {
            Some(time) => alarms.insert(self.id, self.world.now() + time),
            None => alarms.remove(&self.id),
        };
    }

    fn normal_email(&self, email: &str) -> String {
        email.trim().to_lowercase()
    }

    fn random(&self) -> u32 {
        (self.world.next() as u32).wrapping_mul(0x9e37_79b9)
    }

    fn is_served(&self) -> bool {
        self.world.0.served.get()
    }
}

pub struct Guard(World, String, u64);

impl Drop for Guard {
    fn drop(&mut self) {
        // Not where it was taken.
        let mut locked = self.0.0.locked.borrow_mut();
        if locked.get(&self.1) == Some(&self.2) {
            locked.remove(&self.1);
        }
        drop(locked);
        self.0.0.lock_queue.take().into_iter().for_each(Waker::wake);
    }
}

fn response(answer: Answer) -> Response {
    let seconds = answer
        .header_value("retry-after")
        .and_then(|it| it.parse().ok());
    Response {
        status: answer.status,
        retry_after: seconds.map(|seconds: u64| seconds * 1000),
        body: answer.body,
    }
}
