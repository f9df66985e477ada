//! The guest's token requests.

use super::renewal::Need;
use super::{Lifecycle, Operation};
use crate::emporix::{Refusal, Verdict, anonymous};
use crate::host::Host;
use crate::http::Request;
use crate::session::secret::Fingerprint;
use crate::session::{
    AccessToken, Code, Freshness, Grant, Held, Pair, Reason, Record, RefreshToken, Result,
    SessionError,
};

/// What a definite refusal of the guest's refresh token leaves.
enum Guest {
    Renewed,
    Refused,
}

impl<H: Host> Lifecycle<H> {
    /// Renews the guest, or starts one: the first, or the next after a definite refusal. Needs the lock.
    pub(super) async fn renew_guest(&self, need: Need) -> Result<()> {
        let record = self.record();
        let Some(pair) = &record.guest else {
            return self.start_guest(need.reason()).await;
        };
        if let Some(refresh) = &pair.refresh
            && let Guest::Renewed = self.refresh_guest(&refresh.token, need.reason()).await?
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
            && let Guest::Renewed = self.refresh_guest(&refresh.token, Reason::Needed).await?
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
        match self.ask_for_guest(request).await? {
            Some(Verdict::Granted(grant)) => Ok(grant.access),
            Some(Verdict::Refused(refusal)) => Err(refused_start(refusal)),
            Some(Verdict::Fault(error)) => Err(error),
            None => Err(SessionError::overtaken()),
        }
    }

    async fn start_guest(&self, reason: Reason) -> Result<()> {
        let request = anonymous::login(&self.platform);
        match self.ask_for_guest(request).await? {
            None => Ok(()),
            Some(Verdict::Granted(grant)) => {
                self.store(self.record().with_guest(*grant), reason).await
            }
            Some(Verdict::Refused(refusal)) => {
                self.clear_pending().await;
                Err(refused_start(refusal))
            }
            Some(Verdict::Fault(error)) => Err(error),
        }
    }

    async fn refresh_guest(&self, token: &RefreshToken, reason: Reason) -> Result<Guest> {
        let request = anonymous::refresh(&self.platform, token);
        let Some(verdict) = self.ask_for_guest(request).await? else {
            return Ok(Guest::Renewed);
        };
        match verdict {
            Verdict::Granted(grant) => {
                self.store(self.record().with_guest(*grant), reason).await?;
                Ok(Guest::Renewed)
            }
            Verdict::Refused(refusal) if refusal.is_definite() => Ok(Guest::Refused),
            Verdict::Refused(refusal) => Err(fault_of(refusal)),
            Verdict::Fault(error) => Err(error),
        }
    }

    async fn ask_for_guest(&self, request: Request) -> Result<Option<Verdict<Box<Grant>>>> {
        self.exchange(Operation::Renewal, request, guest_slot).await
    }
}

fn guest_slot(record: &Record) -> Option<Fingerprint> {
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
pub(super) fn fault_of(refusal: Refusal) -> SessionError {
    SessionError::passing(Code::Forbidden, "the platform refuses the call")
        .with_status(refusal.status)
}

pub(super) fn not_renewable() -> SessionError {
    SessionError::new(
        Code::Forbidden,
        "the session can be renewed no more; it lasts until its token ends",
    )
}
