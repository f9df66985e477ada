//! What happens when: start, renew, log in, switch, log out, authorize a call.
//!
//! Generic over [`Host`], so that the code which runs in a browser is the code which the native tests search for
//! faults. Every operation that changes tokens takes the shared lock and keeps one order: look at the record, note
//! what is about to be sent, send, look again, store, announce, release, tell the callers, tell the listeners.
//!
//! * `replica`, `store`, `fence`: the record as this tab knows it, the shared one, and in which order they change
//! * `locked`, `exchange`, `flight`: an operation under the lock, one request for tokens in it, those who wait for it
//! * `renewal`: a token that is good, for one caller or a thousand
//! * `guest`, `customer`: the token requests of either
//! * `change`, `login`, `reauthenticate`, `adopt`, `company`, `logout`: changes of identity, and who asks for them
//! * `call`: API calls, and what a 401 means
//! * `inquiry`: what the platform is asked with the visitor's token
//! * `checkout`: what a checkout is made with
//! * `note`: what was found out beside the tokens, for all tabs

mod adopt;
mod call;
mod change;
mod checkout;
mod company;
mod customer;
mod exchange;
mod fault;
mod fence;
mod flight;
mod guest;
mod inquiry;
mod locked;
mod login;
mod logout;
mod note;
mod reauthenticate;
mod renewal;
mod replica;
mod store;

pub use adopt::Adoption;
pub use call::Endpoint;
pub use change::Change;
pub use checkout::Purpose;
pub use inquiry::Inquiry;

use crate::emporix::Platform;
use crate::host::{Host, Task};
use crate::session::secret::Fingerprint;
use crate::session::{Code, Event, Millis, Operation, Record, Result, SessionError, Snapshot};
use flight::Flight;
use locked::{Ending, Locked, Work};
use renewal::Cooldown;
use replica::Replica;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::Poll;

/// The session of one storefront in one page.
pub struct Lifecycle<H: Host> {
    me: Weak<Self>,
    host: H,
    platform: Platform,
    patience: Millis,
    listener: Box<dyn Fn(&Event)>,
    replica: RefCell<Replica>,
    renewal: RefCell<Option<Flight>>,
    /// The token that was sent for an answer which is late and is not noted in the record, or is here and waits for the lock; and
    /// since when.
    late: Cell<Option<(Fingerprint, Millis)>>,
    /// The last pending operation of this page whose request has come to an end.
    settled: Cell<Option<u32>>,
    cooldown: RefCell<Cooldown>,
    refusing: RefCell<Vec<call::Refusing>>,
    /// When the saas token was received of whose end the listeners know.
    told_saas_end: Cell<Millis>,
    /// Held by whoever is asked to sign in.
    signing_in: Rc<()>,
    closed: Cell<bool>,
}

impl<H: Host> Lifecycle<H> {
    /// Takes over what is stored, and listens from then on. Makes no request. `patience` is the time after which callers are
    /// told `timeout`. `known` is what this page has read of the record before, and the last that it has heard since: what has
    /// changed after the first of them is told as an event.
    pub async fn begin(
        host: H,
        platform: Platform,
        patience: Millis,
        known: [Option<String>; 2],
        listener: impl Fn(&Event) + 'static,
    ) -> Rc<Self> {
        let this = Self::new(host, platform, patience, listener);
        let hearing = Rc::downgrade(&this);
        this.host.listen(Box::new(move |record| {
            if let Some(this) = hearing.upgrade() {
                match record {
                    Some(record) => this.hear(record),
                    None => this.wake(),
                }
            }
        }));
        let [read, heard] = known;
        if read.is_some() {
            this.take_reading(Ok(read));
            this.replica.borrow_mut().begun = true;
        }
        this.look().await;
        if let Some(heard) = heard {
            this.adopt_heard(&heard);
        }
        // What has ended before the page began is no news.
        this.replica.borrow_mut().begun = false;
        this.watch_saas();
        this.replica.borrow_mut().begun = true;
        this.deliver();
        this
    }

    fn new(
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
            replica: RefCell::default(),
            renewal: RefCell::default(),
            late: Cell::default(),
            settled: Cell::default(),
            cooldown: RefCell::default(),
            refusing: RefCell::default(),
            told_saas_end: Cell::default(),
            signing_in: Rc::default(),
            closed: Cell::new(false),
        })
    }

    /// The place it runs in.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// Who the visitor is.
    pub fn snapshot(&self) -> Snapshot {
        self.replica.borrow().snapshot()
    }

    /// The saas token, as long as it is good.
    pub fn saas_token(&self) -> Option<String> {
        let replica = self.replica.borrow();
        let token = replica.record.saas_token(self.host.now())?;
        Some(token.expose().to_owned())
    }

    /// Another tab has announced this record.
    fn hear(&self, record: &str) {
        if !self.closed.get() {
            self.adopt_heard(record);
            self.deliver();
        }
    }

    /// Time may have passed unseen: whoever asks looks at the record first.
    fn wake(&self) {
        self.replica.borrow_mut().looked = None;
        if !self.closed.get() {
            self.run_detached(async move |this: Rc<Self>| {
                this.look().await;
                if this.is_renewal_due() {
                    this.renew_detached();
                }
            });
        }
    }

    /// Lets go. A token request under way goes on, and its answer is stored.
    pub fn close(&self) {
        self.closed.set(true);
        self.host.deafen();
    }

    fn record(&self) -> Record {
        self.replica.borrow().record.clone()
    }

    fn require_customer(&self) -> Result<()> {
        match self.replica.borrow().record.customer {
            Some(_) => Ok(()),
            None => Err(SessionError::login_required()),
        }
    }

    /// Runs a task while nobody waits for it; then tells the listeners.
    fn run_detached<W>(&self, work: impl FnOnce(Rc<Self>) -> W)
    where
        W: Future<Output = ()> + 'static,
    {
        if let Some(this) = self.me.upgrade() {
            let work = Box::pin(work(Rc::clone(&this)));
            self.host.spawn(Box::pin(this.then_deliver(work)));
        }
    }

    async fn then_deliver(self: Rc<Self>, work: Task) {
        work.await;
        self.deliver();
    }

    async fn wait_for(&self, flight: Flight) -> Result<()> {
        let mut alarm = pin!(self.host.sleep(self.patience));
        poll_fn(|context| match flight.poll(context) {
            Poll::Pending => alarm
                .as_mut()
                .poll(context)
                .map(|()| Err(SessionError::late())),
            complete => complete,
        })
        .await
    }

    /// After a change, with no lock held: plan the next wake-up, then tell the listeners.
    fn deliver(&self) {
        self.plan_wake(self.watch_saas());
        let events = std::mem::take(&mut self.replica.borrow_mut().outbox);
        for event in &events {
            (self.listener)(event);
        }
    }
}

fn timed_out(message: &'static str) -> SessionError {
    SessionError::passing(Code::Timeout, message)
}
