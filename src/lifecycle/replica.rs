//! The record as this tab knows it: its replica of what all tabs share.

use crate::host::StorageFault;
use crate::session::{
    Cart, Event, Kind, Millis, Moment, Origin, Reason, Record, Snapshot, Unreadable,
};

/// A tab that has looked at the record within this time need not look again before it hands out a token.
const LOOK_INTERVAL: Millis = 1_000;

/// How long a tab waits before it tries once more to store what could not be stored.
const RETRY_INTERVAL: Millis = 5_000;

/// What this tab knows.
pub(super) struct Replica {
    pub(super) record: Record,
    /// Events that wait until no lock is held.
    pub(super) outbox: Vec<Event>,
    /// The text last seen in storage: what has not changed is not read again.
    pub(super) seen: Option<String>,
    /// The record last seen in storage, where it was one.
    pub(super) stored: Option<Record>,
    /// When storage was last looked at; `None` where time may have passed unseen since.
    pub(super) looked: Option<Moment>,
    /// When storing was last tried again.
    retried: Option<Moment>,
    /// The latest revision that was made known, here or by others who were waited for: ours go on from there.
    pub(super) floor: u64,
    durable: bool,
    /// Whether the page has begun: what it finds before that is where it begins, not something that happens to it.
    pub(super) begun: bool,
    /// Storage holds a later version's record, which must not be overwritten.
    pub(super) is_read_only: bool,
}

impl Default for Replica {
    fn default() -> Self {
        Self {
            record: Record::default(),
            outbox: Vec::new(),
            seen: None,
            stored: None,
            looked: None,
            retried: None,
            floor: 0,
            durable: true,
            begun: false,
            is_read_only: false,
        }
    }
}

impl Replica {
    pub(super) fn snapshot(&self) -> Snapshot {
        self.record.snapshot(self.durable)
    }

    /// The latest revision that this tab has seen, or need not wait for any more.
    pub(super) fn revision(&self) -> u64 {
        self.record.revision.max(self.floor)
    }

    /// The number of a record that is written next. Where storage holds none, counting begins with the time: other tabs may
    /// know numbers from before storage was cleared, and must not take theirs for later ones.
    pub(super) fn revision_after(&self, written: &Record, now: Moment) -> u64 {
        let next = written.revision.max(self.revision()).saturating_add(1);
        match self.stored {
            Some(_) => next,
            None => next.max(now.wall),
        }
    }

    /// For how long this tab need not look at the record before it hands out a token.
    pub(super) fn until_look(&self, now: Moment) -> Millis {
        let since = |looked: Moment| {
            let wall = now.wall.abs_diff(looked.wall);
            wall.max(now.mono.abs_diff(looked.mono))
        };
        let looked = self.looked;
        looked.map_or(0, |looked| LOOK_INTERVAL.saturating_sub(since(looked)))
    }

    /// Puts the next record in force, and notes for the listeners what changed.
    pub(super) fn commit(&mut self, next: Record, reason: Reason, origin: Origin) {
        let previous = self.snapshot();
        let change = next.change_since(&self.record);
        self.record = next;
        if let Some(kind) = change.filter(|_| self.begun) {
            self.note(kind, reason, origin, previous);
        }
    }

    fn note(&mut self, kind: Kind, reason: Reason, origin: Origin, previous: Snapshot) {
        // Whoever has been told of one change is told of the next.
        self.begun = true;
        self.outbox.push(Event {
            kind,
            reason,
            origin,
            snapshot: self.snapshot(),
            previous,
            remote: None,
        });
    }

    pub(super) fn set_durable(&mut self, durable: bool, reason: Reason) {
        if self.durable != durable {
            let previous = self.snapshot();
            self.durable = durable;
            self.note(Kind::Storage, reason, Origin::Local, previous);
        }
    }

    /// Whether storage serves.
    pub(super) fn is_durable(&self) -> bool {
        self.durable
    }

    /// Something of what is stored was given up.
    pub(super) fn report(&mut self, reason: Reason) {
        self.tell(Kind::Storage, reason);
    }

    /// Something has happened that no snapshot shows.
    pub(super) fn tell(&mut self, kind: Kind, reason: Reason) {
        let previous = self.snapshot();
        self.note(kind, reason, Origin::Local, previous);
    }

    /// Whether storage holds what this tab knows, or something later.
    pub(super) fn is_stored(&self) -> bool {
        let stored = self.stored.as_ref();
        stored.is_some_and(|stored| !self.record.is_newer_than(stored))
    }

    /// Whether storage shows somebody of another epoch than this one.
    pub(super) fn is_another_stored(&self) -> bool {
        let stored = self.stored.as_ref();
        stored.is_some_and(|it| it.identity != self.record.identity && !it.is_blank())
    }

    /// Whether the last logout has reached storage, or there was none yet.
    pub(super) fn is_at_rest(&self) -> bool {
        self.record.epoch == 0 || self.is_stored()
    }

    /// Whether what this tab knows should be stored again: neither clearing storage nor spoiling it is a logout, and
    /// what storage had no room for it may have room for now. A logout is not undone, and an earlier record that a late
    /// writer has left is not left standing.
    pub(super) fn needs_storing(&self) -> bool {
        let is_wanted = self.stored.is_some() || !self.record.is_blank();
        is_wanted && !self.is_stored() && !self.is_read_only
    }

    /// Whether to try that now.
    pub(super) fn retries_storing(&mut self, now: Moment) -> bool {
        let waited = |retried: Moment| now.mono.abs_diff(retried.mono) >= RETRY_INTERVAL;
        let retries = self.retried.is_none_or(waited) && self.needs_storing();
        if retries {
            self.retried = Some(now);
        }
        retries
    }

    /// Takes a record from elsewhere, if it is later than ours.
    pub(super) fn adopt(&mut self, mut found: Record) {
        if found.is_newer_than(&self.record) {
            found.keep_clock_of(&self.record);
            let reason = match found.change_since(&self.record) {
                Some(Kind::Login | Kind::Switched | Kind::Logout) => Reason::Requested,
                Some(Kind::Expired) => Reason::Refused,
                Some(Kind::Cart) => Reason::of_cart(found.cart.as_ref().map_or("", Cart::as_str)),
                _ => Reason::Needed,
            };
            self.commit(found, reason, Origin::Remote);
        }
    }

    /// Takes in what storage holds now.
    pub(super) fn take_stored(&mut self, found: Result<Record, Option<Unreadable>>) {
        self.stored = None;
        self.is_read_only = false;
        let lost = match found {
            Ok(found) => {
                self.stored = Some(found.clone());
                // Two tabs may have come to one number while storage took neither's: what is stored is for all.
                if found.age() == self.record.age() {
                    self.record.revision = self.record.revision.saturating_sub(1);
                }
                return self.adopt(found);
            }
            Err(Some(Unreadable::NewerSchema)) => {
                self.is_read_only = true;
                return self.set_durable(false, Reason::NewerSchema);
            }
            Err(None) => Reason::Cleared,
            Err(Some(Unreadable::Corrupt(_))) => Reason::Corrupt,
            Err(Some(Unreadable::ForeignApi)) => Reason::ForeignApi,
        };
        self.report(lost);
    }
}

pub(super) fn fault_reason(fault: StorageFault) -> Reason {
    match fault {
        StorageFault::Unavailable => Reason::Unavailable,
        StorageFault::Full => Reason::Full,
    }
}
