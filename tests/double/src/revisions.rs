//! The revisions that pages make known to each other, as `npm/revisions.js` does in IndexedDB.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::storage::Key;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use storefront_session::host::Fence;
use storefront_session::session::Millis;

#[derive(Default)]
pub struct Revisions {
    latest: RefCell<BTreeMap<Key, u64>>,
    /// The longest time that it takes to make one known.
    pub takes: Cell<Millis>,
    /// Whether there is no such order.
    pub are_absent: Cell<bool>,
    /// Whether what is kept there is no number, and will be thrown away.
    spoiled: Cell<bool>,
}

impl Revisions {
    /// What is kept there turns out to be no number, once.
    pub fn spoil(&self) {
        self.latest.borrow_mut().clear();
        self.spoiled.set(true);
    }

    pub fn set(&self, key: Key, revision: Option<u64>) {
        let mut latest = self.latest.borrow_mut();
        match revision {
            Some(revision) => latest.insert(key, revision),
            None => latest.remove(&key),
        };
    }

    fn fence(&self, key: Key) -> Fence {
        Fence {
            revision: self.latest.borrow().get(&key).copied(),
            was_spoiled: false,
        }
    }
}

impl Browser {
    /// The latest revision, for who has just taken the lock.
    pub(crate) fn fence(&self, tab: Owner) -> Fence {
        match self.is_served() {
            true => Fence::default(),
            false => self.revisions.fence(self.key_of(tab)),
        }
    }

    pub(crate) async fn publish(&self, tab: Owner, revision: u64) -> Fence {
        let revisions = &self.revisions;
        if self.is_served() || revisions.are_absent.get() {
            return Fence::default();
        }
        let time = self.executor.chance.time(revisions.takes.get());
        self.sleep_shown(tab, time).await;
        let key = self.key_of(tab);
        let known = revisions.fence(key);
        revisions.set(key, known.revision.max(Some(revision)));
        Fence {
            was_spoiled: revisions.spoiled.take(),
            ..known
        }
    }
}
