//! What the lifecycle needs of the place it runs in. A browser is one such place, the simulator another.

use crate::http::{Request, Response, Unanswered};
use crate::json::Json;
use crate::session::{Millis, Moment};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Work that goes on by itself. Boxed: each kind of future that is spawned unboxed brings an executor of its own.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The answer to a request that was sent already.
pub type Sending = Pin<Box<dyn Future<Output = Result<Response, Unanswered>>>>;

/// Called with the record that another tab announces, and with nothing when time may have passed unseen: the page was shown
/// again, a timer fired, the network is back.
pub type Hear = Box<dyn Fn(Option<&str>)>;

/// Why storage did not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// It is not there, or the page may not use it.
    Unavailable,
    /// It has no room.
    Full,
}

/// The latest revision that tabs made known to each other, in an order that all of them keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// The revision; `None` where none was made known, or this place has no such order.
    pub revision: Option<u64>,
    /// What was kept there was no revision, and was thrown away.
    pub was_spoiled: bool,
}

/// The lock, as it is held.
pub struct Held<G> {
    /// Gives the lock back when it is dropped.
    pub guard: G,
    /// The latest revision. Storage need not show that record yet: it is not ordered with the lock, and the next holder may
    /// read what was there before.
    pub fence: Fence,
    /// For how long somebody else may be in the middle of an operation all the same, since its beginning: this place has no
    /// lock that all who share the record wait for, or the lock was taken from a holder that stood still. Zero where
    /// nobody can be.
    pub rivals: Millis,
}

/// The place the lifecycle runs in. One page, one storefront; the record it reads and writes is this storefront's.
#[allow(async_fn_in_trait)] // One thread: nobody asks whether these futures are Send.
pub trait Host: Sized + 'static {
    /// How JSON is read and written here.
    type Json: Json;

    /// Holds the lock until it is dropped.
    type Guard;

    /// Sends a request, at once. It is never given up: the answer may be the only copy of the next token.
    fn send(&self, request: Request) -> Sending;

    /// Reads the record's text.
    async fn read(&self) -> Result<Option<String>, StorageFault>;

    /// Reads the record's text, at once; `None` where storage takes its time.
    fn read_now(&self) -> Option<Result<Option<String>, StorageFault>>;

    /// Writes the record's text. It has served when the text can be read back.
    async fn write(&self, text: &str) -> Result<(), StorageFault>;

    /// Writes the record's text, at once, as far as storage can: for a page that may be gone a moment later.
    fn write_now(&self, text: &str);

    /// Whether each tab has storage of its own, which begins as a copy.
    fn has_copy(&self) -> bool;

    /// This record of another tab is known here now. Where each tab has storage of its own, it is written there as well.
    fn keep_heard(&self, text: &str);

    /// Takes the lock that belongs to the record's key; `None` when it was not to be had within that time.
    async fn lock(&self, patience: Millis) -> Option<Held<Self::Guard>>;

    /// Makes known that this revision is about to be written; gives the latest that was known before. A lower revision than
    /// is known changes nothing.
    async fn publish(&self, revision: u64) -> Fence;

    /// Tells the other tabs of a new record. It may be lost, and it may overtake the write.
    fn announce(&self, record: &str);

    /// Listens, until [`deafen`](Self::deafen).
    fn listen(&self, hear: Hear);

    /// Listens no more, and wakes nobody.
    fn deafen(&self);

    /// Tells the time.
    fn now(&self) -> Moment;

    /// Waits. A page that is hidden may wait a minute longer.
    async fn sleep(&self, time: Millis);

    /// Waits a few milliseconds, in a hidden page too: for what another tab has written to become visible here.
    async fn pause(&self);

    /// Runs a task beside the others, until it ends, whether or not anybody waits for it.
    fn spawn(&self, task: Task);

    /// When to wake the lifecycle next, counted from now. The latest word counts; `None` is never.
    fn wake_after(&self, time: Option<Millis>);

    /// The one spelling of an e-mail address by which addresses are compared: without blanks around it, in small letters, its
    /// domain in ASCII where this place knows how.
    fn normal_email(&self, email: &str) -> String;

    /// A random number.
    fn random(&self) -> u32;

    /// Whether hosts share the record, as servers do behind one shop. Then nothing goes on behind an answer: what nears its end
    /// is renewed before it is handed out. And what cannot be stored is not asked for: no page is there to live on in memory.
    fn is_served(&self) -> bool {
        false
    }
}

/// Waits for the work, but no longer than this: then `None`, and the work can be waited for again.
pub async fn within<H: Host, T>(
    host: &H,
    patience: Millis,
    work: &mut Pin<Box<dyn Future<Output = T> + '_>>,
) -> Option<T> {
    let mut alarm = pin!(host.sleep(patience));
    poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        alarm.as_mut().poll(context).map(|()| None)
    })
    .await
}
