//! The lock, and the operations that run under it.

use super::flight::Flight;
use super::renewal::Need;
use super::{Adoption, Lifecycle, timed_out};
use crate::host::{Held, Host, Sending, within};
use crate::http::{Response, Unanswered};
use crate::session::{
    Code, Email, Grant, Identity, LegalEntityId, Millis, Password, Pending, Reason, Record, Result,
    SessionError,
};
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

/// When the lock is given back though a token request is not answered, in two parts: timers run out while a machine sleeps,
/// and an answer that has come meanwhile is read a moment later. Callers time out long before.
const HARD_LIMIT: [Millis; 2] = [50_000, 10_000];

/// What is done under the lock. One future for all of them: each that is boxed by itself brings code of its own.
pub(super) enum Work {
    /// The visitor's tokens are renewed, or a guest is started.
    Renewal(Need),
    /// A customer signs in, who began in this epoch.
    Login(u64, Email, Password),
    /// Tokens from somewhere else are taken over by who began in this epoch.
    Adopt(u64, Cell<Option<Box<Adoption>>>),
    /// Another company, or none; whether the platform is asked if it took place.
    Switch(Option<LegalEntityId>, bool),
    /// Something was found out about the visitor of this identity.
    Noting(Identity, String),
    /// What this tab knows is stored again.
    Storing,
}

/// What an operation comes to: what is stored at last, and whether that is what was asked for. Told and not done, so that
/// all of them wait for storage in one place.
pub(super) struct Ending {
    next: Record,
    reason: Reason,
    /// Whether what is pending is done with: it is about tokens.
    settles: bool,
    outcome: Result<()>,
}

impl Ending {
    pub(super) fn new(next: Record, reason: Reason, outcome: Result<()>) -> Self {
        Self {
            next,
            reason,
            settles: true,
            outcome,
        }
    }

    /// What says nothing of tokens.
    pub(super) fn note(next: Record, reason: Reason) -> Self {
        Self {
            settles: false,
            ..Self::good(next, reason)
        }
    }

    /// What was asked for.
    pub(super) fn good(next: Record, reason: Reason) -> Self {
        Self::new(next, reason, Ok(()))
    }
}

/// The lifecycle, for an operation under the lock: what changes tokens is a method of this. An operation that waits for the
/// platform longer than [`HARD_LIMIT`] gives the lock back, and takes it again when the answer is there.
pub(super) struct Locked<H: Host> {
    lifecycle: Rc<Lifecycle<H>>,
    guard: RefCell<Option<H::Guard>>,
    /// For how long somebody else may be in the middle of an operation all the same.
    pub(super) rivals: Cell<Millis>,
    flight: Flight,
    /// A customer's tokens that are not in the record yet: in place of the record's they are renewed for a company.
    pub(super) candidate: RefCell<Option<Box<Grant>>>,
    /// Where somebody is to sign in: who has asked may wait no more.
    _signing_in: Option<Rc<()>>,
}

impl<H: Host> Deref for Locked<H> {
    type Target = Lifecycle<H>;

    fn deref(&self) -> &Lifecycle<H> {
        &self.lifecycle
    }
}

impl<H: Host> Lifecycle<H> {
    /// Begins an operation under the lock. It runs to its end, whoever still waits for it; then the listeners are told.
    pub(super) fn run_locked(&self, work: Work) -> Flight {
        let flight = Flight::default();
        if let Some(lifecycle) = self.me.upgrade() {
            let locked = Locked {
                lifecycle,
                guard: RefCell::default(),
                rivals: Cell::new(0),
                flight: flight.clone(),
                candidate: RefCell::default(),
                _signing_in: matches!(work, Work::Login(..) | Work::Adopt(..))
                    .then(|| self.begin_sign_in()),
            };
            self.host.spawn(Box::pin(locked.run(work)));
        }
        flight
    }
}

impl<H: Host> Locked<H> {
    async fn run(self, work: Work) {
        let outcome = match self.acquire(self.patience).await {
            Err(error) => Err(error),
            // What was not sent yet is not sent any more.
            Ok(()) if self.closed.get() => {
                Err(SessionError::new(Code::Closed, "the session was closed"))
            }
            Ok(()) => self.perform(work).await,
        };
        self.release();
        self.flight.complete(outcome);
        self.deliver();
    }

    async fn perform(&self, work: Work) -> Result<()> {
        let ending = match &work {
            Work::Renewal(need) if self.is_met(*need) => return Ok(()),
            Work::Renewal(need) => match self.require_customer() {
                Ok(()) => self.renew_customer(*need).await,
                Err(_) => self.renew_guest(*need).await,
            },
            Work::Login(began, email, password) => self.log_in(*began, email, password).await,
            Work::Adopt(began, adoption) => self.adopt(*began, adoption).await,
            Work::Switch(chosen, verify) => self.switch(chosen.as_ref(), *verify).await,
            Work::Noting(of, note) => self.noted(of, note),
            Work::Storing => {
                if self.replica.borrow().needs_storing() {
                    self.write_present().await;
                }
                Ok(None)
            }
        };
        let outcome = match ending {
            Ok(ending) => self.end(ending).await,
            Err(error) => Err(error),
        };
        if let Work::Renewal(_) = work {
            self.learn_from(&outcome);
        }
        outcome
    }

    /// Stores what an operation comes to, and gives its outcome.
    pub(super) async fn end(&self, ending: Option<Ending>) -> Result<()> {
        let Some(ending) = ending else {
            return Ok(());
        };
        self.put(ending.next, ending.reason, ending.settles).await?;
        ending.outcome
    }

    /// The lock, and a look at the record under it.
    async fn acquire(&self, patience: Millis) -> Result<()> {
        let Some(Held {
            guard,
            fence,
            rivals,
        }) = self.host.lock(patience).await
        else {
            return Err(timed_out("another tab is still at work on the session"));
        };
        self.guard.replace(Some(guard));
        self.rivals.set(rivals);
        self.catch_up(fence).await;
        Ok(())
    }

    fn release(&self) {
        let guard = self.guard.take();
        drop(guard);
    }

    /// The answer to a request, however late it comes. `pending` is how it was noted, where it consumes a token.
    pub(super) async fn answer(
        &self,
        mut sending: Sending,
        pending: Option<Pending>,
    ) -> std::result::Result<Response, Unanswered> {
        for limit in HARD_LIMIT {
            if let Some(answer) = within(&self.host, limit, &mut sending).await {
                return answer;
            }
        }
        self.flight.complete(Err(SessionError::late()));
        let consumes = pending.and_then(|it| it.consumes);
        let wait = || {
            let since = self.host.now().wall;
            self.late
                .set(consumes.map(|it| (it, since)).or(self.late.get()));
        };
        if pending.is_some() && self.record().pending == pending {
            let late = pending.map(|it| Pending { late: true, ..it });
            self.write_pending(late).await;
        } else {
            wait();
        }
        self.release();
        self.deliver();
        let answer = sending.await;
        wait();
        // Whoever has the lock gives it back some time.
        while self.acquire(self.patience).await.is_err() {}
        let others = self.late.get().filter(|(it, _)| Some(*it) != consumes);
        self.late.set(others);
        answer
    }
}
