//! A world for the lifecycle: the double of a browser, and the orders that are given to it.
//!
//! Time stands still until everybody waits for it. Nothing here is random.

use double::{API, Area, Browser, Certain, Fault, Key, Locks, Observer, Owner};
use sandbox::Platform as Server;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use storefront_session::host::StorageFault;
use storefront_session::session::{Event, Millis};

pub use crate::session::{Session, code, error};
pub use double::PATIENCE;

pub const BUYER: (&str, &str) = ("buyer@example.com", "sandbox-pass");

/// How long a request is on its way, and an answer.
const LATENCY: Millis = 10;

/// Where the storefront that all tests open keeps its record, and where one of the default address does.
pub const KEY: &str = "storefront-session:acme:storefront:http://sandbox";
pub const DEFAULT_KEY: &str = "storefront-session:acme:storefront";

#[derive(Clone)]
pub struct World(Rc<Inner>);

struct Inner {
    browser: Rc<Browser>,
    key: Key,
    /// What the listeners of each session have heard.
    events: RefCell<BTreeMap<Owner, Vec<Event>>>,
}

impl Observer for Inner {
    fn heard(&self, tab: Owner, event: &Event) {
        let mut events = self.events.borrow_mut();
        events.entry(tab).or_default().push(event.clone());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.browser.tear_down();
    }
}

impl World {
    pub fn new() -> Self {
        Self(Rc::new_cyclic(|inner: &Weak<Inner>| {
            let chance = Rc::<Certain>::default();
            let browser = Browser::new(Server::new(1), chance, inner.clone());
            browser.wire.latency.set(LATENCY);
            browser.wire.other_address.set(Some("http://another-page"));
            let key = browser.storage.key(KEY);
            Inner {
                browser,
                key,
                events: RefCell::default(),
            }
        }))
    }

    /// A world whose platform follows these readings.
    pub fn with_profile(profile: Value) -> Self {
        let world = Self::new();
        world.control("PATCH", "profile", profile);
        world
    }

    pub fn browser(&self) -> &Rc<Browser> {
        &self.0.browser
    }

    pub fn events_of(&self, tab: Owner) -> Vec<Event> {
        self.0.events.borrow_mut().remove(&tab).unwrap_or_default()
    }

    /// A new tab, of a page that has just been loaded.
    pub fn open(&self) -> Session {
        self.open_at(API)
    }

    pub fn open_at(&self, api_url: &str) -> Session {
        self.begun(self.browser().open_at(api_url))
    }

    pub fn open_beside(&self, id: Owner) -> Session {
        self.browser().open_beside(id);
        self.begun(*self.browser().open_tabs().last().unwrap())
    }

    fn begun(&self, id: Owner) -> Session {
        let lifecycle = self.until(|| self.browser().lifecycle(id));
        Session::new(self.clone(), id, lifecycle)
    }
}

/// The platform, and the way to it.
impl World {
    /// One of the sandbox's control calls.
    pub fn control(&self, method: &str, call: &str, body: Value) -> Value {
        let request = sandbox::Request::new(method, format!("/_sandbox/{call}")).json(&body);
        let answer = self.browser().wire.server.borrow_mut().handle(&request);
        assert!(answer.status < 300, "{call}: {}", answer.body);
        answer.json()
    }

    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", json!([fault]));
    }

    /// The next answer under this path says something else.
    pub fn reword(&self, path: &str, from: &str, to: &str) {
        self.browser().wire.reword(path, from, to);
    }

    /// The next answer under this path comes so much later.
    pub fn delay(&self, path: &str, time: Millis) {
        self.fault(json!({ "path": path, "kind": "delay", "delayMs": time }));
    }

    /// The API calls since the last time they were asked for: method, path without tenant, bearer, status.
    pub fn requests(&self) -> Vec<String> {
        let mut server = self.browser().wire.server.borrow_mut();
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
}

/// Time.
impl World {
    pub fn now(&self) -> Millis {
        self.browser().now()
    }

