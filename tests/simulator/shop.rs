//! What the npm package does for a customer beside tokens, in the steps of `npm/customer.js` and `npm/carts.js`: the guest's cart
//! is found before the login and merged after it, a company is chosen, a site has a cart of its own.

use crate::customer::Company;
use crate::oracle::Call;
use crate::world::World;
use double::Owner;
use double::Tab;
use serde_json::Value;
use std::rc::Rc;
use storefront_session::lifecycle::{Change, Inquiry, Lifecycle};
use storefront_session::session::{Identity, Result, SessionError};

const CARTS: &str = "/cart/acme/carts?siteCode=main";

/// One tab of a storefront.
#[derive(Clone)]
pub struct Shop {
    world: Rc<World>,
    tab: Owner,
}

impl Shop {
    pub fn new(world: &Rc<World>, tab: Owner) -> Self {
        let world = Rc::clone(world);
        Self { world, tab }
    }

    fn met(&self, what: &'static str) {
        self.world.oracle.borrow_mut().coverage.note(what);
    }

    /// A call of the session's; `None` where the page is gone.
    async fn call<T, W>(&self, what: Call, work: W) -> Option<T>
    where
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> Result<T>,
    {
        let logouts = self.world.logouts(self.tab);
        self.call_after(logouts, what, work).await
    }

    /// A call that was asked for after so many logouts in this tab.
    async fn call_after<T, W>(&self, logouts: usize, what: Call, work: W) -> Option<T>
    where
        W: AsyncFnOnce(Rc<Lifecycle<Tab>>) -> Result<T>,
    {
        let lifecycle = self.world.lifecycle(self.tab)?;
        let number = self.world.begin_after(self.tab, what, logouts);
        let outcome = work(lifecycle).await;
        let error = outcome.as_ref().err();
        let told = error.map(|error| (error.code, format!("{error:?}")));
        self.world.ended(number, told);
        outcome.ok()
    }

    fn identity(&self) -> Option<Identity> {
        Some(self.world.lifecycle(self.tab)?.snapshot().identity)
    }

    fn cart(&self) -> Option<String> {
        let snapshot = self.world.lifecycle(self.tab)?.snapshot();
        Some(snapshot.cart?.id().to_owned())
    }

    /// The platform's answer: nothing where it has none, `Err` where it does not say so.
    async fn ask(
        &self,
        of: &Identity,
        path: String,
        body: Option<String>,
    ) -> std::result::Result<Option<Value>, ()> {
        let of = Some(of.clone());
        let inquiry = Inquiry { of, path, body };
        let is_missing = |error: &SessionError| error.status == Some(404);
        let answer = self
            .call(Call::Other, async |it| match it.inquire(inquiry).await {
                Ok((_, answer)) => Ok(Some(answer.body)),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(error),
            })
            .await;
        let text = answer.ok_or(())?;
        Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    async fn note(&self, of: &Identity, note: String) -> Option<()> {
        let of = of.clone();
        self.call(Call::Other, async |it| it.note(of, note).await)
            .await
    }

    /// A guest who has something in the cart signs in, and buys for that company where it is one of the customer's.
    pub async fn sign_in(self, company: Option<Company>) -> Option<()> {
        let lifecycle = self.world.lifecycle(self.tab)?;
        let (began, _signing_in) = (lifecycle.epoch(), lifecycle.begin_sign_in());
        drop(lifecycle);
        let logouts = self.world.logouts(self.tab);
        let guest = self.identity()?;
        let path = [CARTS, "&create=true"].concat();
        if let Ok(Some(cart)) = self.ask(&guest, path, None).await
            && let Some(id) = cart["id"].as_str()
        {
            self.note(&guest, format!("f{id}")).await;
        }
        self.call_after(logouts, Call::Login, async |it| {
            let change = Change::login("buyer@example.com".into(), "sandbox-pass".into())?;
            it.change(began, change).await
        })
        .await?;
        self.choose(company).await;
        self.settle().await
    }

    async fn choose(&self, last: Option<Company>) -> Option<()> {
        let identity = self.identity()?;
        let path = "/customer-management/acme/legal-entities".to_owned();
        let list = self.ask(&identity, path, None).await;
        let list = list.ok().flatten().unwrap_or_default();
        let is_assigned = |company: &Company| {
            list.as_array()
                .is_some_and(|list| list.iter().any(|it| it["id"] == company.id()))
        };
        if let Some(chosen) = last.filter(is_assigned)
            && self.identity()? == identity
        {
            let id = Some(chosen.id().to_owned());
            let asked = Call::Switch(id.clone());
            if self
                .call(asked, async |it| it.switch_legal_entity(id).await)
                .await
                .is_some()
            {
                self.met("company restored");
            }
        }
        if self.identity()? == identity {
            self.note(&identity, "needed".into()).await?;
            self.met("company needed");
        }
        Some(())
    }

    pub async fn switch_verified(self, company: Option<Company>) -> Option<()> {
        let id = company.map(|company| company.id().to_owned());
        let asked = Call::Switch(id.clone());
        let switched =
            async |it: Rc<Lifecycle<Tab>>| it.change(it.epoch(), Change::switch(id, true)?).await;
        self.call(asked, switched).await?;
        self.met("switch verified");
        self.settle().await
    }

    pub async fn change_site(self) -> Option<()> {
        let identity = self.identity()?;
        self.note(&identity, String::new()).await?;
        self.met("site changed");
        self.settle().await
    }

    /// The guest's cart that is owed is merged into the customer's, which is found.
    async fn settle(&self) -> Option<()> {
        let identity = self.identity()?;
        let owed = self.cart();
        let settled = self.merge(&identity, owed.as_deref()).await;
        match settled {
            Ok(Some(note)) => {
                let is_merged = note.starts_with('m');
                self.note(&identity, note).await?;
                if is_merged {
                    self.met("guest's cart merged");
                }
            }
            Err(()) if owed.is_some() => {
                self.note(&identity, format!("o{}", owed.unwrap_or_default()))
                    .await?;
                self.met("merge failed");
            }
            _ => {}
        }
        Some(())
    }

    /// The note of what came of it.
    async fn merge(
        &self,
        identity: &Identity,
        owed: Option<&str>,
    ) -> std::result::Result<Option<String>, ()> {
        let snapshot = self.world.lifecycle(self.tab).ok_or(())?.snapshot();
        let mut path = CARTS.to_owned();
        if let Some(company) = &snapshot.legal_entity_id {
            path.push_str(&format!("&legalEntityId={}", company.as_str()));
        }
        if owed.is_some() {
            path.push_str("&create=true");
        }
        let Some(own) = self.ask(identity, path, None).await? else {
            return Ok(None);
        };
        let own = own["id"].as_str().ok_or(())?;
        let Some(guests) = owed.filter(|id| *id != own) else {
            return Ok(Some(format!("f{own}")));
        };
        let cart = |id: &str| format!("/cart/acme/carts/{id}");
        let path = [&cart(own), "/merge"].concat();
        let body = format!(r#"{{"carts":["{guests}"]}}"#);
        let merged = self.ask(identity, path, Some(body)).await;
        if let Ok(Some(_)) = merged {
            return Ok(Some(format!("m{own}")));
        }
        match self.ask(identity, cart(guests), None).await? {
            Some(_) => Err(()),
            None => Ok(Some(format!("f{own}"))),
        }
    }
}
