//! Signing out: this tab at once, the record next, the platform last.

use super::{Flight, Lifecycle};
use crate::emporix::customer;
use crate::host::Host;
use crate::session::{
    AccessToken, Event, Kind, Millis, Origin, Reason, Record, Remote, Result, SessionId,
};
use std::rc::Rc;

/// How long a logout waits for the platform's word. The session is gone from here by then.
const PARTING: Millis = 5_000;

/// More than any holder of the lock counts in one turn.
const LEAP: u64 = 1_000;

impl<H: Host> Lifecycle<H> {
    /// Ends the session, the guest's too: on a shared computer nothing is left for the next visitor. Resolves whatever
    /// the platform says, and offline.
    pub async fn logout(&self) -> Result<()> {
        self.look_now_and_then().await;
        let record = self.record();
        // Who says it twice waits for the first to be stored as well.
        if record.is_blank() && self.memory.borrow().is_at_rest() {
            self.settle();
            return Ok(());
        }
        let token = record
            .customer
            .as_ref()
            .map(|customer| customer.pair.access.token.clone());
        if !record.is_blank() {
            self.put_in_force(record.clone().ended(self.host.random()));
        }
        let tombstone = self.record();
        let ended = record.session_id.clone();
        self.settle();
        let flight = Flight::default();
        let landing = flight.clone();
        self.behind(async move |this: Rc<Self>| {
            this.bury(&tombstone, ended.as_ref()).await;
            this.settle();
            if let Some(token) = token {
                this.revoke(&token).await;
            }
            landing.land(Ok(()));
        });
        // Whoever waited in vain has waited long enough; the rest goes on without him.
        let _late = self.wait_for(flight).await;
        Ok(())
    }

    /// Writes the tombstone. Without the lock too, when it is not to be had: no secret stays for want of a turn, and
    /// whoever holds the lock finds a later epoch before storing anything.
    async fn bury(&self, tombstone: &Record, ended: Option<&SessionId>) {
        let lock = self.host.lock(self.patience).await;
        let published = lock.as_ref().and_then(|(_, published)| *published);
        self.catch_up(published).await;
        let found = self.record();
        // Other tabs may have gone on with the session meanwhile, even into later epochs; who came after it has another.
        let goes_on = ended.is_some() && found.session_id.as_ref() == ended;
        let is_ours = found.identity == tombstone.identity;
        if !found.is_blank() {
            let came_after = is_ours || (found.epoch >= tombstone.epoch && !goes_on);
            if came_after {
                return;
            }
            self.put_in_force(found.ended(self.host.random()));
        } else if !is_ours && lock.is_none() {
            // Another tab has ended it, and somebody may have come after that.
            return;
        }
        let mut leap = 0;
        if lock.is_none() {
            // Whoever holds the lock goes on counting, and must not come to the tombstone's number.
            leap = LEAP;
            self.settle();
        }
        // Another tab's tombstone too: a late writer may have covered it.
        self.write_present(leap).await;
        drop(lock);
    }

    async fn revoke(&self, token: &AccessToken) {
        let request = customer::logout(&self.platform, token);
        let answer = self.host.send(request, PARTING).await;
        let remote = match answer {
            Ok(answer) if answer.is_ok() => Remote::Done,
            _ => Remote::Unknown,
        };
        let mut memory = self.memory.borrow_mut();
        let snapshot = memory.snapshot();
        memory.outbox.push(Event {
            kind: Kind::Revocation,
            reason: Reason::Requested,
            origin: Origin::Local,
            previous: snapshot.clone(),
            snapshot,
            remote: Some(remote),
        });
    }

    /// Ends a token that was granted to an identity which is gone, while nobody waits.
    pub(super) fn revoke_behind(&self, token: &AccessToken) {
        let request = customer::logout(&self.platform, token);
        self.behind(async move |this: Rc<Self>| {
            let _unheard = this.host.send(request, PARTING).await;
        });
    }
}
