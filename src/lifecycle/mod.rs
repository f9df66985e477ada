//! What happens when: start, renew, log in, switch, log out, authorize a call.
//!
//! Generic over [`Host`], so that the code which runs in a browser is the code which the native tests search for
//! faults. Every operation that changes tokens takes the shared lock and keeps one order: look at the record, note
//! what is about to be sent, send, look again, store, announce, release, tell the callers, tell the listeners.
//!
//! * `memory`: the record as this tab knows it, in step with storage and the other tabs
//! * `renewal`: a token that is good, for one caller or a thousand
//! * `guest`, `customer`: the token requests of either
//! * `login`, `company`, `logout`: changes of identity
//! * `call`: API calls, and what a 401 means
//! * `inquiry`: what the platform knows of the customer

mod call;
mod company;
mod customer;
mod flight;
mod guest;
mod inquiry;
mod login;
mod logout;
mod memory;
mod renewal;

pub use call::Endpoint;

use crate::emporix::Platform;
use crate::host::{Host, Task};
use crate::session::{Code, Event, Millis, Operation, Record, Result, SessionError, Snapshot};
use flight::Flight;
use memory::Memory;
use renewal::Cooldown;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::task::Poll;

/// When a token request is given up. Callers time out long before; the request itself is never cut short by them,
/// because its answer may be the only copy of the next token.
const HARD_LIMIT: Millis = 60_000;

/// What is done under the lock.
type Work = Pin<Box<dyn Future<Output = Result<()>>>>;

/// The session of one storefront in one page.
pub struct Lifecycle<H: Host> {
    me: Weak<Self>,
    host: H,
    platform: Platform,
    patience: Millis,
    listener: Box<dyn Fn(&Event)>,
    memory: RefCell<Memory>,
    renewal: RefCell<Option<Flight>>,
    cooldown: RefCell<Cooldown>,
    scopes: RefCell<Option<inquiry::Scopes>>,
    resisting: RefCell<Vec<call::Resisting>>,
    closed: Cell<bool>,
}

impl<H: Host> Lifecycle<H> {
    /// One that knows nothing yet. `patience` is the time after which callers are told `timeout`.
    pub fn new(
        host: H,
        platform: Platform,
        patience: Millis,
        listener: impl Fn(&Event) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            host,
            platform,
            patience,
            listener: Box::new(listener),
            memory: RefCell::default(),
            renewal: RefCell::default(),
            cooldown: RefCell::default(),
            scopes: RefCell::default(),
            resisting: RefCell::default(),
            closed: Cell::new(false),
        })
    }

    /// Takes over what is stored. Makes no request.
    pub async fn restore(&self) {
        self.look().await;
        self.memory.borrow_mut().begun = true;
        self.settle();
    }

    /// The place it runs in.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// Who the visitor is.
    pub fn snapshot(&self) -> Snapshot {
        self.memory.borrow().snapshot()
    }

    /// The saas token, as long as it is good.
    pub fn saas_token(&self) -> Option<String> {
        let memory = self.memory.borrow();
        let token = memory.record.saas_token(self.host.now())?;
        Some(token.expose().to_owned())
    }

    /// Another tab has announced this record.
    pub fn hear(&self, record: &str) {
        if !self.closed.get() {
            self.adopt_heard(record);
            self.settle();
        }
    }

    /// Time may have passed unseen: the page was shown again, a timer fired, the network is back.
    pub fn wake(&self) {
        if !self.closed.get() {
            self.behind(async move |this: Rc<Self>| {
                this.look().await;
                if this.is_renewal_due() {
                    this.renew_behind();
                }
            });
        }
    }

    /// Lets go. A token request under way goes on, and its answer is stored.
    pub fn close(&self) {
        self.closed.set(true);
        self.host.wake_after(None);
    }

    fn record(&self) -> Record {
        self.memory.borrow().record.clone()
    }

    fn require_customer(&self) -> Result<()> {
        match self.memory.borrow().record.customer {
            Some(_) => Ok(()),
            None => Err(SessionError::login_required()),
        }
    }

    /// The lock, and a look at the record under it.
    async fn lock(&self) -> Result<H::Guard> {
        let Some((guard, published)) = self.host.lock(self.patience).await else {
            return Err(timed_out("another tab is still at work on the session"));
        };
        if self.closed.get() {
            // What was not sent yet is not sent any more.
            return Err(SessionError::new(Code::Closed, "the session was closed"));
        }
        self.catch_up(published).await;
        Ok(guard)
    }

    /// Begins an operation under the lock. It runs to its end, whoever still waits for it; then the listeners are told.
    fn depart<W>(&self, work: impl FnOnce(Rc<Self>) -> W) -> Flight
    where
        W: Future<Output = Result<()>> + 'static,
    {
        let flight = Flight::default();
        if let Some(this) = self.me.upgrade() {
            let work = Box::pin(work(Rc::clone(&this)));
            let task = this.under_lock(work, flight.clone());
            self.host.spawn(Box::pin(task));
        }
        flight
    }

    async fn under_lock(self: Rc<Self>, work: Work, flight: Flight) {
        let outcome = match self.lock().await {
            Ok(_guard) => work.await,
            Err(error) => Err(error),
        };
        flight.land(outcome);
        self.settle();
    }

    /// Runs a task while nobody waits for it; then tells the listeners.
    fn behind<W>(&self, work: impl FnOnce(Rc<Self>) -> W)
    where
        W: Future<Output = ()> + 'static,
    {
        if let Some(this) = self.me.upgrade() {
            let work = Box::pin(work(Rc::clone(&this)));
            self.host.spawn(Box::pin(this.settled_after(work)));
        }
    }

    async fn settled_after(self: Rc<Self>, work: Task) {
        work.await;
        self.settle();
    }

    async fn wait_for(&self, flight: Flight) -> Result<()> {
        let mut alarm = pin!(self.host.sleep(self.patience));
        poll_fn(|context| match flight.poll(context) {
            Poll::Pending => alarm
                .as_mut()
                .poll(context)
                .map(|()| Err(SessionError::late())),
            landed => landed,
        })
        .await
    }

    /// After a change, with no lock held: plan the next wake-up, then tell the listeners.
    fn settle(&self) {
        self.plan_wake();
        let events = std::mem::take(&mut self.memory.borrow_mut().outbox);
        for event in &events {
            (self.listener)(event);
        }
    }
}

fn timed_out(message: &'static str) -> SessionError {
    SessionError::passing(Code::Timeout, message)
}
