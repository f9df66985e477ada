//! One request for tokens, and what the platform said to it.

use super::{Locked, Operation};
use crate::emporix::{NotGranted, Refusal, garbled, grant, judge};
use crate::host::Host;
use crate::http::Request;
use crate::session::secret::Fingerprint;
use crate::session::{Code, Grant, Millis, Pair, Pending, Record, Result, SessionError};

/// For how long an answer that is late is reckoned with: until then, a refusal of the same token may be because of it.
/// Chromium and Firefox give a request up that is not answered for five minutes.
const LATE_ANSWER: Millis = 300_000;

/// How often a tab looks what became of a rival's operation.
const RIVAL_LOOK: Millis = 200;

/// For how much longer than it is waited for a rival's operation may come to its end.
const RIVAL_ANSWER: Millis = 60_000;

/// For how long a rival may be at work who has taken the lock from this page.
const TAKER: Millis = 60_000;

/// What the platform said to a request for tokens.
pub(super) enum Exchanged {
    /// New tokens. Not yet stored.
    Granted(Box<Grant>),
    /// None.
    Refused(Refusal),
    /// Newer tokens have been stored in the place of those that were sent.
    Superseded,
}

impl<H: Host> Locked<H> {
    /// Sends a request that changes tokens: notes it as pending, sends it, looks what became of the record meanwhile.
    ///
    /// # Errors
    /// Whatever says nothing of the tokens; and `aborted` where the identity or the company changed meanwhile, when what was
    /// granted is nobody's.
    pub(super) async fn exchange(
        &self,
        operation: Operation,
        request: Request,
        sent: fn(&Record) -> Option<&Pair>,
    ) -> Result<Exchanged> {
        let before = self.record();
        // Where a refresh token is never rotated, the access token tells that a later request was answered.
        let tokens = |record: &Record| {
            let pair = sent(record)?;
            Some((pair.refresh_fingerprint(), pair.access.token.fingerprint()))
        };
        let asked_with = tokens(&before);
        let consumes = asked_with.and_then(|(refresh, _)| refresh);
        let is_overtaken = || self.replica.borrow().record.identity != before.identity;
        let is_superseded = || tokens(&self.replica.borrow().record) != asked_with;
        let mut is_second = false;
        let (pending, rival) = loop {
            let rival = self.wait_for_rival(consumes).await;
            let pending = Pending {
                id: self.host.random(),
                operation,
                epoch: before.epoch,
                consumes,
                started: self.host.now().wall,
                // What is still on its way stays so, whatever becomes of this.
                late: rival.is_some_and(|it| it.late),
            };
            // That the answer about another token is late stays noted.
            let noted = self.record().pending;
            let noted = noted.filter(|it| it.consumes != consumes && self.is_awaited(it));
            let is_noted = self.write_pending(noted.or(Some(pending))).await;
            // Where storage takes its time, the page may have stood still meanwhile.
            if self.until_look() == 0 {
                self.look().await;
            }
            if is_overtaken() {
                return Err(SessionError::overtaken());
            }
            if is_superseded() {
                return Ok(Exchanged::Superseded);
            }
            self.require_store()?;
            // A note that is old, because the page stood still, is waited for by nobody who has taken the lock from it.
            let age = self.host.now().wall.wrapping_sub(pending.started);
            if is_second || is_noted && age < TAKER {
                break (pending, rival);
            }
            // Or somebody has begun the same. Where there are locks, he has taken this one.
            is_second = true;
            if self.rivals.get() == 0 {
                self.rivals.set(TAKER);
            }
        };
        // The tokens are no younger than the question: a page that stands still may read the answer much later.
        let asked = self.host.now();
        let noted = consumes.map(|_| pending);
        let answer = self.answer(self.host.send(request), noted).await;
        self.settled.set(Some(pending.id));
        self.look().await;
        let was_answered = answer.is_ok();
        let granted = judge::<H::Json>(answer).and_then(|answer| {
            let grant = grant::<H::Json>(&answer.body, asked).map(Box::new);
            grant.ok_or_else(|| NotGranted::Fault(garbled(&answer)))
        });
        // Since then another request may have been noted.
        let noted = self.replica.borrow().record.pending;
        let is_noted = noted.is_some_and(|it| it.id == pending.id);
        let is_awaited =
            noted.is_some_and(|it| it.consumes == consumes && self.is_awaited(&it) && !is_noted);
        // An answer that was late is not to be waited for any more.
        let is_over = was_answered || noted.is_some_and(|it| it.late);
        if is_over && granted.is_err() && is_noted && !is_overtaken() {
            self.write_pending(rival).await;
        }
        // A guest's pair may go on behind a customer: what renews it is of use still.
        let guest = self.record();
        let guest = guest.guest_pair().and_then(Pair::refresh_fingerprint);
        let is_guests = consumes.is_some() && guest == consumes;
        if is_overtaken() && !(is_guests && granted.is_ok()) {
            if let (Ok(grant), Operation::Login) = (&granted, operation) {
                self.revoke_detached(&grant.access.token);
            }
            return Err(SessionError::overtaken());
        }
        match granted {
            _ if is_superseded() => Ok(Exchanged::Superseded),
            Ok(grant) => Ok(Exchanged::Granted(grant)),
            Err(NotGranted::Refused(refusal))
                if refusal.is_definite()
                    && consumes.is_some()
                    && (rival.is_some() || is_awaited || self.is_late(consumes)) =>
            {
                // It may have been spent for an answer that is still on its way.
                let error =
                    SessionError::passing(Code::Timeout, "a former request is not answered yet");
                Err(error.with_status(refusal.status))
            }
            Err(NotGranted::Refused(refusal)) => Ok(Exchanged::Refused(refusal)),
            Err(NotGranted::Fault(error)) => Err(error),
        }
    }

