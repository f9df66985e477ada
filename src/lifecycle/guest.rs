//! The guest's token requests.

use super::exchange::Exchanged;
use super::renewal::Need;
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::{Refusal, anonymous};
use crate::host::Host;
use crate::session::secret::Fingerprint;
use crate::session::{AccessToken, Code, Grant, Held, Reason, Record, Result, SessionError};

/// What became of the guest's refresh token.
enum Asked {
    /// It was renewed, here or by another tab.
    Renewed,
    /// There is none, or the platform has refused it for good.
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
        let Asked::Spent(refusal) = self.ask_for_guest(need.reason()).await? else {
            return Ok(None);
        };
        let record = self.record();
        let pair = record.guest.as_ref();
        if pair.is_some_and(|pair| need.spares(pair.freshness(self.host.now()))) {
            if let Some(refusal) = refusal.filter(|it| !it.is_explicit) {
                return Err(fault_of(refusal.status));
            }
            let spent = record.with_guest_spent();
            let outcome = match need {
                Need::Another(_) => Err(not_renewable()),
                _ => Ok(()),
            };
            return Ok(Some(Ending::new(spent, need.reason(), outcome)));
        }
        let another = self.ask_for_another_guest(refusal).await?;
        Ok(another.map(|grant| Ending::good(self.record().with_guest(grant), need.reason())))
    }

    /// The bearer for a customer's refresh, got anew: from the guest behind the customer, or else thrown away after
    /// use, so that its session is never taken for ours.
    pub(super) async fn renewed_guest_bearer(&self) -> Result<Held<AccessToken>> {
        if let Asked::Spent(refusal) = self.ask_for_guest(Reason::Needed).await?
            && let Some(grant) = self.ask_for_another_guest(refusal).await?
        {
            return Ok(grant.access);
        }
        self.guest_token().ok_or_else(SessionError::overtaken)
    }

    /// Renews the guest's tokens, where there is something to ask with.
    async fn ask_for_guest(&self, reason: Reason) -> Result<Asked> {
        let record = self.record();
        let refresh = record.guest.as_ref().and_then(|pair| pair.refresh.as_ref());
        let Some(refresh) = refresh else {
            return Ok(Asked::Spent(None));
        };
        let request = anonymous::refresh(&self.platform, &refresh.token);
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Superseded => Ok(Asked::Renewed),
            Exchanged::Granted(grant) => {
                self.store(self.record().with_guest(*grant), reason).await?;
                Ok(Asked::Renewed)
            }
            Exchanged::Refused(refusal) if refusal.is_definite() => Ok(Asked::Spent(Some(refusal))),
            Exchanged::Refused(refusal) => Err(fault_of(refusal.status)),
        }
    }

    /// The tokens of another guest; `None` where the former one has new tokens after all. Only when they are granted the former
    /// is given up: who refuses every token refuses none in particular. And a refusal in bare words may have been somebody's
    /// between here and the platform, who is gone now.
    async fn ask_for_another_guest(&self, refusal: Option<Refusal>) -> Result<Option<Grant>> {
        let request = anonymous::login(&self.platform);
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Superseded => Ok(None),
            Exchanged::Granted(grant) => {
                if refusal.is_some_and(|it| !it.is_explicit)
                    && let Asked::Renewed = self.ask_for_guest(Reason::Needed).await?
                {
                    return Ok(None);
                }
                let record = self.record();
                if record.guest.is_some() {
                    let ended = record.without_guest(self.host.random());
                    self.store(ended, Reason::Refused).await?;
                }
                Ok(Some(*grant))
            }
            Exchanged::Refused(refusal) if self.record().is_blank() => Err(refused_start(refusal)),
            Exchanged::Refused(refusal) => Err(fault_of(refusal.status)),
        }
    }
}

pub(super) fn slot(record: &Record) -> Option<Fingerprint> {
    record.guest.as_ref()?.refresh_fingerprint()
}

/// The platform wants no guest of this storefront: a wrong client id, as a rule.
fn refused_start(refusal: Refusal) -> SessionError {
    SessionError::new(
        Code::Forbidden,
        "the platform refuses anonymous tokens: are tenant and clientId right?",
    )
    .with_status(refusal.status)
}

/// A refusal that is none of a token's: it ends nothing and may pass.
pub(super) fn fault_of(status: u16) -> SessionError {
    SessionError::passing(Code::Forbidden, "the platform refuses the call").with_status(status)
}

pub(super) fn not_renewable() -> SessionError {
    SessionError::new(
        Code::Forbidden,
        "the session can be renewed no more; it lasts until its token ends",
    )
}
