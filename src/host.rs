//! What the lifecycle needs of the place it runs in. A browser is one such place, the simulator another.

use crate::http::{Request, Response, Unanswered};
use crate::json::Json;
use crate::session::{Millis, Moment};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Work that goes on by itself. Boxed: each kind of future that is spawned unboxed brings an executor of its own.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Why storage did not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// It is not there, or the page may not use it.
    Unavailable,
    /// It has no room.
    Full,
}

/// The place the lifecycle runs in. One page, one storefront; the record it reads and writes is this storefront's.
#[allow(async_fn_in_trait)] // One thread: nobody asks whether these futures are Send.
pub trait Host: 'static {
    /// How JSON is read and written here.
    type Json: Json;

    /// Holds the lock until it is dropped.
    type Guard;

    /// Sends a request and waits for its answer, no longer than this. It is never given up before that: the answer may be
    /// the only copy of the next token.
    async fn send(&self, request: Request, patience: Millis) -> Result<Response, Unanswered>;

    /// Reads the record's text.
    async fn read(&self) -> Result<Option<String>, StorageFault>;

    /// Writes the record's text. It has served when the text can be read back.
    async fn write(&self, text: &str) -> Result<(), StorageFault>;

    /// Takes the lock that all tabs share, and with it the latest revision that was made known; `None` when it was not to be
    /// had within that time. Storage need not show that record yet: it is not ordered with the lock, and the next holder may
    /// read what was there before.
    async fn lock(&self, patience: Millis) -> Option<(Self::Guard, Option<u64>)>;

    /// Makes known that this revision is about to be written, in an order that all tabs keep; gives the latest that was known
    /// before. A lower revision than is known changes nothing.
    async fn publish(&self, revision: u64) -> Option<u64>;

    /// Tells the other tabs of a new record. It may be lost, and it may overtake the write.
    fn announce(&self, record: &str);

    /// Tells the time.
    fn now(&self) -> Moment;

    /// Waits.
    async fn sleep(&self, time: Millis);

    /// Runs a task beside the others, until it ends, whether or not anybody waits for it.
    fn spawn(&self, task: Task);

    /// When to wake the lifecycle next, counted from now. The latest word counts; `None` is never.
    fn wake_after(&self, time: Option<Millis>);

    /// A random number.
    fn random(&self) -> u32;
}

/// Waits for the work, but no longer than this: then `None`, and the work is dropped.
pub async fn within<H: Host, T>(
    host: &H,
    patience: Millis,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    let mut alarm = pin!(host.sleep(patience));
    poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        alarm.as_mut().poll(context).map(|()| None)
    })
    .await
}
