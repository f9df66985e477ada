//! The customer's refresh: which bearer, which company, and what a refusal means.

use super::exchange::Exchanged;
use super::fault::{fault_of, not_renewable};
use super::renewal::Need;
use super::{Ending, Locked, Operation};
use crate::emporix::{NotGranted, Refusal, TokenInfo, customer, garbled, judge};
use crate::host::Host;
use crate::session::{
    AccessToken, Bearer, Freshness, Grant, Held, LegalEntityId, Life, Millis, Pair, Reason, Record,
    RefreshToken, Result, SessionError,
};
use std::mem;

/// For how long a guest's token that was got as bearer is new: so long the lock is held for its answer, and nobody else asks.
const NEW: Millis = 60_000;

/// What the platform said to a customer's refresh, and the bearer that it was granted to, or refused first.
pub(super) type Refreshed = (Exchanged, BearerChoice);

impl<H: Host> Locked<H> {
    /// Renews the customer's tokens for the chosen company.
    pub(super) async fn renew_customer(&self, need: Need) -> Result<Option<Ending>> {
        let chosen = self.record().legal_entity().cloned();
        let mut is_certain = false;
        loop {
            let refreshed = self
                .refresh_customer(Operation::Renewal, chosen.as_ref())
                .await?;
            let refusal = match refreshed {
                (Exchanged::Superseded, _) => return Ok(None),
                (Exchanged::Granted(grant), tried) => {
                    let is_unchecked = self.record().is_unchecked();
                    let renewed = self.renewed_with(*grant, tried);
                    if is_unchecked && chosen.is_none() {
                        // What a refresh without a company does is documented nowhere, and a switch whose check was lost may
                        // have taken place.
                        return self.confirm(renewed, None).await;
                    }
                    return Ok(Some(Ending::good(renewed, need.reason())));
                }
                (Exchanged::Refused(refusal), _) => refusal,
            };
            if !refusal.is_definite() {
                return Err(fault_of(refusal.status));
            }
            let ending = self.customer_refused(refusal, need, is_certain).await?;
            if ending.is_some() {
                return Ok(ending);
            }
            is_certain = true;
        }
    }

    /// The refresh token is of no use any more. The customer stays for as long as the access token is accepted; where
    /// that is not plain the platform is asked, because clocks alone end nobody, and so it is before the refresh token is given
    /// up. `None` where the refresh is to be asked for once more, because the refusal is not certain.
    async fn customer_refused(
        &self,
        refusal: Refusal,
        need: Need,
        is_certain: bool,
    ) -> Result<Option<Ending>> {
        let mut record = self.record();
        let pair = record.pair().ok_or_else(SessionError::overtaken)?;
        // After a 401 a guest's token was asked for as well.
        let is_alone = refusal.status == 400;
        if is_alone && refusal.is_explicit || !need.spares(pair.freshness(self.host.now())) {
            let token = pair.access.token.clone();
            let told = self.info_of(&token).await;
            if self.present_fingerprint() != Some(token.fingerprint()) {
                // Somebody has signed in again while this page stood still: what is told is of the former tokens.
                return Err(SessionError::late());
            }
            let info = match told {
                Ok(info) => info,
                Err(NotGranted::Fault(error)) => return Err(error),
                Err(NotGranted::Refused(again)) => {
                    let is_doubted = again.status == 400
                        || refusal.mark == Refusal::UNASKED
                        || !(refusal.is_explicit && again.is_explicit);
                    if is_doubted && !is_certain {
                        // Where somebody between here and the platform refuses whatever is asked, with the same status, a guest
                        // is refused too; and where he is gone now, the customer is not.
                        self.renewed_guest_bearer().await?;
                        return Ok(None);
                    }
                    let next = self.record().without_customer(self.host.random());
                    let expired = Err(SessionError::expired());
                    return Ok(Some(Ending::new(next, Reason::Refused, expired)));
                }
            };
            record = self.record();
            let is_unchecked = record.is_unchecked();
            let life = Life::until(self.host.now(), info.expires_at);
            record = record.with_customer_access_life(life);
            if is_unchecked && info.legal_entity_id.as_ref() != record.legal_entity() {
                // A switch whose check was lost: the platform says now that it took place.
                record = record.with_legal_entity(info.legal_entity_id, self.host.random());
            }
        }
        if refusal.is_explicit {
            record = record.with_customer_spent();
        }
        let outcome = match need {
            Need::Good => Ok(()),
            _ if !refusal.is_explicit => Err(fault_of(refusal.status)),
            Need::Another(_) => Err(not_renewable()),
            _ => Ok(()),
        };
        Ok(Some(Ending::new(record, need.reason(), outcome)))
    }

    /// What the platform says of a customer's access token, or how it refuses it for good.
    pub(super) async fn info_of(
        &self,
        token: &AccessToken,
    ) -> std::result::Result<Box<TokenInfo>, NotGranted> {
        let request = customer::validate(&self.platform, token);
        let (began, asked) = (self.identity(), self.host.now());
        let answer = self.answer(self.host.send(request), None).await;
        // An answer about another identity is nobody's.
        self.require_identity(began.as_str())
            .map_err(NotGranted::Fault)?;
        let answer = judge::<H::Json>(answer).map_err(|reason| match reason {
            NotGranted::Refused(refusal) if refusal.is_definite() => reason,
            reason => NotGranted::Fault(reason.into()),
        })?;
        let info = TokenInfo::decode::<H::Json>(&answer.body, asked).map(Box::new);
        info.ok_or_else(|| NotGranted::Fault(garbled(&answer)))
    }

