//! What the laws are checked in: a browser, the weather on the way to the platform, and the oracle that watches.

use crate::act::Damage;
use crate::dice::Dice;
use crate::oracle::{Oracle, decode};
use crate::setup::Setup;
use crate::weather::Weather;
use double::{API, Area, Browser, Fault, Key, Locks, Observer, Owner};
use sandbox::Platform as Server;
use serde_json::Value;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::{Rc, Weak};
use storefront_session::session::{Identity, Kind, Millis, Record, RecordData};

/// The longest time for which a message is on its way.
pub const MESSAGE: Millis = 30;

/// The longest time that it takes to raise the revision that is made known.
const COUNTING: Millis = 10;

/// How many accesses of a thousand to a shop's own storage take far longer, and how many writes of a thousand to a store lose
/// their connection, before they are done or after.
const HANGING: u64 = 2;
const DROPPED: u64 = 5;

pub struct World {
    pub setup: Setup,
    pub dice: Rc<Dice>,
    pub weather: Weather,
    pub oracle: RefCell<Oracle>,
    pub key: Key,
    pub me: Weak<Self>,
    browser: Rc<Browser>,
}

impl Deref for World {
    type Target = Rc<Browser>;

    fn deref(&self) -> &Rc<Browser> {
        &self.browser
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

/// A browser as this run has it.
fn browser(seed: u64, setup: &Setup, dice: &Rc<Dice>, observer: Weak<dyn Observer>) -> Rc<Browser> {
    let mut server = Server::new(seed);
    server.set_profile(setup.profile.clone());
    let browser = Browser::new(server, Rc::<Dice>::clone(dice), observer);
    browser.clock.stops_asleep.set(!setup.mono_sleeps);
    browser.wire.latency.set(setup.latency);
    browser.storage.area.set(setup.area);
    browser.storage.lag.set(setup.lag);
    browser.adapter.hangs.set(HANGING);
    browser.leases.drops.set(DROPPED);
    browser.revisions.takes.set(COUNTING);
    browser
        .revisions
        .are_absent
        .set(setup.locks == Locks::Absent);
    browser.channel.takes.set(MESSAGE);
    browser.channel.lost.set(setup.lost_messages);
    browser.locks.kind.set(setup.locks);
    browser
}

impl World {
    pub fn new(seed: u64, setup: Setup, traced: bool) -> Rc<Self> {
        let dice = Rc::new(Dice::with_seed(seed ^ 0x5eed));
        let mut oracle = Oracle::new(&setup, traced);
        let found = (setup.epochs_before > 0).then(|| tombstone(setup.epochs_before));
        let text = found.as_ref().and_then(|it| it.encode::<Value>(API, None));
        let revision = found.as_ref().map(|record| record.revision);
        found.into_iter().for_each(|record| oracle.found(record));
        Rc::new_cyclic(|world: &Weak<Self>| {
            let browser = browser(seed, &setup, &dice, world.clone());
            let key = browser.key_at(API);
            browser.storage.begin_with(key, text.map(Rc::from));
            browser.revisions.set(key, revision);
            Self {
                setup,
                dice,
                weather: Weather::default(),
                oracle: RefCell::new(oracle),
                key,
                me: world.clone(),
                browser,
            }
        })
    }

    /// Opens a page with one session.
    pub fn open(&self) -> Owner {
        self.open_at(API)
    }

    /// Lets time pass, and all happen that falls into it; until a law is broken.
    pub fn pass(&self, time: Millis) {
        let end = self.now() + time;
        self.run_until(end, || !self.oracle.borrow().has_failed());
    }

    /// The machine sleeps; what fell due meanwhile happens when it wakes.
    pub fn sleep(&self, time: Millis) {
        self.jump(time);
        self.oracle.borrow_mut().slept(self.now());
        for tab in self.open_tabs() {
            self.wake(tab);
        }
    }

    pub fn set_clock(&self, by: i64) {
        crate::light::note("clock", self.now(), by);
        self.set_clock_wrong(by);
        self.oracle.borrow_mut().clock_moved(by);
    }

    pub fn set_storage(&self, fault: Option<Fault>) {
        self.storage.fault.set(fault);
        self.oracle.borrow_mut().storage_became(fault);
    }

    pub fn damage(&self, damage: Damage) {
        let text = match damage {
            Damage::Forgotten => return self.forget_last_write(self.key),
            Damage::Wiped => None,
            Damage::Corrupted => Some("{\"schema\":1,\"rev"),
            Damage::NewerSchema => Some("{\"schema\":2}"),
        };
        if damage == Damage::Wiped {
            self.revisions.set(self.key, None);
        }
        self.oracle.borrow_mut().damaged(self.now());
        crate::light::note("stored", self.now(), text);
        self.put(self.key, text.map(Rc::from));
    }

    /// The latest record that is left: with the last page that has a copy it is gone.
    pub fn record_left(&self) -> Option<Record> {
        match self.setup.area {
            Area::Cloned => decode(&self.left(self.key)?),
            _ => self.oracle.borrow().stored(),
        }
    }

    /// The latest record that an open session finds.
    pub fn record_found(&self) -> Option<Record> {
        match self.setup.area {
            Area::Cloned => decode(&self.found(self.key)?),
            _ => self.oracle.borrow().stored(),
        }
    }
}
