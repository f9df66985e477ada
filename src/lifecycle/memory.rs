//! The record as this tab knows it, in step with storage and the other tabs.

use super::{Lifecycle, Operation};
use crate::emporix::{Denial, Refusal, garbled, grant, judge};
use crate::host::{Host, StorageFault};
use crate::http::Request;
use crate::session::record::Pending;
use crate::session::secret::Fingerprint;
use crate::session::{
    Event, Grant, Kind, Millis, Moment, Origin, Reason, Record, Result, SessionError, Snapshot,
    Unreadable,
};
use std::rc::Rc;

/// A tab that has looked at the record within this time need not look again before it hands out a token.
const LOOK_INTERVAL: u64 = 1_000;

/// How long a tab waits for storage to show what the last holder of the lock has written: on a busy page the former
/// record was seen for 400 ms.
const CATCH_UP: u64 = 600;
const CATCH_UP_STEP: u64 = 10;

/// How long a tab waits before it tries once more to store what could not be stored.
const MEND_INTERVAL: u64 = 5_000;

/// What this tab knows.
pub(super) struct Memory {
    pub(super) record: Record,
    /// Events that wait until no lock is held.
    pub(super) outbox: Vec<Event>,
    /// The text last seen in storage: what has not changed is not read again.
    seen: Option<String>,
    /// The record last seen in storage, where it was one.
    stored: Option<Record>,
    looked: Option<Moment>,
    /// When storing was last tried again.
    mended: Option<Moment>,
    /// The latest revision that was made known, here or by others who were waited for: ours go on from there.
    floor: u64,
    durable: bool,
    /// Whether the page has begun: what it finds before that is where it begins, not something that happens to it.
    pub(super) begun: bool,
    /// Storage holds something that must not be overwritten.
    hands_off: bool,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            record: Record::default(),
            outbox: Vec::new(),
            seen: None,
            stored: None,
            looked: None,
            mended: None,
            floor: 0,
            durable: true,
            begun: false,
            hands_off: false,
        }
    }
}

impl Memory {
    pub(super) fn snapshot(&self) -> Snapshot {
        self.record.snapshot(self.durable)
    }

    /// The latest revision that this tab has seen, or need not wait for any more.
    fn revision(&self) -> u64 {
        self.record.revision.max(self.floor)
    }

    /// The number of a record that is written next. Where storage holds none, counting begins with the time: other tabs may
    /// know numbers from before storage was cleared, and must not take theirs for later ones.
    fn revision_after(&self, written: &Record, now: Moment) -> u64 {
        let next = written.revision.max(self.revision()).saturating_add(1);
        match self.stored {
            Some(_) => next,
            None => next.max(now.wall),
        }
    }

    /// Puts the next record in force, and notes for the listeners what changed.
    fn commit(&mut self, next: Record, reason: Reason, origin: Origin) {
        let previous = self.snapshot();
        let change = next.change_since(&self.record);
        self.record = next;
        if let Some(kind) = change.filter(|_| self.begun) {
            self.note(kind, reason, origin, previous);
        }
    }

    pub(super) fn note(&mut self, kind: Kind, reason: Reason, origin: Origin, previous: Snapshot) {
        self.outbox.push(Event {
            kind,
            reason,
            origin,
            snapshot: self.snapshot(),
            previous,
            remote: None,
        });
    }

    fn set_durable(&mut self, durable: bool, reason: Reason) {
        if self.durable != durable {
            let previous = self.snapshot();
            self.durable = durable;
            self.note(Kind::Storage, reason, Origin::Local, previous);
        }
    }

    fn report(&mut self, reason: Reason) {
        let previous = self.snapshot();
        self.note(Kind::Storage, reason, Origin::Local, previous);
    }

    /// Whether storage holds what this tab knows, or something later.
    fn is_stored(&self) -> bool {
        let stored = self.stored.as_ref();
        stored.is_some_and(|stored| !self.record.is_newer_than(stored))
    }

    /// Whether the last logout has reached storage, or there was none yet.
    pub(super) fn is_at_rest(&self) -> bool {
        self.record.epoch == 0 || self.is_stored()
    }

    /// Whether what this tab knows should be stored again: neither clearing storage nor spoiling it is a logout, and
    /// what storage had no room for it may have room for now. A logout is not undone, and an earlier record that a late
    /// writer has left is not left standing.
    fn wants_mending(&self) -> bool {
        let is_wanted = self.stored.is_some() || !self.record.is_blank();
        is_wanted && !self.is_stored() && !self.hands_off
    }

    /// Takes a record from elsewhere, if it is later than ours.
    fn adopt(&mut self, mut found: Record) {
        if found.is_newer_than(&self.record) {
            found.keep_clock_of(&self.record);
            let reason = match found.change_since(&self.record) {
                Some(Kind::Login | Kind::Switched | Kind::Logout) => Reason::Requested,
                Some(Kind::Expired) => Reason::Refused,
                _ => Reason::Needed,
            };
            self.commit(found, reason, Origin::Remote);
        }
    }
}

