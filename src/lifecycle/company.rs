//! Choosing a company: all or nothing. Refused, the former one stays in force; only the tokens have moved on.

use super::customer::BearerChoice;
use super::exchange::Exchanged;
use super::fault::{fault_of, not_renewable};
use super::{Ending, Locked, Operation};
use crate::emporix::Refusal;
use crate::host::Host;
use crate::session::{Code, LegalEntityId, Omission, Reason, Record, Result, SessionError};

impl<H: Host> Locked<H> {
    /// Another company, or none; `verify` asks the platform whom the new token speaks for before anybody has it.
    pub(super) async fn switch(
        &self,
        chosen: Option<&LegalEntityId>,
        verify: bool,
    ) -> Result<Option<Ending>> {
        self.require_customer()?;
        let record = self.record();
        let is_same = record.legal_entity() == chosen;
        if is_same && !verify && !record.is_unchecked() {
            // Who is to choose and chooses none has chosen.
            let next = record.clone().with_choice_made();
            return Ok((next != record).then(|| Ending::note(next, Reason::Requested)));
        }
        let omission = record.readings.omission(self.host.now());
        if chosen.is_none() && !is_same && omission == Some(Omission::Keeps) {
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
        if verify || is_same || chosen.is_none() && omission.is_none() {
            return self.confirm(next, Some(chosen)).await;
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
                // A switch whose check was lost may have taken place.
                let is_unchecked = former.is_none() && self.record().is_unchecked();
                let next = self.renewed_with(*grant, other);
                let next = next.with_customer_unchecked_if(is_unchecked);
                (next, Reason::Requested, Ok(is_to_blame))
            }
            (Exchanged::Refused(plain), _) if plain.is_explicit && plain.is_definite() => {
                if plain.status == 400 {
                    // Where whatever is asked is refused, a guest is too. After a 401 that was asked.
                    self.renewed_guest_bearer().await?;
                }
                // The same words: the refresh token was meant, and no company.
                let verdict = match plain == refusal {
                    true => Err(not_renewable()),
                    false => Ok(false),
                };
                let spent = self.record().with_customer_spent();
                (spent, Reason::Refused, verdict)
            }
            (Exchanged::Refused(plain), _)
                if plain.is_definite() || plain.status == refusal.status =>
            {
                return Err(fault_of(plain.status));
            }
            (Exchanged::Superseded, _) => return Err(SessionError::overtaken()),
            _ => return Ok(false),
        };
        self.store(next, reason).await?;
        verdict
    }

    /// Asks the platform which company the new token speaks for. Whether a refresh without a company returns to B2C is
    /// documented nowhere, so the first one is checked, and every switch that is to be verified. Until the check has been
    /// answered the new access token is nobody's, and the new refresh token is already safe; where it speaks for a third
    /// company, or for none that is told when one was asked for, it stays nobody's: older answers name none at all. Where nobody
    /// has `chosen` now, the one it speaks for is in force.
    pub(super) async fn confirm(
        &self,
        renewed: Record,
        chosen: Option<Option<&LegalEntityId>>,
    ) -> Result<Option<Ending>> {
        let Some(access) = renewed.pair().map(|pair| pair.access.clone()) else {
            return Err(SessionError::overtaken());
        };
        let kept = renewed.with_customer_unchecked_if(true);
        self.store(kept, Reason::Requested).await?;

        let told = self.info_of(&access.token).await?.legal_entity_id;
        let mut next = self.record();
        let is_chosen = chosen.is_none_or(|chosen| told.as_ref() == chosen);
        let is_former = told.as_ref() == next.legal_entity();
        match &mut next.customer {
            Some(customer) if customer.pair.access.token == access.token => {
                if is_chosen || told.is_some() && is_former {
                    customer.pair.access = access;
                }
            }
            _ => return Err(SessionError::overtaken()),
        }
        // Where there was no company before there was none to be kept: that teaches nothing.
        if chosen == Some(None) && !(is_chosen && is_former) {
            let omission = match is_chosen {
                true => Omission::Clears,
                false => Omission::Keeps,
            };
            next.readings.omission = Some((omission, self.host.now().wall));
        }
        if !is_chosen {
            let refused = Err(refused(None));
            return Ok(Some(Ending::new(next, Reason::Requested, refused)));
        }
        let next = match is_former {
            true if chosen.is_some() => next.with_choice_made(),
            true => next,
            false => next.with_legal_entity(told, self.host.random()),
        };
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
