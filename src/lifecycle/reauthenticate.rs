//! Signing in again while signed in: the same customer gets new tokens, and with them a new saas token, in the same session and
//! for the same company. Until all of that is there the former tokens stay in force. Of another customer nothing is begun in
//! this session: where it is not known who is signed in, somebody else's session lends the bearer until that is.

use super::customer::BearerChoice;
use super::exchange::Exchanged;
use super::guest::{fault_of, not_renewable};
use super::login::{another_customer, refused_login};
use super::renewal::Need;
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::{Refusal, TokenInfo, anonymous, customer};
use crate::host::Host;
use crate::session::{
    AccessToken, Account, Bearer, Code, Email, Grant, Held, Password, Reason, Result, SessionError,
};

impl<H: Host> Lifecycle<H> {
    /// The mark by which the customer with this address is known again.
    pub(super) fn account_of(&self, email: &Email) -> Account {
        Account::of(&self.host.normal_email(email.expose()), self.host.random())
    }

    /// Whether it is known that a login with this address is nobody else's than the visitor's.
    ///
    /// # Errors
    /// `invalid_state` where it is another customer's than who is signed in.
    pub(super) fn recognises(&self, email: &str) -> Result<bool> {
        let replica = self.replica.borrow();
        match replica.record.account() {
            None => Ok(false),
            Some(account) if account.is_of(&self.host.normal_email(email)) => Ok(true),
            Some(_) => Err(another_customer()),
        }
    }
}

impl<H: Host> Locked<H> {
    pub(super) async fn log_in_again(
        &self,
        email: &Email,
        password: &Password,
    ) -> Result<Option<Ending>> {
        let mut is_known = self.recognises(email.expose())?;
        if !is_known && !self.is_met(Need::Good) {
            // Who is signed in is asked with his own token.
            let renewed = self.renew_customer(Need::Good).await?;
            self.end(renewed).await?;
        }
        let mut is_refused = false;
        let (grant, bearer) = loop {
            let bearer = match is_known {
                true => self.own_bearer(is_refused).await?,
                false => self.stranger().await?,
            };
            let request =
                customer::login::<H::Json>(&self.platform, &bearer.token, email, password)
                    .ok_or_else(|| {
                        SessionError::new(Code::Internal, "the login cannot be written")
                    })?;
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Granted(grant) if is_known => break (grant, bearer),
                Exchanged::Granted(grant) => {
                    let told = self.info_of(&grant.access.token).await?;
                    let told = told.map_err(|refusal| fault_of(refusal.status))?;
                    let outcome = self.require_same(&told).await;
                    if outcome.is_ok() && self.guest_token().is_none() {
                        break (grant, bearer);
                    }
                    // They are of the other session, and of no use.
                    self.revoke_detached(&grant.access.token);
                    outcome?;
                    is_known = true;
                }
                Exchanged::Refused(refusal) if refusal.blames_bearer && !is_refused => {
                    is_refused = true;
                }
                Exchanged::Refused(refusal) => return Err(refused_login(refusal)),
                Exchanged::Superseded => return Err(SessionError::overtaken()),
            }
        };
        let account = self.account_of(email);
        self.renewed_by(*grant, &bearer.token, Some(account)).await
    }

    /// The customer's tokens of a login: they count once they are for the company in force.
    pub(super) async fn renewed_by(
        &self,
        grant: Grant,
        bearer: &AccessToken,
        account: Option<Account>,
    ) -> Result<Option<Ending>> {
        let mut grant = self.for_company(grant, bearer).await?;
        let own = self.guest_token();
        if own.is_none_or(|own| own.token != *bearer) {
            // The other session is never shown.
            grant.session_id = None;
        }
        let next = self.record().with_login_again(grant).with_account(account);
        Ok(Some(Ending::good(next, Reason::Requested)))
    }

    /// These tokens for the company in force.
    async fn for_company(&self, grant: Grant, bearer: &AccessToken) -> Result<Grant> {
        let record = self.record();
        let Some(company) = record.legal_entity() else {
            return Ok(grant);
        };
        let Some(refresh) = &grant.refresh else {
            return Err(not_renewable());
        };
        let (new, own) = (BearerChoice::NewGuest, BearerChoice::Customer);
        let tries = match record.readings.refresh_bearer {
            Some(Bearer::Customer) => [own, BearerChoice::Guest, new],
            _ => [BearerChoice::Guest, new, own],
        };
        let mut refused: Option<Refusal> = None;
        for attempt in tries {
            let got = match attempt {
                // It may have died of the login.
                BearerChoice::NewGuest if refused.is_some_and(|it| it.status == 401) => {
                    self.renewed_guest_bearer().await?.token
                }
                BearerChoice::NewGuest => continue,
                BearerChoice::Guest => bearer.clone(),
                BearerChoice::Customer => grant.access.token.clone(),
            };
            let request = customer::refresh(&self.platform, &got, &refresh.token, Some(company));
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Granted(restored) => {
                    return Ok(Grant {
                        saas: restored.saas.or(grant.saas),
                        refresh: restored.refresh.or(grant.refresh),
                        ..*restored
                    });
                }
                Exchanged::Refused(refusal) => refused = Some(refusal),
                Exchanged::Superseded => return Err(SessionError::overtaken()),
            }
        }
        Err(super::company::refused(refused))
    }

    /// # Errors
    /// `invalid_state` where the tokens of which the platform says this are another customer's than who is signed in.
    pub(super) async fn require_same(&self, told: &TokenInfo) -> Result<()> {
        let Some(email) = &told.email else {
            return Err(another_customer());
        };
        if self.recognises(email)? {
            return Ok(());
        }
        let present = self.info_of(&self.present_token()?).await?;
        let present = present.map_err(|refusal| fault_of(refusal.status))?;
        let normal = |email: &String| self.host.normal_email(email);
        match present.email.as_ref().map(normal) == Some(normal(email)) {
            true => Ok(()),
            false => Err(another_customer()),
        }
    }

    /// The bearer of this session, as far as there is one.
    async fn own_bearer(&self, is_refused: bool) -> Result<Held<AccessToken>> {
        match self.guest_token().filter(|_| self.guest_looks_good()) {
            Some(guest) if !is_refused => Ok(guest),
            _ => self.renewed_guest_bearer().await,
        }
    }

    /// The bearer of a session of its own, which is thrown away.
    async fn stranger(&self) -> Result<Held<AccessToken>> {
        let request = anonymous::login(&self.platform);
        match self.exchange(Operation::Renewal, request, |_| None).await? {
            Exchanged::Granted(grant) => Ok(grant.access),
            Exchanged::Refused(refusal) => Err(fault_of(refusal.status)),
            Exchanged::Superseded => Err(SessionError::overtaken()),
        }
    }
}