fn fault_reason(fault: StorageFault) -> Reason {
    match fault {
        StorageFault::Unavailable => Reason::Unavailable,
        StorageFault::Full => Reason::Full,
    }
}

/// A record's text that was written, and whether storage took it.
struct Written {
    text: String,
    stored: bool,
}

/// What the platform said to a request for tokens.
pub(super) enum Exchanged {
    /// New tokens. Not yet stored.
    Granted(Box<Grant>),
    /// None.
    Refused(Refusal),
    /// Another tab has stored newer tokens in the place of those that were sent.
    Superseded,
}

impl<H: Host> Lifecycle<H> {
    /// Looks at the stored record, and takes what is later than what this tab knows.
    pub(super) async fn look(&self) {
        let read = self.host.read().await;
        self.take_reading(read);
    }

    fn take_reading(&self, read: std::result::Result<Option<String>, StorageFault>) {
        let now = self.host.now();
        let mut memory = self.memory.borrow_mut();
        let text = match read {
            Err(fault) => return memory.set_durable(false, fault_reason(fault)),
            Ok(text) => text,
        };
        memory.looked = Some(now);
        if memory.seen != text {
            self.take_in(&mut memory, text, now);
        }
        if memory.is_stored() {
            memory.set_durable(true, Reason::Restored);
        }
        let again = memory
            .mended
            .is_none_or(|mended| now.mono.abs_diff(mended.mono) >= MEND_INTERVAL);
        if again && memory.wants_mending() {
            memory.mended = Some(now);
            self.depart(async move |this: Rc<Self>| {
                let is_wanted = this.memory.borrow().wants_mending();
                if is_wanted {
                    this.write_present(0).await;
                }
                Ok(())
            });
        }
    }

    /// Takes in what storage holds now.
    fn take_in(&self, memory: &mut Memory, text: Option<String>, now: Moment) {
        memory.seen = text;
        memory.stored = None;
        memory.hands_off = false;
        let lost = match &memory.seen {
            None => Reason::Cleared,
            Some(text) => match Record::decode::<H::Json>(text, self.platform.api_url(), now) {
                Ok(found) => {
                    memory.stored = Some(found.clone());
                    // Two tabs may have come to one number while storage took neither's: what is stored is for all.
                    if found.age() == memory.record.age() {
                        memory.record.revision = memory.record.revision.saturating_sub(1);
                    }
                    return memory.adopt(found);
                }
                Err(Unreadable::NewerSchema) => {
                    memory.hands_off = true;
                    return memory.set_durable(false, Reason::NewerSchema);
                }
                Err(Unreadable::Corrupt(_)) => Reason::Corrupt,
                Err(Unreadable::ForeignApi) => Reason::ForeignApi,
            },
        };
        memory.report(lost);
    }

    /// Looks until the last holder's record is seen, in storage or by message: the lock is no barrier for storage, and
    /// who acts on the former record sends a token that is spent. Bounded, for a record that will never be seen.
    pub(super) async fn catch_up(&self, published: Option<u64>) {
        self.look().await;
        let published = published.unwrap_or(0);
        let mut patience = CATCH_UP;
        while self.memory.borrow().revision() < published && patience > 0 {
            self.host.sleep(CATCH_UP_STEP).await;
            patience = patience.saturating_sub(CATCH_UP_STEP);
            self.look().await;
        }
        // What did not show by now never will: its writer was killed before it wrote, or storage was cleared.
        self.raise_floor(published);
    }

    /// No number up to this one is given to a record again.
    fn raise_floor(&self, revision: u64) {
        let mut memory = self.memory.borrow_mut();
        memory.floor = memory.floor.max(revision);
    }

    /// Looks, unless that was done within the last second.
    pub(super) async fn look_now_and_then(&self) {
        if self.until_look() == 0 {
            self.look().await;
        }
    }

    /// For how long a tab need not look at the record before it hands out a token.
    pub(super) fn until_look(&self) -> Millis {
        let now = self.host.now();
        let since = |looked: Moment| {
            let wall = now.wall.abs_diff(looked.wall);
            wall.max(now.mono.abs_diff(looked.mono))
        };
        let looked = self.memory.borrow().looked;
        looked.map_or(0, |looked| LOOK_INTERVAL.saturating_sub(since(looked)))
    }

    /// Another tab's record, by message. Its write may not be visible here yet.
    pub(super) fn adopt_heard(&self, text: &str) {
        let now = self.host.now();
        if let Ok(found) = Record::decode::<H::Json>(text, self.platform.api_url(), now) {
            self.memory.borrow_mut().adopt(found);
        }
    }

    /// Stores the next record, then puts it in force: what nobody could read back is nobody's yet. Needs the lock.
    ///
    /// # Errors
    /// `aborted` where the identity has changed since the record was made: a logout waits for nobody.
    pub(super) async fn store(&self, mut next: Record, reason: Reason) -> Result<()> {
        next.pending = None;
        let written = self.write_next(&mut next).await;
        if !self.is_followed_by(&next) {
            return Err(SessionError::overtaken());
        }
        self.memory.borrow_mut().commit(next, reason, Origin::Local);
        self.announce(written);
        Ok(())
    }

