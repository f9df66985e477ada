//! One piece of work, and everybody who waits for it.

use std::cell::RefCell;
use std::future::poll_fn;
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
