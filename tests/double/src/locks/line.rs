//! Those who want a lock, in the order in which they asked.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::page::PageId;
use crate::storage::Key;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Page(PageId),
    Shared(Key),
}

#[derive(Clone, Copy)]
pub struct Holder {
    pub tab: Owner,
    pub ticket: u64,
    pub was_taken: bool,
}

/// Those who want a lock, and who has it.
#[derive(Default)]
pub struct Line {
    pub holder: Option<Holder>,
    waiting: VecDeque<(Owner, u64, Option<Waker>)>,
    /// Those of pages that were left: they ask again when they come back.
    withdrawn: Vec<(Owner, u64, Option<Waker>)>,
}

impl Line {
    pub fn grant(&mut self, at: usize, was_taken: bool) {
        let Some((tab, ticket, waker)) = self.waiting.remove(at) else {
            return;
        };
        self.holder = Some(Holder {
            tab,
            ticket,
            was_taken,
        });
        waker.into_iter().for_each(Waker::wake);
    }

    pub fn grant_next(&mut self) {
        if self.holder.is_none() {
            self.grant(0, false);
        }
    }

    pub fn leave(&mut self, is_meant: impl Fn(Owner, u64) -> bool) {
        self.waiting
            .retain(|(tab, ticket, _)| !is_meant(*tab, *ticket));
        self.withdrawn
            .retain(|(tab, ticket, _)| !is_meant(*tab, *ticket));
        if self.holder.is_some_and(|it| is_meant(it.tab, it.ticket)) {
            self.holder = None;
        }
        self.grant_next();
    }

    pub fn withdraw(&mut self, tab: Owner) {
        for it in std::mem::take(&mut self.waiting) {
            match it.0 == tab {
                true => self.withdrawn.push(it),
                false => self.waiting.push_back(it),
            }
        }
    }

    pub fn ask_again(&mut self, tab: Owner) {
        for it in std::mem::take(&mut self.withdrawn) {
            match it.0 == tab {
                true => self.waiting.push_back(it),
                false => self.withdrawn.push(it),
            }
        }
        self.grant_next();
    }

    pub fn place_of(&self, ticket: u64) -> Option<usize> {
        self.waiting.iter().position(|it| it.1 == ticket)
    }

    /// Whom to call when it is this one's turn.
    fn call(&mut self, ticket: u64, waker: &Waker) {
        let mut places = self.waiting.iter_mut().chain(&mut self.withdrawn);
        if let Some(mine) = places.find(|it| it.1 == ticket) {
            mine.2 = Some(waker.clone());
        }
    }
}

/// A place in a line; dropped, it is given up, be it waited for or held.
pub struct Place {
    browser: Rc<Browser>,
    name: Name,
    tab: Owner,
    pub ticket: u64,
}

impl Place {
    pub fn join(browser: &Rc<Browser>, name: Name, tab: Owner) -> Self {
        let ticket = browser.executor.count();
        browser.locks.with(name, |line| {
            line.waiting.push_back((tab, ticket, None));
            line.grant_next();
        });
        Self {
            browser: Rc::clone(browser),
            name,
            tab,
            ticket,
        }
    }

    pub fn holder(&self) -> Option<Holder> {
        let holder = self.browser.locks.with(self.name, |line| line.holder);
        holder.filter(|it| it.ticket == self.ticket)
    }

    /// Its turn; whether the lock was taken from somebody.
    pub async fn turn(&self) -> bool {
        poll_fn(|context| {
            if let Some(holder) = self.holder() {
                return Poll::Ready(holder.was_taken);
            }
            self.browser.locks.with(self.name, |line| {
                line.call(self.ticket, context.waker());
            });
            Poll::Pending
        })
        .await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.browser.is_alive(self.tab) {
            let locks = &self.browser.locks;
            locks.forget_robbed(self.ticket);
            locks.with(self.name, |line| {
                line.leave(|_, ticket| ticket == self.ticket)
            });
        }
    }
}
