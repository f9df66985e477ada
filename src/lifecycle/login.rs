//! Signing in: the guest's session becomes the customer's.

use super::exchange::Exchanged;
use super::renewal::Need;
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::{Platform, Refusal, customer};
use crate::host::Host;
use crate::http::Request;
use crate::session::{AccessToken, Code, Email, Identity, Password, Reason, Result, SessionError};

impl<H: Host> Lifecycle<H> {
    pub(super) fn require_guest(&self) -> Result<()> {
        match self.replica.borrow().record.customer {
            None => Ok(()),
            Some(_) => Err(another_customer()),
        }
    }
}

impl<H: Host> Locked<H> {
    pub(super) async fn log_in(
        &self,
        began: &Identity,
        email: &Email,
        password: &Password,
    ) -> Result<Option<Ending>> {
        self.require_turn(began)?;
        if self.require_guest().is_err() {
            self.require_same(email.expose()).await?;
            let grant = self.restored(Some((email, password)), None).await?;
            let account = self.account_of(email.expose());
            return Ok(Some(self.signed_in_again(*grant, Some(account))));
        }
        let mut need = Need::Good;
        loop {
            if !self.is_met(need) {
                let renewed = self.renew_guest(need).await?;
                self.end(renewed).await?;
                // Its answer may have been late, and somebody signed in meanwhile.
                self.require_guest()
                    .map_err(|_| SessionError::overtaken())?;
            }
            let guest = self.present_token()?;
            let request = login::<H>(&self.platform, &guest, email, password)?;
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Granted(grant) => {
                    let next = self.record().with_login(*grant, self.host.random());
                    let next = next.with_owner(Some(self.account_of(email.expose())), None);
                    return Ok(Some(Ending::good(next, Reason::Requested)));
                }
                Exchanged::Refused(refusal) if refusal.blames_bearer && need == Need::Good => {
                    // The platform names the guest's token, not the password: one new token, and one more try.
                    need = Need::NotRefused(guest.fingerprint());
                }
                Exchanged::Refused(refusal) => return Err(refused_login(refusal)),
                Exchanged::Superseded => return Err(SessionError::overtaken()),
            }
        }
    }
}

pub(super) fn login<H: Host>(
    platform: &Platform,
    guest: &AccessToken,
    email: &Email,
    password: &Password,
) -> Result<Request> {
    customer::login::<H::Json>(platform, guest, email, password)
        .ok_or_else(|| SessionError::new(Code::Internal, "the login cannot be written"))
}

pub(super) fn another_customer() -> SessionError {
    SessionError::new(
        Code::InvalidState,
        "a customer is signed in already: log out first",
    )
}

pub(super) fn refused_login(refusal: Refusal) -> SessionError {
    let error = match refusal.status {
        403 => SessionError::new(Code::Forbidden, "the platform refuses this login"),
        _ => SessionError::new(Code::InvalidCredentials, "e-mail or password is wrong"),
    };
    error.with_status(refusal.status)
}
