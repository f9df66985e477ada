//! A session in a page, what it is asked for, and what its listeners have heard.

use crate::world::World;
use double::{Owner, Tab};
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;
use storefront_session::emporix::{TokenInfo, garbled};
use storefront_session::host::Host;
use storefront_session::lifecycle::{Adoption, Change, Inquiry, Lifecycle};
use storefront_session::session::{Event, Kind, Moment, Result, SessionError, Snapshot};

pub struct Session {
    pub lifecycle: Rc<Lifecycle<Tab>>,
    id: Owner,
    world: World,
}

impl Session {
    pub fn new(world: World, id: Owner, lifecycle: Rc<Lifecycle<Tab>>) -> Self {
        Self {
            lifecycle,
            id,
            world,
        }
    }

    /// Runs a call of the lifecycle to its end.
    pub fn run<T, W>(&self, work: W) -> T
    where
        T: 'static,
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> T + 'static,
    {
        let outcome = self.begin(work);
        self.world.until(|| outcome.take())
    }

    /// Begins a call, and leaves it to happen.
    pub fn begin<T, W>(&self, work: W) -> Rc<RefCell<Option<T>>>
    where
        T: 'static,
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> T + 'static,
    {
        let outcome: Rc<RefCell<Option<T>>> = Rc::default();
        let (lifecycle, result) = (Rc::clone(&self.lifecycle), Rc::clone(&outcome));
        self.world.browser().spawn(self.id, async move {
            let value = work(lifecycle).await;
            result.replace(Some(value));
        });
        outcome
    }

    pub fn token(&self) -> Result<String> {
        self.run(async |it| {
            it.access_token()
                .await
                .map(|token| token.expose().to_owned())
        })
    }

    /// What the platform says of the customer's token.
    pub fn validate(&self) -> Result<TokenInfo> {
        let path = "/customer/acme/validateauthtoken".to_owned();
        let asked = self.run(async |it| it.inquire(Inquiry::of_customer(path)).await);
        let (_, answer) = asked?;
        let info = TokenInfo::decode::<Value>(&answer.body, Moment::default());
        info.ok_or_else(|| garbled(&answer))
    }

    pub fn login(&self, (email, password): (&str, &str)) -> Result<()> {
        let (email, password) = (email.to_owned(), password.to_owned());
        self.run(async move |it| it.login(email, password).await)
    }

    /// Takes tokens over, spelled as an answer of the platform is.
    pub fn adopt(&self, tokens: &Value, company: Option<&str>, is_checked: bool) -> Result<()> {
        let (body, company) = (tokens.to_string(), company.map(str::to_owned));
        let now = self.lifecycle.host().now();
        let adoption = Adoption::read::<Value>(&body, company, is_checked, now)?;
        self.run(async move |it| {
            let _signing_in = it.begin_sign_in();
            it.change(it.epoch(), Change::Adopt(Box::new(adoption)))
                .await
        })
    }

    pub fn switch(&self, company: Option<&str>) -> Result<()> {
        let company = company.map(str::to_owned);
        self.run(async move |it| it.switch_legal_entity(company).await)
    }

    /// The same, and the platform is asked whether it took place.
    pub fn switch_verified(&self, company: Option<&str>) -> Result<()> {
        let company = company.map(str::to_owned);
        self.run(async move |it| it.change(it.epoch(), Change::switch(company, true)?).await)
    }

    pub fn refresh(&self) -> Result<()> {
        self.run(async |it| it.refresh().await)
    }

    pub fn logout(&self) {
        self.run(async |it| it.logout().await).unwrap();
    }

    /// Another session in the same page.
    pub fn beside(&self) -> Self {
        self.world.open_beside(self.id)
    }

    /// Time may have passed unseen.
    pub fn wake(&self) {
        self.world.browser().wake(self.id);
    }

    /// Its page stands still from one instant to the next, and goes on.
    pub fn freeze(&self) {
        self.world.browser().freeze(self.id, false);
    }

    /// The visitor goes on from its page, which is kept for the way back.
    pub fn leave(&self) {
        self.world.browser().freeze(self.id, true);
    }

    pub fn thaw(&self) {
        self.world.browser().thaw(self.id);
    }

    pub fn snapshot(&self) -> Snapshot {
        self.lifecycle.snapshot()
    }

    pub fn session_id(&self) -> Option<String> {
        let id = self.snapshot().session_id?;
        Some(id.as_str().to_owned())
    }

    pub fn company(&self) -> Option<String> {
        let id = self.snapshot().legal_entity_id?;
        Some(id.as_str().to_owned())
    }

    /// What was heard since the last time it was asked for.
    pub fn events(&self) -> Vec<Event> {
        self.world.events_of(self.id)
    }

    pub fn kinds(&self) -> Vec<Kind> {
        self.events().iter().map(|event| event.kind).collect()
    }

    /// Sets the wall clock of this page's machine wrong by so much.
    pub fn skew_clock(&self, by: i64) {
        self.world.browser().set_clock_of_page_wrong(self.id, by);
    }
}

#[track_caller]
pub fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.unwrap_err().code.as_str()
}

#[track_caller]
pub fn error<T: std::fmt::Debug>(outcome: Result<T>) -> SessionError {
    outcome.unwrap_err()
}
