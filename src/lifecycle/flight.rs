//! One operation, and everybody who waits for its outcome.

use crate::session::{Result, SessionError};
use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct State {
    outcome: Option<Result<()>>,
    waiting: Vec<Waker>,
}

/// The outcome of an operation that goes on by itself. Cloned for each who waits; dropping one ends nothing.
#[derive(Clone, Default)]
pub(super) struct Flight(Rc<RefCell<State>>);

impl Flight {
    /// One that ended before it began.
    pub(super) fn failed(error: SessionError) -> Self {
        let flight = Self::default();
        flight.complete(Err(error));
        flight
    }

    /// Whether there is an outcome.
    pub(super) fn is_complete(&self) -> bool {
        self.0.borrow().outcome.is_some()
    }

    /// Gives the outcome to everybody who waits, and to those who come later. The first counts: those who waited for an answer
    /// that is late are told so.
    pub(super) fn complete(&self, outcome: Result<()>) {
        let waiting = {
            let mut state = self.0.borrow_mut();
            state.outcome.get_or_insert(outcome);
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Looks for the outcome, or waits for it.
    pub(super) fn poll(&self, context: &Context) -> Poll<Result<()>> {
        let mut state = self.0.borrow_mut();
        if let Some(outcome) = &state.outcome {
            return Poll::Ready(outcome.clone());
        }
        let waker = context.waker();
        if !state.waiting.iter().any(|it| it.will_wake(waker)) {
            state.waiting.push(waker.clone());
        }
        Poll::Pending
    }
}
