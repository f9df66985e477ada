//! One piece of work, and everybody who waits for it.

use crate::host::Host;
use crate::session::Millis;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

struct Landing<T> {
    outcome: Option<T>,
    waiting: Vec<Waker>,
}

/// The outcome of work that goes on by itself. Cloned for each who waits; dropping one ends nothing.
pub(super) struct Flight<T>(Rc<RefCell<Landing<T>>>);

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Clone> Flight<T> {
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new(Landing {
            outcome: None,
            waiting: Vec::new(),
        })))
    }

    /// Gives the outcome to everybody who waits, and to those who come later.
    pub(super) fn land(&self, outcome: T) {
        let waiting = {
            let mut landing = self.0.borrow_mut();
            landing.outcome = Some(outcome);
            std::mem::take(&mut landing.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits for the outcome.
    pub(super) async fn landed(&self) -> T {
        poll_fn(|context| {
            let mut landing = self.0.borrow_mut();
            match &landing.outcome {
                Some(outcome) => Poll::Ready(outcome.clone()),
                None => {
                    landing.waiting.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Waits for the work, but no longer than this: then `None`, and the work is dropped.
pub(super) async fn within<H: Host, T>(
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
