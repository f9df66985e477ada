//! Who watches the browser, and decides what becomes of a request.

use crate::executor::Owner;
use crate::wire::Way;
use sandbox::Answer;
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::{Event, Snapshot};

/// Is told of what happens, at once and in order. It may ask the browser anything, and give it no orders meanwhile.
#[allow(unused_variables)]
pub trait Observer {
    /// Something that happens now and then.
    fn met(&self, what: &'static str) {}

    /// A session is opened in a page.
    fn opened(&self, tab: Owner) {}

    /// Its lifecycle has begun.
    fn began(&self, tab: Owner, snapshot: Snapshot) {}

    /// Its listener hears this.
    fn heard(&self, tab: Owner, event: &Event) {}

    /// Its page, which was prerendered, is shown.
    fn shown(&self, tab: Owner) {}

    /// It is told that time may have passed unseen.
    fn woken(&self, tab: Owner) {}

    /// Somebody sends his next request to this host.
    fn visited(&self, tab: Owner) {}

    fn froze(&self, tab: Owner) {}

    /// Its page goes on.
    fn thawed(&self, tab: Owner) {}

    fn killed(&self, tab: Owner) {}

    /// A request is sent.
    fn sent(&self, tab: Owner, request: &Request) {}

    /// What becomes of a request.
    fn way(&self, request: &Request) -> Way {
        Way::Free
    }

    /// The platform has answered, and its answer is on its way.
    fn worked(&self, request: &Request, answer: &Answer) {}

    /// An answer reaches the session.
    fn answered(
        &self,
        tab: Owner,
        request: &Request,
        sent: u64,
        answer: &Result<Response, Unanswered>,
    ) {
    }

    /// A request that changes tokens, sent at that time, has come to its end: answered, or its session is gone.
    fn settled(&self, tab: Owner, sent: u64) {}

    /// A record is told to the others.
    fn announced(&self, tab: Owner, text: &str) {}

    /// A page has heard of this text, and keeps it in its copy of storage.
    fn kept(&self, text: &str) {}

    /// A text is handed to storage that takes its time.
    fn handed_over(&self, text: &str) {}

    /// That storage has not stored the text in time, and may do so still.
    fn gave_up_writing(&self, text: &str) {}

    /// A session is about to write whose page's copy is behind, and no other could tell it.
    fn wrote_behind(&self, tab: Owner) {}

    /// A session has written; whether it was stored.
    fn wrote(&self, tab: Owner, text: &str, succeeded: bool) {}

    /// A session gives the lock back.
    fn released(&self, tab: Owner) {}

    /// The lock, or the lease, was taken from its holder.
    fn taken(&self, by: Owner, from: Owner) {}

    /// The store has lost what was written last, and shows what was there before.
    fn forgot(&self, former: Option<&str>) {}
}

/// Nobody does.
pub(crate) struct Nobody;

impl Observer for Nobody {}
