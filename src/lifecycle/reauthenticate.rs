//! Signing in again while signed in: the same customer gets new tokens, and with them a new saas token, in the same session and
//! for the same company. Until all of that is there the former tokens stay in force. Of another customer nothing is sent that
//! would bind this session to him: where it is not known who is signed in, the platform is asked first.

use super::customer::BearerChoice;
use super::exchange::Exchanged;
use super::guest::{fault_of, not_renewable};
use super::login::{another_customer, login, refused_login};
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
        mut granted: Option<Box<Grant>>,
    ) -> Result<Box<Grant>> {
        let record = self.record();
        let company = record.legal_entity();
        let is_customers = record.readings.refresh_bearer == Some(Bearer::Customer);
        let mut choice = BearerChoice::Guest;
        let mut is_ours = true;
        loop {
            let bearer = match (choice, &granted) {
                (BearerChoice::Customer, Some(grant)) => Some(grant.access.clone()),
                (BearerChoice::Guest, _) => self.guest_token().filter(|_| self.guest_looks_good()),
                _ => None,
            };
            let bearer = match bearer {
                Some(bearer) => bearer,
                None => self.renewed_guest_bearer().await?,
            };
            let request = match (&granted, credentials) {
                (Some(grant), _) => {
                    let refresh = grant.refresh.as_ref().ok_or_else(not_renewable)?;
                    customer::refresh(&self.platform, &bearer.token, &refresh.token, company)
                }
                (None, Some((email, password))) => {
                    login::<H>(&self.platform, &bearer.token, email, password)?
                }
                (None, None) => return Err(SessionError::overtaken()),
            };
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Superseded => return Err(SessionError::overtaken()),
                Exchanged::Granted(mut grant) => {
                    let is_restored = granted.is_some();
                    if let Some(mut first) = granted {
                        grant.saas = first.saas.take();
                        if grant.refresh.is_none() {
                            grant.refresh = first.refresh.take();
                        }
                    } else {
                        let own = self.guest_token();
                        is_ours = own.is_some_and(|own| own.token == bearer.token);
                    }
                    if is_restored || company.is_none() {
                        if !is_ours {
                            // Another session has lent the bearer, and is not shown.
                            grant.session_id = None;
                        }
                        return Ok(grant);
                    }
                    granted = Some(grant);
                    choice = match is_customers {
                        true => BearerChoice::Customer,
                        false => BearerChoice::Guest,
                    };
                }
                Exchanged::Refused(refusal) => {
                    choice = match (&granted, choice) {
                        (None, BearerChoice::Guest) if refusal.blames_bearer => {
                            BearerChoice::NewGuest
                        }
                        (None, _) => return Err(refused_login(refusal)),
                        // It may have died of the login.
                        (_, BearerChoice::Guest) if refusal.status == 401 => BearerChoice::NewGuest,
                        (_, BearerChoice::Customer) if is_customers => BearerChoice::Guest,
                        (_, BearerChoice::Guest | BearerChoice::NewGuest) if !is_customers => {
                            BearerChoice::Customer
                        }
                        _ => return Err(super::company::refused(Some(refusal))),
                    };
                }
            }
        }
    }

    /// These tokens, which are for the company in force, in place of the former.
    pub(super) fn signed_in_again(&self, grant: Grant, account: Option<Account>) -> Ending {
        let next = self.record().with_login_again(grant, account);
        Ending::good(next, Reason::Requested)
    }
}
