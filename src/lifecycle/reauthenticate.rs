//! Signing in again while signed in: the same customer gets new tokens, and with them a new saas token, in the same session and
//! for the same company. Until all of that is there the former tokens stay in force. Of another customer nothing is sent that
//! would bind this session to him: where it is not known who is signed in, the platform is asked first.

use super::exchange::Exchanged;
use super::fault::not_renewable;
use super::login::another_customer;
use super::{Ending, Lifecycle, Locked, Operation, company};
use crate::host::Host;
use crate::session::{AccessToken, Account, Grant, LegalEntityId, Reason, Result, SessionError};

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
        let held = self.customer_token().ok_or_else(SessionError::overtaken)?;
        let info = self.info_of(&held.token).await?;
        let normal = |email: &str| self.host.normal_email(email);
        match info.email.as_deref().map(normal) == Some(normal(email)) {
            true => Ok(()),
            false => Err(another_customer()),
        }
    }

    /// The tokens of a login of the customer who is signed in, for this company so far: in place of the former, once they are
    /// for the company in force.
    pub(super) async fn sign_in_again(
        &self,
        mut grant: Box<Grant>,
        company: Option<LegalEntityId>,
        account: Option<Account>,
    ) -> Result<Option<Ending>> {
        let chosen = self.record().legal_entity().cloned();
        if chosen != company {
            if grant.refresh.is_none() {
                return Err(not_renewable());
            }
            if self.present_fingerprint() == Some(grant.access.token.fingerprint()) {
                // They are in force already. Nobody has them any more; the next renewal is for the company in force.
                let next = self.record().with_customer_unchecked_if(true);
                return Ok(Some(Ending::note(next, Reason::Requested)));
            }
            let session_id = grant.session_id.take();
            self.candidate.replace(Some(grant));
            let refreshed = self.refresh_customer(Operation::Login, chosen.as_ref());
            let mut restored = match refreshed.await? {
                (Exchanged::Granted(restored), _) => restored,
                (Exchanged::Refused(refusal), _) => return Err(company::refused(Some(refusal))),
                (Exchanged::Superseded, _) => return Err(SessionError::overtaken()),
            };
            if let Some(first) = self.candidate.take() {
                restored.saas = first.saas;
                restored.refresh = restored.refresh.or(first.refresh);
            }
            if session_id.is_none() {
                // It is not to be shown.
                restored.session_id = None;
            }
            if chosen.is_none() || session_id.is_some() && restored.session_id.is_none() {
                // What a refresh without a company does is documented nowhere, nor which session it leads to.
                let info = self.info_of(&restored.access.token).await?;
                if info.legal_entity_id != chosen {
                    return Err(company::refused(None));
                }
                restored.session_id = info.session_id.filter(|_| session_id.is_some());
            }
            grant = restored;
        }
        let next = self.record().with_login_again(*grant, account);
        Ok(Some(Ending::good(next, Reason::Requested)))
    }

    /// The bearer for a customer's login who is signed in: the guest's behind him, or one that is got for it.
    pub(super) async fn bearer_again(&self, is_refused: bool) -> Result<AccessToken> {
        let guest = self.guest_token().filter(|_| self.guest_looks_good());
        let bearer = match guest.filter(|_| !is_refused) {
            Some(guest) => guest,
            None => self.renewed_guest_bearer().await?,
        };
        Ok(bearer.token)
    }
}
