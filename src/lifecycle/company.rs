//! Choosing a company: all or nothing. Refused, the former one stays in force; only the tokens have moved on.

use super::customer::BearerChoice;
use super::exchange::Exchanged;
use super::guest::{fault_of, not_renewable};
use super::{Ending, Locked, Operation};
use crate::emporix::Refusal;
use crate::host::Host;
use crate::session::{Code, LegalEntityId, Omission, Reason, Record, Result, SessionError};

impl<H: Host> Locked<H> {
    pub(super) async fn switch(&self, chosen: Option<&LegalEntityId>) -> Result<Option<Ending>> {
        self.require_customer()?;
        let record = self.record();
        if record.legal_entity() == chosen {
            return Ok(None);
        }
        let omission = record.readings.omission(self.host.now());
        if chosen.is_none() && omission == Some(Omission::Keeps) {
            return Err(refused(None));
        }
        if record.pair().is_none_or(|pair| pair.refresh.is_none()) {
            return Err(not_renewable());
        }
        let mut is_doubted = false;
        let (grant, tried) = loop {
            let (answer, tried) = self.refresh_customer(Operation::Switch, chosen).await?;
            match answer {
                Exchanged::Superseded => return Err(SessionError::overtaken()),
                Exchanged::Granted(grant) => break (grant, tried),
                Exchanged::Refused(refusal) => {
                    if is_doubted || !self.blames_bearer(refusal, tried).await? {
                        return Err(refused(Some(refusal)));
                    }
                    is_doubted = true;
                }
            }
        };
        let next = self.renewed_with(*grant, tried);
        if chosen.is_none() && omission.is_none() {
            return self.confirm_b2c(next).await;
        }
        let next = next.with_legal_entity(chosen.cloned(), self.host.random());
        Ok(Some(Ending::good(next, Reason::Requested)))
    }

    /// A refused switch may mean the company, the bearer or the refresh token: a plain refresh for the former company
    /// tells. The bearer was to blame where that one goes through with another.
    async fn blames_bearer(&self, refusal: Refusal, tried: BearerChoice) -> Result<bool> {
        let former = self.record().legal_entity().cloned();
        let plain = self.refresh_customer(Operation::Switch, former.as_ref());
        let (next, reason, verdict) = match plain.await? {
            (Exchanged::Granted(grant), other) => {
                let is_to_blame = tried != BearerChoice::NewGuest && tried != other;
                let next = self.renewed_with(*grant, other);
                (next, Reason::Requested, Ok(is_to_blame))
            }
            (Exchanged::Refused(plain), _) if plain.is_explicit && plain.is_definite() => {
                // The same words: the refresh token was meant, and no company.
                let verdict = match plain == refusal {
                    true => Err(not_renewable()),
                    false => Ok(false),
                };
                let spent = self.record().with_customer_spent();
                (spent, Reason::Refused, verdict)
            }
            (Exchanged::Refused(plain), _) if plain.is_definite() || plain == refusal => {
                return Err(fault_of(plain.status));
            }
            (Exchanged::Superseded, _) => return Err(SessionError::overtaken()),
            _ => return Ok(false),
        };
        self.store(next, reason).await?;
        verdict
    }

    /// Whether a refresh without a company returns to B2C is documented nowhere, so the first one is checked. Until
    /// the check has been answered the new access token is nobody's, and the new refresh token is already safe.
    async fn confirm_b2c(&self, renewed: Record) -> Result<Option<Ending>> {
        let Some(access) = renewed.pair().map(|pair| pair.access.clone()) else {
            return Err(SessionError::overtaken());
        };
        let kept = renewed.with_customer_access_over();
        self.store(kept, Reason::Requested).await?;

        let info = self.info_of(&access.token).await?;
        let info = info.map_err(|refusal| fault_of(refusal.status))?;
        let mut next = self.record();
        if let Some(customer) = &mut next.customer
            && customer.pair.access.token == access.token
        {
            customer.pair.access = access;
        } else {
            return Err(SessionError::overtaken());
        }
        if info.legal_entity_id.is_some() {
            next.readings.omission = Some((Omission::Keeps, self.host.now().wall));
            let refused = Err(refused(None));
            return Ok(Some(Ending::new(next, Reason::Requested, refused)));
        }
        next.readings.omission = Some((Omission::Clears, self.host.now().wall));
        let next = next.with_legal_entity(None, self.host.random());
        Ok(Some(Ending::good(next, Reason::Requested)))
    }
}

pub(super) fn refused(refusal: Option<Refusal>) -> SessionError {
    let error = SessionError::new(
        Code::LegalEntityRefused,
        "the platform refused the company; the former one is in force",
    );
    match refusal {
        Some(refusal) => error.with_status(refusal.status),
        None => error,
    }
}
