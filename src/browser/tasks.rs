//! The tasks of one page. All are polled whenever the page has something new, for there are few of them: no task has to
//! say what it waits for, and what it waits for need not know it.

use crate::host::Task;
use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};

/// What is under way, in the order in which it began.
#[derive(Default)]
pub(super) struct Tasks {
    under_way: RefCell<Vec<Task>>,
    runs: Cell<bool>,
}

impl Tasks {
    /// Adds one; whether somebody must see to it that it runs.
    pub(super) fn add(&self, task: Task) -> bool {
        self.under_way.borrow_mut().push(task);
        !self.runs.get()
    }

    /// Goes on with each task, until none of them has anything left to do for the others.
    pub(super) fn run(&self) {
        if self.runs.replace(true) {
            return;
        }
        let mut context = Context::from_waker(Waker::noop());
        loop {
            let mut tasks = self.under_way.take();
            let count = tasks.len();
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            let has_ended = tasks.len() < count;
            let mut under_way = self.under_way.borrow_mut();
            let has_begun = !under_way.is_empty();
            tasks.append(&mut under_way);
            *under_way = tasks;
            if !has_ended && !has_begun {
                break;
            }
        }
        self.runs.set(false);
    }
}
