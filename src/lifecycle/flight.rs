//! One piece of work, and everybody who waits for it.

use crate::session::{Result, SessionError};
use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct Landing {
    outcome: Option<Result<()>>,
    waiting: Vec<Waker>,
}

/// The outcome of work that goes on by itself. Cloned for each who waits; dropping one ends nothing.
#[derive(Clone, Default)]
pub(super) struct Flight(Rc<RefCell<Landing>>);

impl Flight {
    /// One that ended before it began.
    pub(super) fn failed(error: SessionError) -> Self {
        let flight = Self::default();
        flight.land(Err(error));
        flight
    }

    /// Whether there is an outcome.
    pub(super) fn has_landed(&self) -> bool {
        self.0.borrow().outcome.is_some()
    }

    /// Gives the outcome to everybody who waits, and to those who come later.
    pub(super) fn land(&self, outcome: Result<()>) {
        let waiting = {
            let mut landing = self.0.borrow_mut();
            landing.outcome = Some(outcome);
            std::mem::take(&mut landing.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Looks for the outcome, or waits for it.
    pub(super) fn poll(&self, context: &Context) -> Poll<Result<()>> {
        let mut landing = self.0.borrow_mut();
        if let Some(outcome) = &landing.outcome {
            return Poll::Ready(outcome.clone());
        }
        let waker = context.waker();
        if !landing.waiting.iter().any(|it| it.will_wake(waker)) {
            landing.waiting.push(waker.clone());
        }
        Poll::Pending
    }
}
