//! Signing in again while signed in: the same customer gets new tokens, and with them a new saas token, in the same session and
//! for the same company. Until all of that is there the former tokens stay in force. Of another customer nothing is sent that
//! would bind this session to him: where it is not known who is signed in, the platform is asked first.

use super::exchange::Exchanged;
use super::guest::{fault_of, not_renewable};
use super::login::{another_customer, refused_login, unwritten};
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::customer;
use crate::host::Host;
use crate::session::{Account, Bearer, Email, Grant, Password, Reason, Result, SessionError};

impl<H: Host> Lifecycle<H> {
    /// The mark by which the customer with this address is known again.
    pub(super) fn account_of(&self, email: &str) -> Account {
        Account::of(&self.host.normal_email(email), self.host.random())
    }

    /// Whether it is known that a login with this address is of nobody else than who is signed in, if anybody is.
    ///
    /// # Errors
    /// `invalid_state` where it is another customer's than who is signed in.
    pub(super) fn recognises(&self, email: &str) -> Result<bool> {
        let replica = self.replica.borrow();
        let Some(customer) = &replica.record.customer else {
            return Ok(true);
        };
        match &customer.account {
            None => Ok(false),
            Some(account) if account.is_of(&self.host.normal_email(email)) => Ok(true),
            Some(_) => Err(another_customer()),
        }
    }
}

impl<H: Host> Locked<H> {
    /// Makes sure that the customer with this address is the one who is signed in: by the mark in the record, or else by the
    /// platform's word.
    pub(super) async fn require_same(&self, email: &str) -> Result<()> {
        if self.recognises(email)? {
            return Ok(());
        }
        let info = self.info_of(&self.present_token()?).await?;
        let info = info.map_err(|refusal| fault_of(refusal.status))?;
        let normal = |email: &str| self.host.normal_email(email);
        match info.email.as_deref().map(normal) == Some(normal(email)) {
            true => Ok(()),
            false => Err(another_customer()),
        }
    }

    /// New tokens for the company in force: by a login, or for those that are given.
    pub(super) async fn restored(
        &self,
        credentials: Option<(&Email, &Password)>,
        mut granted: Option<Grant>,
    ) -> Result<Grant> {
        let record = self.record();
        let company = record.legal_entity();
        let mut bearer = self.guest_token().filter(|_| self.guest_looks_good());
        let mut is_own = true;
        let mut refusals = 0;
        let grant = loop {
            let held = match bearer.take() {
                Some(held) => held,
                None => self.renewed_guest_bearer().await?,
            };
            let request = match &granted {
                None => credentials
                    .and_then(|(email, password)| {
                        customer::login::<H::Json>(&self.platform, &held.token, email, password)
                    })
                    .ok_or_else(unwritten)?,
                Some(grant) => {
                    let refresh = grant.refresh.as_ref().ok_or_else(not_renewable)?;
                    customer::refresh(&self.platform, &held.token, &refresh.token, company)
                }
            };
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Superseded => return Err(SessionError::overtaken()),
                Exchanged::Granted(mut grant) => {
                    if let Some(first) = granted {
                        grant.saas = grant.saas.or(first.saas);
                        grant.refresh = grant.refresh.or(first.refresh);
                        grant.session_id = grant.session_id.or(first.session_id);
                        break *grant;
                    }
                    let own = self.guest_token();
                    is_own = own.is_some_and(|own| own.token == held.token);
                    if company.is_none() {
                        break *grant;
                    }
                    bearer = match record.readings.refresh_bearer {
                        Some(Bearer::Customer) => Some(grant.access.clone()),
                        _ => Some(held),
                    };
                    granted = Some(*grant);
                    refusals = 0;
                }
                Exchanged::Refused(refusal) => {
                    refusals += 1;
                    let access = granted.as_ref().map(|grant| &grant.access);
                    match access {
                        None if refusals == 1 && refusal.blames_bearer => {}
                        None => return Err(refused_login(refusal)),
                        // The guest's token may have died of the login, or be none that the platform wants here.
                        Some(access) if refusals == 1 && *access != held => {
                            bearer = Some(access.clone());
                        }
                        Some(_) if refusals <= 2 && refusal.status == 401 => {}
                        Some(_) => return Err(super::company::refused(Some(refusal))),
                    }
                }
            }
        };
        // What another session has lent the bearer for is shown as ours.
        let session_id = grant.session_id.filter(|_| is_own);
        Ok(Grant {
            session_id,
            ..grant
        })
    }

    /// These tokens, which are for the company in force, in place of the former.
    pub(super) fn signed_in_again(&self, mut grant: Grant, account: Option<Account>) -> Ending {
        let session_id = grant.session_id.take();
        let next = self.record().with_login_again(grant).with_account(account);
        Ending::good(next.with_session(session_id), Reason::Requested)
    }
}