    /// Runs until this is there, letting time pass whenever everybody waits for it.
    pub fn until<T>(&self, ready: impl Fn() -> Option<T>) -> T {
        loop {
            self.run_until_stalled();
            if let Some(outcome) = ready() {
                return outcome;
            }
            let has_gone_on = self.browser().step(Millis::MAX);
            assert!(has_gone_on, "nothing will ever happen again");
        }
    }

    /// Lets everything come to rest that waits for no time.
    pub fn run_until_stalled(&self) {
        self.browser().executor.run_ready();
    }

    /// Lets time pass, and all happen that falls into it.
    pub fn pass(&self, time: Millis) {
        let end = self.now() + time;
        self.browser().run_until(end, || true);
    }

    /// Time jumps, and nothing happens meanwhile: the machine was asleep.
    pub fn sleep(&self, time: Millis) {
        self.browser().jump(time);
    }
}

/// Storage.
impl World {
    pub fn stored(&self) -> Option<String> {
        self.browser()
            .storage
            .last(self.0.key)
            .as_deref()
            .map(str::to_owned)
    }

    pub fn stored_under(&self, key: &str) -> Option<String> {
        let storage = &self.browser().storage;
        storage.last(storage.key(key)).as_deref().map(str::to_owned)
    }

    pub fn put_stored(&self, text: Option<&str>) {
        self.browser().put(self.0.key, text.map(Rc::from));
    }

    pub fn put_stored_under(&self, key: &str, text: Option<&str>) {
        let key = self.browser().storage.key(key);
        self.browser().put(key, text.map(Rc::from));
    }

    /// The visitor clears what the site has stored: the record, and the revision that was made known.
    pub fn clear_site_data(&self) {
        self.put_stored(None);
        self.browser().revisions.set(self.0.key, None);
    }

    pub fn break_storage(&self, fault: Option<StorageFault>) {
        let fault = fault.map(|fault| match fault {
            StorageFault::Full => Fault::Full,
            StorageFault::Unavailable => Fault::Blocked,
        });
        self.browser().storage.fault.set(fault);
    }

    /// From now on writing succeeds and stores nothing.
    pub fn lose_writes(&self) {
        self.browser().storage.fault.set(Some(Fault::Forgetful));
    }

    /// From now on the other tabs see what one writes only after this time, and messages between them are lost.
    pub fn let_storage_lag(&self, time: Millis) {
        self.browser().storage.lag.set(time);
        self.browser().channel.lost.set(100);
    }

    /// From now on storage is an adapter that answers a moment later.
    pub fn slow_storage(&self) {
        self.slow_storage_by(1);
    }

    /// The same, and each access takes so long.
    pub fn slow_storage_by(&self, time: Millis) {
        self.browser().storage.area.set(Area::Adapter(time));
    }

    /// From now on each page has a copy of storage, which it begins with.
    pub fn copy_storage(&self) {
        self.browser().storage.area.set(Area::Cloned);
    }

    /// What is stored in the copies of the pages that are there.
    pub fn copied(&self) -> Option<String> {
        self.browser()
            .left(self.0.key)
            .as_deref()
            .map(str::to_owned)
    }

    /// From now on messages between the tabs are on their way for so long.
    pub fn let_messages_take(&self, time: Millis) {
        self.browser().channel.takes.set(time);
    }

    /// Those who share the record are hosts: nothing wakes them.
    pub fn serve(&self) {
        self.browser().storage.area.set(Area::Hosts(0));
    }
}

/// Locks, and revisions.
impl World {
    /// From now on the browser has no locks: tabs do not wait for each other.
    pub fn without_locks(&self) {
        self.browser().locks.kind.set(Locks::Absent);
    }

    /// The next who asks for the lock takes it from a holder that stands still.
    pub fn take_lock(&self) {
        self.browser().locks.is_taken_next.set(true);
    }

    /// From now on it takes so long to make a revision known to the other tabs.
    pub fn let_publishing_take(&self, time: Millis) {
        self.browser().revisions.takes.set(time);
    }

    /// From now on no revision is made known to the other tabs: the browser has no IndexedDB.
    pub fn without_revisions(&self) {
        self.browser().revisions.are_absent.set(true);
    }

    /// What is made known of revisions is no number, once.
    pub fn spoil_revisions(&self) {
        self.browser().revisions.spoil();
    }
}
