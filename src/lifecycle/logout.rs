//! Signing out: this tab, storage and the platform at once, for the page may be gone a moment later; then the lock.

use super::{Flight, Lifecycle};
use crate::emporix::customer;
use crate::host::{Host, Sending, within};
use crate::session::{
    AccessToken, Event, Kind, LEAP, Millis, Origin, Reason, Record, Remote, Result, SessionId,
};
use std::future::Future;
use std::rc::Rc;

/// How long a logout waits for the platform's word. The session is gone from here by then.
const REVOKE_TIMEOUT: Millis = 5_000;

impl<H: Host> Lifecycle<H> {
    /// Ends the session, the guest's too: on a shared computer nothing is left for the next visitor. What this tab knows,
    /// what is stored and the other tabs are told before this returns, and the platform's request is sent; the future
    /// resolves when the tombstone is stored under the lock, whatever the platform says, and offline.
    pub fn logout(&self) -> impl Future<Output = Result<()>> + use<H> {
        let this = self.me.upgrade();
        let flight = match &this {
            Some(this) => this.begin_logout(),
            None => Flight::default(),
        };
        async move {
            if let Some(this) = this {
                // Whoever waited in vain has waited long enough; the rest goes on without him.
                let _late = this.wait_for(flight).await;
            }
            Ok(())
        }
    }

    fn begin_logout(&self) -> Flight {
        let has_looked = self.look_now();
        let is_signing_in = Rc::strong_count(&self.signing_in) > 1;
        let flight = Flight::default();
        self.end_session(flight.clone(), has_looked, is_signing_in);
        flight
    }

    /// `has_looked`: whether storage was asked just now. `is_signing_in`: whether anybody was asked to sign in before the logout;
    /// who was asked after it is not meant.
    fn end_session(&self, flight: Flight, has_looked: bool, is_signing_in: bool) {
        let record = self.record();
        let is_read_only = self.replica.borrow().is_read_only;
        let ends_nobody = record.is_blank() && !is_read_only && !is_signing_in;
        // Who says it twice waits for the first to be stored as well.
        let is_done = ends_nobody && self.replica.borrow().is_at_rest();
        if is_done && has_looked {
            flight.complete(Ok(()));
            return self.deliver();
        }
        let customer = record.customer.as_ref();
        let revoking = customer.map(|customer| self.revoke(&customer.pair.access.token));
        if !ends_nobody {
            self.put_in_force(record.clone().ended(self.host.random()));
            self.write_tombstone_now(has_looked);
        }
        let tombstone = self.record();
        let ended = record.session_id.clone();
        self.deliver();
        self.run_detached(async move |this: Rc<Self>| {
            if !has_looked {
                // Whoever stood still meanwhile looks again: others may have heard of it, and gone on.
                this.replica.borrow_mut().looked = None;
                this.look_now_and_then().await;
                if is_done {
                    // Somebody may have come unheard, or was brought back by a late write.
                    return this.end_session(flight, true, false);
                }
                if this.ends_what_goes_on(&tombstone, ended.as_ref(), false) {
                    this.write_tombstone_now(true);
                }
            }
            this.write_tombstone(&tombstone, ended.as_ref()).await;
            this.deliver();
            if let Some(revoking) = revoking {
                this.note_revocation(revoking).await;
            }
            flight.complete(Ok(()));
        });
    }

    /// Announces the tombstone and writes it before anybody can be asked for the lock: whoever holds it looks at storage before
    /// it stores anything, and finds a later epoch. It is not written where storage was not looked at: other tabs may be in
    /// later epochs still, and would come back from there.
    fn write_tombstone_now(&self, has_looked: bool) {
        let mut replica = self.replica.borrow_mut();
        if has_looked {
            replica.is_read_only = false;
            replica.record.revision = replica.revision().saturating_add(LEAP);
        }
        let tombstone = replica.record.clone();
        drop(replica);
        if let Some(text) = self.encode(&tombstone) {
            if has_looked {
                self.host.write_now(&text);
            }
            self.host.announce(&text);
        }
    }

    /// Writes the tombstone under the lock, and without it when it is not to be had.
    async fn write_tombstone(&self, tombstone: &Record, ended: Option<&SessionId>) {
        let lock = self.host.lock(self.patience).await;
        let fence = lock.as_ref().map(|lock| lock.fence).unwrap_or_default();
        self.catch_up(fence).await;
        if self.ends_what_goes_on(tombstone, ended, lock.is_some()) {
            self.deliver();
            self.replica.borrow_mut().is_read_only = false;
            // Another tab's tombstone too: a late writer may have covered it.
            self.write_present().await;
        }
        drop(lock);
    }

    /// Ends what other tabs have made of the session meanwhile, even in later epochs. Not who came after it, and has another:
    /// then there is nothing to be written.
    fn ends_what_goes_on(
        &self,
        tombstone: &Record,
        ended: Option<&SessionId>,
        is_locked: bool,
    ) -> bool {
        let found = self.record();
        let is_ours = found.identity == tombstone.identity;
        if found.is_blank() {
            // Another tab has ended it, and somebody may have come after that; or whoever has the lock is storing a guest, whom
            // what is written once more would cover.
            return is_locked || is_ours && self.replica.borrow().is_another_stored();
        }
        let goes_on = ended.is_some() && found.session_id.as_ref() == ended;
        if is_ours || (found.epoch >= tombstone.epoch && !goes_on) {
            return false;
        }
        self.put_in_force(found.ended(self.host.random()));
        self.write_tombstone_now(true);
        true
    }

    fn revoke(&self, token: &AccessToken) -> Sending {
        self.host.send(customer::logout(&self.platform, token))
    }

    async fn note_revocation(&self, mut revoking: Sending) {
        let answer = within(&self.host, REVOKE_TIMEOUT, &mut revoking).await;
        let remote = match answer {
            Some(Ok(answer)) if answer.is_ok() => Remote::Done,
            _ => Remote::Unknown,
        };
        let mut replica = self.replica.borrow_mut();
        let snapshot = replica.snapshot();
        replica.outbox.push(Event {
            kind: Kind::Revocation,
            reason: Reason::Requested,
            origin: Origin::Local,
            previous: snapshot.clone(),
            snapshot,
            remote: Some(remote),
        });
    }

    /// Ends a token that was granted to an identity which is gone, while nobody waits.
    pub(super) fn revoke_detached(&self, token: &AccessToken) {
        let revoking = self.revoke(token);
        self.host.spawn(Box::pin(async move {
            let _unheard = revoking.await;
        }));
    }
}
