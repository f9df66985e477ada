//! The guest's token requests.

use super::exchange::Exchanged;
use super::fault::{fault_of, not_renewable, refused_start};
use super::renewal::Need;
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::{Refusal, anonymous};
use crate::host::Host;
use crate::session::{
    AccessToken, Freshness, Grant, Held, Pair, Reason, Record, Result, SessionError,
};

/// What came of asking for a guest's tokens.
enum Guest {
    /// The former guest has new ones, got here or by another tab.
    Renewed,
    /// Those of another guest. Only the former's end is stored.
    Another(Box<Grant>),
    /// None: there is no refresh token, or the platform has refused it for good, and the access token still serves.
    Spent(Option<Refusal>),
}

impl<H: Host> Lifecycle<H> {
    pub(super) fn guest_token(&self) -> Option<Held<AccessToken>> {
        let replica = self.replica.borrow();
        Some(replica.record.guest.as_ref()?.access.clone())
    }
}

impl<H: Host> Locked<H> {
    /// Renews the guest, or starts one: the first, or the next after a definite refusal.
    pub(super) async fn renew_guest(&self, need: Need) -> Result<Option<Ending>> {
        let guest = self.ask_for_guest(Some(need)).await?;
        let record = self.record();
        Ok(match guest {
            Guest::Renewed => None,
            // Who has signed in meanwhile is of another session.
            Guest::Another(_) if record.customer.is_some() => None,
            Guest::Another(grant) => Some(Ending::good(record.with_guest(*grant), need.reason())),
            Guest::Spent(Some(refusal)) if !refusal.is_explicit => {
                return Err(fault_of(refusal.status));
            }
            Guest::Spent(_) => {
                let outcome = match need {
                    Need::Another(_) => Err(not_renewable()),
                    _ => Ok(()),
                };
                let spent = record.with_guest_spent();
                Some(Ending::new(spent, need.reason(), outcome))
            }
        })
    }

    /// The bearer for a customer's refresh, got anew: from the guest behind the customer, or else thrown away after
    /// use, so that its session is never taken for ours.
    pub(super) async fn renewed_guest_bearer(&self) -> Result<Held<AccessToken>> {
        let before = self.present_fingerprint();
        let guest = self.ask_for_guest(None).await?;
        let bearer = match guest {
            Guest::Another(grant) => Some(grant.access),
            _ => self.guest_token(),
        };
        // The guest's answer is of use however late. What the platform has said so far was of the customer's former tokens.
        let is_same = self.candidate.borrow().is_some() || self.present_fingerprint() == before;
        bearer.filter(|_| is_same).ok_or_else(SessionError::late)
    }

    /// Asks for the guest's new tokens, where there is something to ask with, and then for those of another guest. `None`
    /// needs a token in any case.
    ///
    /// Only when another guest's are granted the former is given up: who refuses every token refuses none in particular. And a
    /// refusal in bare words may have been somebody's between here and the platform, who is gone now: then the former is asked
    /// for once more. So is at once whoever is refused before his end: a guest has his cart by that token alone.
    async fn ask_for_guest(&self, need: Option<Need>) -> Result<Guest> {
        let mut asks_for_former = true;
        let mut may_be_spent = false;
        let mut refused: Option<Refusal> = None;
        let mut another = None;
        let (next, reason, guest) = loop {
            let record = self.record();
            let former = record.guest.as_ref();
            let refresh = former.and_then(|pair| pair.refresh.as_ref());
            let refresh = refresh.filter(|_| asks_for_former);
            if refresh.is_none() {
                let freshness = former.map(|pair| pair.freshness(self.host.now()));
                let is_spared = need
                    .zip(freshness)
                    .is_some_and(|(need, it)| need.spares(it));
                let is_doubted = refused.is_some_and(|it| it.is_explicit) && !may_be_spent;
                if is_spared && (!is_doubted || another.is_some()) {
                    return Ok(Guest::Spent(refused));
                }
                if let Some(grant) = another {
                    let is_given_up = former.is_some();
                    let next = is_given_up.then(|| record.without_guest(self.host.random()));
                    break (next, Reason::Refused, Guest::Another(grant));
                }
            }
            let is_renewal = refresh.is_some();
            // The clock may be set, or the machine sleep, while the answer is on its way.
            let is_early =
                refresh.is_some_and(|it| it.life.freshness(self.host.now()) != Freshness::Expired);
            let consumes = former.and_then(Pair::refresh_fingerprint);
            let request = match refresh {
                Some(refresh) => anonymous::refresh(&self.platform, &refresh.token),
                None => anonymous::login(&self.platform),
            };
            let sent = Record::guest_pair;
            match self.exchange(Operation::Renewal, request, sent).await? {
                Exchanged::Superseded => return Ok(Guest::Renewed),
                Exchanged::Granted(grant) if is_renewal => {
                    let reason = need.filter(|_| another.is_none()).map(Need::reason);
                    let next = self.record().with_guest(*grant);
                    let reason = reason.unwrap_or(Reason::Needed);
                    break (Some(next), reason, Guest::Renewed);
                }
                Exchanged::Granted(grant) => {
                    another = Some(grant);
                    asks_for_former = refused.is_some_and(|it| !it.is_explicit);
                }
                Exchanged::Refused(refusal) if is_renewal && refusal.is_definite() => {
                    may_be_spent = record.pending.is_some_and(|it| it.consumes == consumes);
                    // Before its end, and with no answer lost that may have spent it, a token is refused by mistake.
                    asks_for_former = need.is_some()
                        && refused.is_none()
                        && !may_be_spent
                        && refusal.is_explicit
                        && is_early;
                    refused = Some(refusal);
                }
                Exchanged::Refused(refusal) if !is_renewal => {
                    return Err(refused_start(refusal, self.record().is_blank()));
                }
                Exchanged::Refused(refusal) => return Err(fault_of(refusal.status)),
            }
        };
        if let Some(next) = next {
            self.store(next, reason).await?;
        }
        Ok(guest)
    }
}
