//! Signing in: the guest's session becomes the customer's.

use super::exchange::Exchanged;
use super::renewal::Need;
use super::{Ending, Lifecycle, Locked, Operation};
use crate::emporix::{Refusal, customer};
use crate::host::Host;
use crate::session::{Code, Email, Password, Reason, Result, SessionError};

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
        began: u64,
        email: &Email,
        password: &Password,
    ) -> Result<Option<Ending>> {
        self.require_turn(began)?;
        let is_again = self.require_guest().is_err();
        if is_again {
            self.require_same(email.expose()).await?;
        }
        let mut need = Need::Good;
        loop {
            let guest = if is_again {
                self.bearer_again(need != Need::Good).await?
            } else {
                if !self.is_met(need) {
                    let renewed = self.renew_guest(need).await?;
                    self.end(renewed).await?;
                    // Its answer may have been late, and somebody signed in meanwhile.
                    self.require_guest()
                        .map_err(|_| SessionError::overtaken())?;
                }
                self.present_token()?
            };
            let request = customer::login::<H::Json>(&self.platform, &guest, email, password)
                .ok_or_else(|| SessionError::new(Code::Internal, "the login cannot be written"))?;
            match self.exchange(Operation::Login, request, |_| None).await? {
                Exchanged::Granted(mut grant) => {
                    let account = Some(self.account_of(email.expose()));
                    if is_again {
                        if self.guest_token().is_none_or(|own| own.token != guest) {
                            // Another session has lent the bearer, and is not shown.
                            grant.session_id = None;
                        }
                        return self.sign_in_again(grant, None, account).await;
                    }
                    let next = self.record().with_login(*grant, self.host.random());
                    let next = next.with_owner(account, None);
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

pub(super) fn another_customer() -> SessionError {
    SessionError::new(
        Code::InvalidState,
        "a customer is signed in already: log out first",
    )
}

fn refused_login(refusal: Refusal) -> SessionError {
    let error = match refusal.status {
        403 => SessionError::new(Code::Forbidden, "the platform refuses this login"),
        _ => SessionError::new(Code::InvalidCredentials, "e-mail or password is wrong"),
    };
    error.with_status(refusal.status)
}
