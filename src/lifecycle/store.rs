//! Reading and writing the shared record.

use super::replica::fault_reason;
use super::{Lifecycle, Locked, Work};
use crate::host::{Host, StorageFault};
use crate::session::{Code, Origin, Pending, Reason, Record, Result, SessionError};

/// A record's text that was written, and whether storage took it.
pub(super) struct Written {
    text: String,
    pub(super) stored: bool,
}

impl<H: Host> Lifecycle<H> {
    /// Looks at the stored record, and takes what is later than what this tab knows.
    pub(super) async fn look(&self) {
        let asked = self.host.now();
        let read = self.host.read().await;
        let has_read = read.is_ok();
        self.take_reading(read);
        if has_read {
            // What is read is no younger than the question: a page may have stood still meanwhile.
            self.replica.borrow_mut().looked = Some(asked);
        }
    }

    /// Looks, unless that was done within the last second; and once more where the first look was over only long after.
    pub(super) async fn look_now_and_then(&self) {
        for _ in 0..2 {
            if self.until_look() == 0 {
                self.look().await;
            }
        }
    }

    pub(super) fn take_reading(&self, read: std::result::Result<Option<String>, StorageFault>) {
        let now = self.host.now();
        let mut replica = self.replica.borrow_mut();
        let text = match read {
            Err(fault) => return replica.set_durable(false, fault_reason(fault)),
            Ok(text) => text,
        };
        replica.looked = Some(now);
        if replica.seen != text {
            let found = text.as_deref().ok_or(None).and_then(|text| {
                let api_url = self.platform.api_url();
                Record::decode::<H::Json>(text, api_url, now).map_err(Some)
            });
            replica.seen = text;
            replica.take_stored(found);
        }
        if replica.is_stored() {
            replica.set_durable(true, Reason::Restored);
        }
        if replica.retries_storing(now) {
            self.run_locked(Work::Storing);
        }
    }

    /// Looks at once, where storage answers at once; whether it does.
    pub(super) fn look_now(&self) -> bool {
        let read = self.host.read_now();
        read.map(|read| self.take_reading(read)).is_some()
    }

    /// Another tab's record, by message. Its write may not be visible here yet. Where each page has a copy, another session in
    /// this one may have stored something later: that stays.
    pub(super) fn adopt_heard(&self, text: &str) {
        let now = self.host.now();
        let Ok(found) = Record::decode::<H::Json>(text, self.platform.api_url(), now) else {
            return;
        };
        if !found.is_newer_than(&self.record()) {
            return;
        }
        if self.host.has_copy() {
            self.look_now();
        }
        if found.is_newer_than(&self.record()) {
            let mut replica = self.replica.borrow_mut();
            replica.adopt(found);
            if !replica.is_read_only {
                drop(replica);
                self.host.keep_heard(text);
            }
        }
    }

    /// Puts the next record in force at once, and stores it after: for what must not wait, the end of a session.
    pub(super) fn put_in_force(&self, next: Record) {
        let mut replica = self.replica.borrow_mut();
        replica.commit(next, Reason::Requested, Origin::Local);
    }

    pub(super) fn encode(&self, record: &Record) -> Option<String> {
        let replica = self.replica.borrow();
        // A logout leaves nothing of what a later version has stored.
        let former = replica.seen.as_deref().filter(|_| !record.is_blank());
        record.encode::<H::Json>(self.platform.api_url(), former)
    }

    pub(super) fn announce(&self, written: Option<Written>) {
        if let Some(Written { text, .. }) = written {
            self.host.announce(&text);
        }
    }

    /// Writes the record that is in force, and announces it. Needs the lock, but for a logout that does not get it.
    pub(super) async fn write_present(&self) {
        let mut present = self.record();
        let written = self.write_next(&mut present).await;
        if written.is_some() {
            self.replica.borrow_mut().record.revision = present.revision;
        }
        self.announce(written);
    }

    /// Gives a record the next number and writes it; `None` where another epoch has begun, or somebody without this lock has
    /// changed the same tokens. The number is made known first: should this tab be killed after the write, the next holder of
    /// the lock waits for what it wrote. And whoever has stood still with the lock in hand learns that others have not waited
    /// for it.
    pub(super) async fn write_next(&self, record: &mut Record) -> Option<Written> {
        let mut base = self.record();
        let mut is_second = false;
        loop {
            let now = self.host.now();
            record.revision = self.replica.borrow().revision_after(record, now);
            let known = self.host.publish(record.revision).await;
            self.catch_up(known).await;
            // Our own word, which nobody need wait for here, whatever becomes of the record.
            self.raise_floor(record.revision);
            let found = self.record();
            if !record.follows(&found) {
                return None;
            }
            if found.identity == base.identity {
                *record = record.clone().rebased(&base, &found)?;
            }
            base = found;
            // Where storage takes its time a page may have stood still while it looked: once more, under a later number.
            if known.revision < Some(record.revision) && (is_second || self.until_look() > 0) {
                break;
            }
            is_second = true;
        }
        let text = self.encode(record)?;
        if self.replica.borrow().is_read_only {
            return Some(Written { text, stored: true });
        }
        let outcome = self.host.write(&text).await;
        let mut replica = self.replica.borrow_mut();
        match outcome {
            Ok(()) => {
                replica.set_durable(true, Reason::Restored);
                // A later version's that was found while this was under way is gone.
                replica.is_read_only = false;
                replica.stored = Some(record.clone());
                replica.seen = Some(text.clone());
            }
            Err(fault) => replica.set_durable(false, fault_reason(fault)),
        }
        let stored = outcome.is_ok();
        Some(Written { text, stored })
    }
}

impl<H: Host> Locked<H> {
    /// Where hosts share the record, nobody has what is not stored.
    pub(super) fn require_store(&self) -> Result<()> {
        match self.host.is_served() && !self.replica.borrow().is_durable() {
            true => Err(SessionError::passing(
                Code::Storage,
                "the session cannot be stored",
            )),
            false => Ok(()),
        }
    }

    /// Stores the next record, then puts it in force: what nobody could read back is nobody's yet. Where somebody without
    /// this lock has stored other tokens of the same identity meanwhile, those count.
    ///
    /// # Errors
    /// `aborted` where the identity has changed since the record was made: a logout waits for nobody.
    pub(super) async fn store(&self, next: Record, reason: Reason) -> Result<()> {
        self.put(next, reason, true).await
    }

    /// The same; `settles` says whether what is pending is done with, but for another request that is late.
    pub(super) async fn put(&self, mut next: Record, reason: Reason, settles: bool) -> Result<()> {
        if settles {
            let is_other = |it: &Pending| it.late && self.settled.get() != Some(it.id);
            next.pending = next.pending.filter(is_other);
        }
        let written = self.write_next(&mut next).await;
        let present = self.record();
        if !next.follows(&present) {
            return Err(SessionError::overtaken());
        }
        if written.is_none() {
            return match next.identity == present.identity {
                true => Ok(()),
                false => Err(SessionError::overtaken()),
            };
        }
        self.require_store()?;
        let mut replica = self.replica.borrow_mut();
        replica.commit(next, reason, Origin::Local);
        drop(replica);
        self.announce(written);
        Ok(())
    }
}