    fn is_followed_by(&self, next: &Record) -> bool {
        next.follows(&self.memory.borrow().record)
    }

    /// Puts the next record in force at once, and stores it after: for what must not wait, the end of a session.
    pub(super) fn put_in_force(&self, next: Record) {
        let mut memory = self.memory.borrow_mut();
        memory.commit(next, Reason::Requested, Origin::Local);
    }

    /// Writes the record that is in force, so many numbers further on, and announces it.
    pub(super) async fn write_present(&self, leap: u64) {
        let mut present = self.record();
        present.revision = present.revision.saturating_add(leap);
        let written = self.write_next(&mut present).await;
        if written.is_some() {
            self.memory.borrow_mut().record.revision = present.revision;
        }
        self.announce(written);
    }

    fn announce(&self, written: Option<Written>) {
        if let Some(Written { text, .. }) = written {
            self.host.announce(&text);
        }
    }

    /// Gives a record the next number and writes it, unless another epoch has begun: `None`. The number is made known
    /// first: should this tab be killed after the write, the next holder of the lock waits for what it wrote. And whoever has
    /// stood still with the lock in hand learns that a logout did not wait for it.
    async fn write_next(&self, record: &mut Record) -> Option<Written> {
        loop {
            let now = self.host.now();
            record.revision = self.memory.borrow().revision_after(record, now);
            let known = self.host.publish(record.revision).await;
            self.catch_up(known).await;
            // Our own word, which nobody need wait for here, whatever becomes of the record.
            self.raise_floor(record.revision);
            if !self.is_followed_by(record) {
                return None;
            }
            if known < Some(record.revision) {
                break;
            }
        }
        let text = record.encode::<H::Json>(self.platform.api_url())?;
        if self.memory.borrow().hands_off {
            return Some(Written { text, stored: true });
        }
        let outcome = self.host.write(&text).await;
        let mut memory = self.memory.borrow_mut();
        match outcome {
            Ok(()) => {
                memory.set_durable(true, Reason::Restored);
                memory.stored = Some(record.clone());
                memory.seen = Some(text.clone());
            }
            Err(fault) => memory.set_durable(false, fault_reason(fault)),
        }
        let stored = outcome.is_ok();
        Some(Written { text, stored })
    }

    /// Sends a request that changes tokens: notes it as pending, sends it, looks what became of the record meanwhile. Needs
    /// the lock.
    ///
    /// # Errors
    /// Whatever says nothing of the tokens; and `aborted` where the identity or the company changed meanwhile, when what was
    /// granted is nobody's.
    pub(super) async fn exchange(
        &self,
        operation: Operation,
        request: Request,
        slot: fn(&Record) -> Option<Fingerprint>,
    ) -> Result<Exchanged> {
        let before = self.record();
        let pending = Pending {
            id: self.host.random(),
            operation,
            epoch: before.epoch,
            consumes: slot(&before),
            started: self.host.now().wall,
        };
        self.write_pending(Some(pending)).await;
        let is_overtaken = || self.memory.borrow().record.identity != before.identity;
        if is_overtaken() {
            return Err(SessionError::overtaken());
        }
        // The tokens are no younger than the question: a page that stands still may read the answer much later.
        let asked = self.host.now();
        let answer = self.host.send(request, super::HARD_LIMIT).await;
        self.look().await;
        let was_answered = answer.is_ok();
        let granted = judge::<H::Json>(answer).and_then(|answer| {
            let grant = grant::<H::Json>(&answer.body, asked).map(Box::new);
            grant.ok_or_else(|| Denial::Fault(garbled(&answer)))
        });
        if was_answered && granted.is_err() && !is_overtaken() {
            self.write_pending(None).await;
        }
        if is_overtaken() {
            if let (Ok(grant), Operation::Login) = (&granted, operation) {
                self.revoke_behind(&grant.access.token);
            }
            return Err(SessionError::overtaken());
        }
        let superseded = slot(&self.memory.borrow().record) != slot(&before);
        match granted {
            _ if superseded => Ok(Exchanged::Superseded),
            Ok(grant) => Ok(Exchanged::Granted(grant)),
            Err(Denial::Refused(refusal)) => Ok(Exchanged::Refused(refusal)),
            Err(Denial::Fault(error)) => Err(error),
        }
    }

    /// Notes what is under way, or that the platform gave an answer that changed nothing. Unseen by pages and other tabs, so
    /// neither committed nor announced; the revision alone is ours to keep. A number that storage has not taken is free for
    /// what another tab stores.
    async fn write_pending(&self, pending: Option<Pending>) {
        let mut noted = self.record();
        noted.pending = pending;
        let written = self.write_next(&mut noted).await;
        let mut memory = self.memory.borrow_mut();
        if written.is_some_and(|written| written.stored) {
            memory.record.revision = memory.record.revision.max(noted.revision);
        }
        if memory.record.identity == noted.identity {
            memory.record.pending = noted.pending;
        }
    }
}
