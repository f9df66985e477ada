//! One session's place, as its lifecycle asks for it.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::locks::Guard;
use serde_json::Value;
use std::future::{Future, ready};
use std::pin::Pin;
use std::rc::Rc;
use storefront_session::host::{Fence, Hear, Held, Host, Sending, StorageFault, Task, within};
use storefront_session::http::{Request, Unanswered};
use storefront_session::session::{Millis, Moment};

/// A session in a page, or on a host.
pub struct Tab {
    pub browser: Rc<Browser>,
    pub id: Owner,
}

impl Host for Tab {
    type Json = Value;
    type Guard = Guard;

    fn send(&self, request: Request) -> Sending {
        match self.browser.may_send(self.id, &request) {
            true => self.browser.send(self.id, request),
            false => Box::pin(ready(Err(Unanswered::Unreached))),
        }
    }

    async fn read(&self) -> Result<Option<String>, StorageFault> {
        self.browser.read(self.id).await
    }

    fn read_now(&self) -> Option<Result<Option<String>, StorageFault>> {
        match self.browser.access_time() {
            Some(_) => None,
            None => Some(self.browser.stored_for(self.id)),
        }
    }

    async fn write(&self, text: &str) -> Result<(), StorageFault> {
        self.browser.write(self.id, text).await
    }

    fn write_now(&self, text: &str) {
        if self.is_served() {
            return;
        }
        match self.browser.access_time() {
            Some(time) => drop(self.browser.hand_over(self.id, text, time)),
            None => drop(self.browser.store(self.id, text)),
        }
    }

    async fn lock(&self, patience: Millis) -> Option<Held<Guard>> {
        let browser = &self.browser;
        if browser.is_prerendering(self.id) {
            browser.met("lock asked for by a prerendered page");
            browser.shown(self.id).await;
        }
        let mut asking: Pin<Box<dyn Future<Output = _>>> = Box::pin(async {
            match browser.leases.reserved(self.id) {
                Some(guard) => (guard, 0),
                None => browser.acquire(self.id).await,
            }
        });
        let (guard, rivals) = within(self, patience, &mut asking).await?;
        browser.ask(self.id);
        Some(Held {
            guard,
            fence: browser.fence(self.id),
            rivals,
        })
    }

    async fn publish(&self, revision: u64) -> Fence {
        self.browser.publish(self.id, revision).await
    }

    fn has_copy(&self) -> bool {
        self.browser.has_copies()
    }

    fn keep_heard(&self, text: &str) {
        self.browser.keep_heard(self.id, text);
    }

    fn announce(&self, record: &str) {
        self.browser.tell(|it| it.announced(self.id, record));
        if !self.is_served() {
            self.browser.post(self.id, record.into());
        }
    }

    fn listen(&self, hear: Hear) {
        if self.is_served() {
            return;
        }
        self.browser.sessions.borrow_mut()[self.id].hear = Some(Rc::new(hear));
        self.browser.ask(self.id);
    }

    fn deafen(&self) {
        self.browser.sessions.borrow_mut()[self.id].hear = None;
        self.wake_after(None);
    }

    fn now(&self) -> Moment {
        self.browser.moment(self.id)
    }

    async fn sleep(&self, time: Millis) {
        self.browser.sleep_shown(self.id, time).await;
    }

    async fn pause(&self) {
        self.browser.executor.sleep(10).await;
    }

    fn spawn(&self, task: Task) {
        self.browser.executor.spawn(self.id, task);
    }

    fn wake_after(&self, time: Option<Millis>) {
        let time = time.filter(|_| !self.is_served());
        self.browser.plan(self.id, time);
    }

    fn normal_email(&self, email: &str) -> String {
        email.trim().to_lowercase()
    }

    fn random(&self) -> u32 {
        self.browser.executor.chance.number()
    }

    fn is_served(&self) -> bool {
        self.browser.is_served()
    }
}
