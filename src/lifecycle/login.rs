//! Signing in: the guest's session becomes the customer's.

use super::renewal::Need;
use super::{Lifecycle, Operation};
use crate::emporix::{Refusal, Verdict, customer};
use crate::host::Host;
use crate::session::secret::Fingerprint;
use crate::session::{
    Code, Email, Grant, Identity, Kind, Password, Reason, Record, Result, SessionError,
};
use std::rc::Rc;

impl<H: Host> Lifecycle<H> {
    /// Signs a customer in, with the guest's token and so with the guest's session.
    pub async fn login(&self, email: String, password: String) -> Result<()> {
        let expected = "a text that is not empty";
        let email = Email::new(email).ok_or_else(|| SessionError::argument("email", expected))?;
        let password =
            Password::new(password).ok_or_else(|| SessionError::argument("password", expected))?;
        self.look_now_and_then().await;
        self.require_guest()?;
        let began = self.identity();
        self.detached(async move |this: Rc<Self>| this.log_in(&began, &email, &password).await)
            .await
    }

    fn require_guest(&self) -> Result<()> {
        match self.memory.borrow().record.customer {
            None => Ok(()),
            Some(_) => Err(SessionError::new(
                Code::InvalidState,
                "a customer is signed in already: log out first",
            )),
        }
    }

    async fn log_in(&self, began: &Identity, email: &Email, password: &Password) -> Result<()> {
        let _guard = self.lock().await?;
        self.require_guest()?;
        let record = self.record();
        if record.began == Kind::Logout && record.identity != *began {
            // Who logs out means the logins too that still wait for their turn.
            return Err(SessionError::overtaken());
        }
        let guest = self.ready_guest().await?;
        let mut request = customer::login::<H::Json>(&self.platform, &guest, email, password)
            .ok_or_else(|| SessionError::new(Code::Internal, "the login cannot be written"))?;
        let mut verdict = self.send_login(request.clone()).await?;
        if let Verdict::Refused(Refusal {
            blames_bearer: true,
            ..
        }) = verdict
        {
            // The platform names the guest's token, not the password: one new token, and one more try.
            self.renew_guest(Need::NotRefused(guest.fingerprint()))
                .await?;
            request.bearer = self.guest_token().map(|held| held.token);
            verdict = self.send_login(request).await?;
        }
        match verdict {
            Verdict::Granted(grant) => {
                let next = self.record().with_login(*grant, self.host.random());
                self.store(next, Reason::Requested).await
            }
            Verdict::Refused(refusal) => {
                self.clear_pending().await;
                Err(refused_login(refusal))
            }
            Verdict::Fault(error) => Err(error),
        }
    }

    async fn send_login(&self, request: crate::http::Request) -> Result<Verdict<Box<Grant>>> {
        self.exchange(Operation::Login, request, customer_access)
            .await?
            .ok_or_else(SessionError::overtaken)
    }
}

fn customer_access(record: &Record) -> Option<Fingerprint> {
    let customer = record.customer.as_ref()?;
    Some(customer.pair.access.token.fingerprint())
}

fn refused_login(refusal: Refusal) -> SessionError {
    let error = match refusal.status {
        403 => SessionError::new(Code::Forbidden, "the platform refuses this login"),
        _ => SessionError::new(Code::InvalidCredentials, "e-mail or password is wrong"),
    };
    error.with_status(refusal.status)
}
