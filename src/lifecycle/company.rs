//! Choosing a company: all or nothing. Refused, the former one stays in force; only the tokens have moved on.

use super::customer::{Refreshed, Try};
use super::guest::not_renewable;
use super::{Lifecycle, Operation};
use crate::emporix::{Refusal, Verdict};
use crate::host::Host;
use crate::session::{Code, Grant, LegalEntityId, Omission, Reason, Result, SessionError};
use std::rc::Rc;

impl<H: Host> Lifecycle<H> {
    /// Chooses the company the customer acts for; `None` returns to B2C.
    pub async fn switch_legal_entity(&self, chosen: Option<String>) -> Result<()> {
        let chosen = match chosen {
            None => None,
            Some(id) => Some(LegalEntityId::new(id).ok_or_else(|| {
                SessionError::argument("legalEntityId", "null or a text that is not empty")
            })?),
        };
        self.look_now_and_then().await;
        self.require_customer()?;
        self.detached(async move |this: Rc<Self>| this.switch(chosen).await)
            .await
    }

    async fn switch(&self, chosen: Option<LegalEntityId>) -> Result<()> {
        let _guard = self.lock().await?;
        self.require_customer()?;
        let record = self.record();
        if record.legal_entity() == chosen.as_ref() {
            return Ok(());
        }
        let omission = record.readings.omission;
        if chosen.is_none() && omission == Some(Omission::Keeps) {
            return Err(refused(None));
        }
        let mut refreshed = self.ask_for(chosen.as_ref()).await?;
        if let Refreshed::Refused(refusal, tried) = refreshed {
            if !self.blames_bearer(tried).await? {
                return Err(refused(Some(refusal)));
            }
            refreshed = self.ask_for(chosen.as_ref()).await?;
        }
        match refreshed {
            Refreshed::Superseded => Err(SessionError::overtaken()),
            Refreshed::Refused(refusal, _) => Err(refused(Some(refusal))),
            Refreshed::Granted(grant, tried) => match (&chosen, omission) {
                (None, None) => self.confirm_b2c(grant, tried).await,
                _ => self.put_company(grant, tried, chosen).await,
            },
        }
    }

    async fn ask_for(&self, company: Option<&LegalEntityId>) -> Result<Refreshed> {
        self.refresh_customer(Operation::Switch, company)
            .await?
            .ok_or_else(not_renewable)
    }

    async fn put_company(
        &self,
        grant: Box<Grant>,
        tried: Try,
        chosen: Option<LegalEntityId>,
    ) -> Result<()> {
        let mut next = self
            .record()
            .with_customer_renewed(*grant)
            .with_legal_entity(chosen, self.host.random());
        next.readings.refresh_bearer = Some(tried.bearer());
        self.store(next, Reason::Requested).await
    }

    /// A refused switch may mean the company, the bearer or the refresh token: a plain refresh for the former company
    /// tells. The bearer was to blame where that one goes through with another.
    async fn blames_bearer(&self, tried: Try) -> Result<bool> {
        let former = self.record().legal_entity().cloned();
        match self.ask_for(former.as_ref()).await? {
            Refreshed::Granted(grant, other) => {
                self.store_renewed(grant, other, Reason::Requested).await?;
                Ok(tried != Try::NewGuest && tried != other)
            }
            Refreshed::Refused(plain, _) if plain.is_definite() => {
                let spent = self.record().with_customer_spent();
                self.store(spent, Reason::Refused).await?;
                Ok(false)
            }
            Refreshed::Refused(..) | Refreshed::Superseded => Ok(false),
        }
    }

    /// Whether a refresh without a company returns to B2C is documented nowhere, so the first one is checked. Until
    /// the check has been answered the new access token is nobody's, and the new refresh token is already safe.
    async fn confirm_b2c(&self, grant: Box<Grant>, tried: Try) -> Result<()> {
        let access = grant.access.clone();
        let mut kept = self
            .record()
            .with_customer_renewed(*grant)
            .with_customer_access_over();
        kept.readings.refresh_bearer = Some(tried.bearer());
        self.store(kept, Reason::Requested).await?;

        let info = match self.ask_validate(&access.token).await {
            Verdict::Granted(info) => info,
            Verdict::Refused(refusal) => return Err(super::guest::fault_of(refusal)),
            Verdict::Fault(error) => return Err(error),
        };
        let mut next = self.record();
        if let Some(customer) = &mut next.customer
            && customer.pair.access.token == access.token
        {
            customer.pair.access = access;
        } else {
            return Err(SessionError::overtaken());
        }
        if info.legal_entity_id.is_some() {
            next.readings.omission = Some(Omission::Keeps);
            self.store(next, Reason::Requested).await?;
            return Err(refused(None));
        }
        next.readings.omission = Some(Omission::Clears);
        let next = next.with_legal_entity(None, self.host.random());
        self.store(next, Reason::Requested).await
    }
}

fn refused(refusal: Option<Refusal>) -> SessionError {
    let error = SessionError::new(
        Code::LegalEntityRefused,
        "the platform refused the company; the former one is in force",
    );
    match refusal {
        Some(refusal) => error.with_status(refusal.status),
        None => error,
    }
}
