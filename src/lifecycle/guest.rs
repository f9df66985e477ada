//! The guest's token requests.

use super::memory::Exchanged;
use super::renewal::Need;
use super::{Lifecycle, Operation};
use crate::emporix::{Refusal, anonymous};
use crate::host::Host;
use crate::session::secret::Fingerprint;
use crate::session::{AccessToken, Code, Held, Reason, Record, RefreshToken, Result, SessionError};

impl<H: Host> Lifecycle<H> {
    /// Renews the guest, or starts one: the first, or the next after a definite refusal. Needs the lock.
    pub(super) async fn renew_guest(&self, need: Need) -> Result<()> {
        loop {
            let record = self.record();
            let pair = record.guest.as_ref();
            let refresh = pair.and_then(|pair| Some(&pair.refresh.as_ref()?.token));
            let can_ask = pair.is_none() || refresh.is_some();
            if can_ask && self.ask_for_guest(refresh, need.reason()).await? {
                return Ok(());
            }
            if pair.is_some_and(|pair| need.spares(pair.freshness(self.host.now()))) {
                let spent = self.record().with_guest_spent();
                self.store(spent, need.reason()).await?;
                return match need {
                    Need::Another(_) => Err(not_renewable()),
                    _ => Ok(()),
                };
            }
            let ended = self.record().without_guest(self.host.random());
            self.store(ended, Reason::Refused).await?;
        }
    }

    pub(super) fn guest_token(&self) -> Option<Held<AccessToken>> {
        let memory = self.memory.borrow();
        Some(memory.record.guest.as_ref()?.access.clone())
    }

    /// The bearer for a customer's refresh, got anew: from the guest behind the customer, or else thrown away after
    /// use, so that its session is never taken for ours. Needs the lock.
    pub(super) async fn renewed_guest_bearer(&self) -> Result<Held<AccessToken>> {
        let record = self.record();
        if let Some(guest) = &record.guest
            && let Some(refresh) = &guest.refresh
            && self
                .ask_for_guest(Some(&refresh.token), Reason::Needed)
                .await?
        {
            return self.guest_token().ok_or_else(SessionError::overtaken);
        }
        if self.record().guest.is_some() {
            self.store(
                self.record().without_guest(self.host.random()),
                Reason::Refused,
            )
            .await?;
        }
        let request = anonymous::login(&self.platform);
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Granted(grant) => Ok(grant.access),
            Exchanged::Refused(refusal) => Err(refused_start(refusal)),
            Exchanged::Superseded => Err(SessionError::overtaken()),
        }
    }

    /// Whether the guest has new tokens now, renewed or first ones; if not, the platform has refused the refresh token for
    /// good.
    async fn ask_for_guest(&self, refresh: Option<&RefreshToken>, reason: Reason) -> Result<bool> {
        let request = match refresh {
            Some(token) => anonymous::refresh(&self.platform, token),
            None => anonymous::login(&self.platform),
        };
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Superseded => Ok(true),
            Exchanged::Granted(grant) => {
                self.store(self.record().with_guest(*grant), reason).await?;
                Ok(true)
            }
            Exchanged::Refused(refusal) if refresh.is_none() => Err(refused_start(refusal)),
            Exchanged::Refused(refusal) if refusal.is_definite() => Ok(false),
            Exchanged::Refused(refusal) => Err(fault_of(refusal.status)),
        }
    }
}

fn slot(record: &Record) -> Option<Fingerprint> {
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