    /// Whether its page still waits for the answer, and may get one.
    fn is_awaited(&self, pending: &Pending) -> bool {
        pending.late && self.is_reckoned_with(pending.started)
    }

    /// Whether an answer may come still that is waited for since then. Not where the clock stands before that.
    fn is_reckoned_with(&self, since: Millis) -> bool {
        let age = self.host.now().wall.checked_sub(since);
        age.is_some_and(|age| age < LATE_ANSWER)
    }

    /// Whether this page waits for an answer that this token was sent for.
    fn is_late(&self, consumes: Option<Fingerprint>) -> bool {
        let late = self.late.get();
        late.is_some_and(|(it, since)| Some(it) == consumes && self.is_reckoned_with(since))
    }

    /// Where somebody else may be in the middle of an operation with this token: waits for its outcome, as long as one can be
    /// expected. Gives the operation where it may still come to one.
    async fn wait_for_rival(&self, consumes: Option<Fingerprint>) -> Option<Pending> {
        let began = self.host.now().mono;
        loop {
            let now = self.host.now();
            let pending = self.replica.borrow().record.pending?;
            // Of unknown age where the clock stands before its beginning.
            let age = now.wall.checked_sub(pending.started);
            let is_late = self.is_awaited(&pending);
            // What this page has sent is either answered or known to be late.
            let is_settled = self.settled.get() == Some(pending.id) && !is_late;
            if consumes.is_none() || pending.consumes != consumes || is_settled {
                return None;
            }
            let rivals = self.rivals.get();
            let waited = now.mono.abs_diff(began);
            if waited.max(age.unwrap_or(0)) >= rivals {
                let is_rival = rivals > 0 && age.is_some_and(|age| age < rivals + RIVAL_ANSWER);
                return Some(pending).filter(|_| is_late || is_rival);
            }
            self.host.sleep(RIVAL_LOOK).await;
            self.look().await;
        }
    }

    /// Notes what is under way, or that the platform gave an answer that changed nothing. Unseen by pages and other tabs, so
    /// neither committed nor announced, except after what could not be stored, or was cleared, of which those alone have heard
    /// who were there; the revision alone is ours to keep. A number that storage has not taken is free for what another tab
    /// stores. Whether it could be noted: somebody without this lock may have begun the same.
    pub(super) async fn write_pending(&self, pending: Option<Pending>) -> bool {
        let mut noted = self.record();
        noted.pending = pending;
        let was_lacking = self.replica.borrow().needs_storing();
        let written = self.write_next(&mut noted).await;
        let is_noted = written.is_some();
        let is_stored = written.as_ref().is_some_and(|written| written.stored);
        if was_lacking && is_stored {
            self.announce(written);
        }
        let mut replica = self.replica.borrow_mut();
        if is_stored {
            replica.record.revision = replica.record.revision.max(noted.revision);
        }
        // Hosts send nothing whose note is not stored.
        if is_stored || is_noted && !self.host.is_served() {
            replica.record.pending = noted.pending;
        }
        is_noted
    }
}
