//! When storage and all tabs may not be trusted to know the latest record, and when they may again.

use super::records::decode;
use super::{Excuse, Oracle};
use crate::world::{MESSAGE, World};
use double::Fault;
use storefront_session::session::{Record, Snapshot};

impl Oracle {
    pub fn storage_became(&mut self, storage: Option<Fault>) {
        self.storage = storage;
        if storage.is_some() {
            self.distrust(Excuse::Distrust);
        }
    }

    /// Something has happened that may bring old news.
    pub(super) fn stirred(&mut self, now: u64) {
        self.stirred = now;
    }

    pub fn damaged(&mut self, now: u64) {
        self.stirred(now);
        self.was_damaged = true;
        self.coverage.note("record damaged");
        self.distrust(Excuse::Distrust);
        self.stored = None;
    }

    /// What was stored last is gone, and what was there before is there again.
    pub fn forgotten(&mut self, now: u64, former: Option<Record>) {
        self.stirred(now);
        self.coverage.note("record damaged");
        self.distrust(Excuse::Forgotten);
        self.stored = former;
    }

    /// From now on, until all know what is stored.
    pub fn distrust(&mut self, because: Excuse) {
        // What was forgotten is forgotten whatever becomes of storage then.
        if self.distrusted != Some(Excuse::Forgotten) {
            self.distrusted = Some(because);
        }
        let known = self.replaced.values_mut().chain(self.renewed.values_mut());
        for excuse in known {
            excuse.get_or_insert(because);
        }
    }
}

/// Whether all tabs agree on who the visitor is.
impl World {
    /// Who the visitor is for each open tab.
    pub(super) fn snapshots(&self) -> Vec<Snapshot> {
        self.open_tabs()
            .into_iter()
            .filter_map(|tab| self.lifecycle(tab))
            .map(|lifecycle| lifecycle.snapshot())
            .collect()
    }

    /// After a fault of storage there may be tabs that live on in memory, each with a visitor of its own. Once all know
    /// what is stored again, the laws are theirs again. For a tab that stands still news of a former visitor may be
    /// waiting, or be on its way.
    fn regain_trust(&self) {
        let tabs = 0..self.oracle.borrow().tabs.len();
        if tabs.clone().any(|tab| self.executor.is_frozen(tab)) {
            return;
        }
        let snapshots: Vec<_> = tabs
            .filter_map(|tab| Some(self.lifecycle(tab)?.snapshot()))
            .collect();
        let mut oracle = self.oracle.borrow_mut();
        let is_settled = self.now() > oracle.stirred + MESSAGE;
        if oracle.distrusted.is_none() || !is_settled || oracle.storage.is_some() {
            return;
        }
        let Some(stored) = &oracle.stored else { return };
        // Whoever noted what it asks before that was forgotten may not store over what is there instead. A store takes its time
        // between the note and the request, for which a lease may have to be extended, and between the answer and the write.
        let noted = oracle.stirred + self.longest_look();
        let is_under_way = oracle.distrusted == Some(Excuse::Forgotten)
            && (self.locks.at_work().is_some()
                || (oracle.tabs.iter()).any(|page| {
                    let mut calls = page.token_calls.iter();
                    page.owes.is_some() || calls.any(|it| it.sent <= noted)
                }));
        if is_under_way {
            return;
        }
        // With the clock set back the numbers of records that were lost may come again.
        if oracle.was_damaged && oracle.clock_was_wrong {
            return;
        }
        let are_one = snapshots.iter().all(|it| {
            it.durable
                && it.identity == stored.identity
                && it.session_id == stored.session_id
                && it.cart == stored.cart
        });
        // A page that answers others may know what was never stored.
        let knows_more = (0..oracle.tabs.len()).any(|tab| {
            let known = self.known_to(tab).as_deref().and_then(decode);
            self.hears(tab) && known.is_some_and(|known| known.is_newer_than(stored))
        });
        if are_one && !knows_more {
            oracle.distrusted = None;
        }
    }

    /// After a while in which everything could move: whether all have settled that should.
    pub fn check_waiting(&self) {
        self.regain_trust();
        self.check_settled();
    }
}