    /// The record with a customer's new tokens, and with the bearer that got them.
    pub(super) fn renewed_with(&self, grant: Grant, tried: BearerChoice) -> Record {
        let mut next = self.record().with_customer_renewed(grant);
        next.readings.refresh_bearer = Some(tried.bearer());
        next
    }

    /// Asks for new tokens for this company. Where no refresh token is left to ask with, that is as good as refused.
    ///
    /// The bearer that worked before comes first, then the other. The guest's token may have died unseen, so where it
    /// was answered with 401 a new one is tried too: next, where the guest's is known to be the right one.
    pub(super) async fn refresh_customer(
        &self,
        operation: Operation,
        company: Option<&LegalEntityId>,
    ) -> Result<Refreshed> {
        let held = match self.guest_looks_good() {
            true => BearerChoice::Guest,
            false => BearerChoice::NewGuest,
        };
        let known = self.record().readings.refresh_bearer;
        let (first, second) = match known {
            Some(Bearer::Customer) => (BearerChoice::Customer, held),
            _ => (held, BearerChoice::Customer),
        };
        let is_other = company.is_some() && company != self.record().legal_entity();
        // Where the bearer is known and another company is asked for, a refusal is the company's, more likely than not: the
        // caller finds out.
        let is_probe = known.is_some() && is_other;
        let (mut next, mut last) = (Some(first), Some(second).filter(|_| !is_probe));
        let mut refused = None;
        while let Some(mut attempt) = next {
            next = last.take();
            let Some(token) = self.customer_refresh_token() else {
                break;
            };
            let bearer = match attempt {
                BearerChoice::Guest => self.guest_token(),
                BearerChoice::NewGuest => {
                    let settled = self.settled.get();
                    let bearer = self.renewed_guest_bearer().await?;
                    if self.settled.get() == settled {
                        // Another tab has got it meanwhile, for whom it may have died by now.
                        attempt = BearerChoice::Guest;
                    }
                    Some(bearer)
                }
                BearerChoice::Customer => self.customer_token(),
            };
            let Some(bearer) = bearer else {
                continue;
            };
            let request = customer::refresh(&self.platform, &bearer.token, &token, company);
            let sent: fn(&Record) -> Option<&Pair> = match self.candidate.borrow().is_some() {
                true => |_| None,
                false => Record::customer_pair,
            };
            match self.exchange(operation, request, sent).await? {
                Exchanged::Refused(refusal) if refusal.is_definite() => {
                    let (now, life) = (self.host.now(), bearer.life);
                    let is_old = life.freshness(now) == Freshness::Expired
                        || now.mono.abs_diff(life.received.mono) >= NEW;
                    if attempt == BearerChoice::NewGuest && refusal.status == 401 && is_old {
                        // It has come late, or was sent late by a page that stood still: that says nothing of the customer.
                        return Err(SessionError::late());
                    }
                    if attempt == BearerChoice::Guest && refusal.status == 401 && !is_probe {
                        let anew = Some(BearerChoice::NewGuest);
                        last = match known {
                            Some(_) => mem::replace(&mut next, anew),
                            None => anew,
                        };
                    }
                    // One refusal in bare words is enough to doubt them all.
                    let (first, _) = refused.get_or_insert((refusal, attempt));
                    first.is_explicit &= refusal.is_explicit;
                }
                answer => return Ok((answer, attempt)),
            }
        }
        let (refusal, attempt) = refused.unwrap_or((Refusal::of_nothing(), first));
        Ok((Exchanged::Refused(refusal), attempt))
    }

    pub(super) fn guest_looks_good(&self) -> bool {
        let replica = self.replica.borrow();
        let pair = replica.record.guest.as_ref();
        pair.is_some_and(|pair| pair.freshness(self.host.now()) != Freshness::Expired)
    }

    /// The customer's access token, be it checked or not.
    pub(super) fn customer_token(&self) -> Option<Held<AccessToken>> {
        match &*self.candidate.borrow() {
            Some(grant) => Some(grant.access.clone()),
            None => self.record().pair().map(|pair| pair.access.clone()),
        }
    }

    fn customer_refresh_token(&self) -> Option<RefreshToken> {
        if let Some(grant) = &*self.candidate.borrow() {
            return Some(grant.refresh.as_ref()?.token.clone());
        }
        let replica = self.replica.borrow();
        let refresh = replica.record.customer.as_ref()?.pair.refresh.as_ref()?;
        Some(refresh.token.clone())
    }
}

/// A bearer to try.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BearerChoice {
    /// The guest's token that is held.
    Guest,
    /// A guest's token that is got for it.
    NewGuest,
    /// The customer's own.
    Customer,
}

impl BearerChoice {
    pub(super) fn bearer(self) -> Bearer {
        match self {
            Self::Guest | Self::NewGuest => Bearer::Anonymous,
            Self::Customer => Bearer::Customer,
        }
    }
}
