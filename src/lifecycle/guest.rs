//! The guest's token requests.

use super::memory::Exchanged;
use super::renewal::Need;
use super::{Lifecycle, Operation};
use crate::emporix::{Refusal, anonymous};
use crate::host::Host;
use crate::session::secret::Fingerprint;
use crate::session::{
    AccessToken, Code, Freshness, Held, Pair, Reason, Record, RefreshToken, Result, SessionError,
};

impl<H: Host> Lifecycle<H> {
    /// Renews the guest, or starts one: the first, or the next after a definite refusal. Needs the lock.
    pub(super) async fn renew_guest(&self, need: Need) -> Result<()> {
        let record = self.record();
        let Some(pair) = &record.guest else {
            return self.start_guest(need.reason()).await;
        };
        if let Some(refresh) = &pair.refresh
            && self.refresh_guest(&refresh.token, need.reason()).await?
        {
            return Ok(());
        }
        if need.spares(pair.freshness(self.host.now())) {
            self.store(self.record().with_guest_spent(), need.reason())
                .await?;
            return match need {
                Need::Another(_) => Err(not_renewable()),
                _ => Ok(()),
            };
        }
        self.store(
            self.record().without_guest(self.host.random()),
            Reason::Refused,
        )
        .await?;
        self.start_guest(need.reason()).await
    }

    /// A guest's token that is good, for the login. Needs the lock.
    pub(super) async fn ready_guest(&self) -> Result<AccessToken> {
        let good = |pair: &Pair| pair.freshness(self.host.now()) != Freshness::Expired;
        if !self.record().guest.as_ref().is_some_and(good) {
            self.renew_guest(Need::Good).await?;
        }
        self.guest_token()
            .map(|held| held.token)
            .ok_or_else(SessionError::overtaken)
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
            && self.refresh_guest(&refresh.token, Reason::Needed).await?
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

    async fn start_guest(&self, reason: Reason) -> Result<()> {
        let request = anonymous::login(&self.platform);
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Superseded => Ok(()),
            Exchanged::Granted(grant) => self.store(self.record().with_guest(*grant), reason).await,
            Exchanged::Refused(refusal) => {
                self.write_pending(None).await;
                Err(refused_start(refusal))
            }
        }
    }

    /// Whether the guest has new tokens now; if not, the platform has refused the refresh token for good.
    async fn refresh_guest(&self, token: &RefreshToken, reason: Reason) -> Result<bool> {
        let request = anonymous::refresh(&self.platform, token);
        match self.exchange(Operation::Renewal, request, slot).await? {
            Exchanged::Superseded => Ok(true),
            Exchanged::Granted(grant) => {
                self.store(self.record().with_guest(*grant), reason).await?;
                Ok(true)
            }
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
