//! What a caller asks to be changed. One way through for all of it, because each future that waits brings code of its own.

use super::renewal::Need;
use super::{Adoption, Lifecycle, Work};
use crate::host::Host;
use crate::session::{Email, LegalEntityId, Password, Result, SessionError};
use std::cell::Cell;
use std::rc::Rc;

/// What a caller asks to be changed.
pub enum Change {
    /// New tokens: the same identity, the same company.
    Refresh,
    /// A customer signs in, with the guest's token and so with the guest's session.
    Login(Email, Password),
    /// Tokens from somewhere else are taken over.
    Adopt(Box<Adoption>),
    /// The company the customer acts for, and whether the platform is asked if the new token speaks for it; `None` returns to
    /// B2C.
    Switch(Option<LegalEntityId>, bool),
}

impl Change {
    /// A customer signs in.
    ///
    /// # Errors
    /// `invalid_argument` where either is blank.
    pub fn login(email: String, password: String) -> Result<Self> {
        let refused = |field| SessionError::argument(field, "a text that is not empty");
        let email = Email::new(email).ok_or_else(|| refused("email"))?;
        let password = Password::new(password).ok_or_else(|| refused("password"))?;
        Ok(Self::Login(email, password))
    }

    /// Another company.
    ///
    /// # Errors
    /// `invalid_argument` where its id is blank.
    pub fn switch(chosen: Option<String>, verify: bool) -> Result<Self> {
        let Some(id) = chosen else {
            return Ok(Self::Switch(None, verify));
        };
        match LegalEntityId::new(id) {
            None => Err(SessionError::argument(
                "legalEntityId",
                "null or a text that is not empty",
            )),
            chosen => Ok(Self::Switch(chosen, verify)),
        }
    }
}

impl<H: Host> Lifecycle<H> {
    /// Somebody is asked to sign in: to be held until he has, or has not. Whoever logs out meanwhile means him too, though there may
    /// be nobody yet whom a logout could end.
    pub fn begin_sign_in(&self) -> Rc<()> {
        Rc::clone(&self.signing_in)
    }

    /// The epoch that this page knows: each change of identity begins one.
    pub fn epoch(&self) -> u64 {
        self.replica.borrow().record.epoch
    }

    /// Makes the change, or tells why it cannot be made. `began` is the epoch in which it was asked for.
    pub async fn change(&self, began: u64, change: Change) -> Result<()> {
        self.look_now_and_then().await;
        let need = match &change {
            Change::Refresh => Some(Need::Another(self.present_fingerprint())),
            // Who is signed in and not known is asked with his own token.
            Change::Login(email, _) if !self.recognises(email.expose())? => Some(Need::Good),
            _ => None,
        };
        if let Some(need) = need.filter(|need| !self.is_met(*need)) {
            self.renewed(need).await?;
        }
        let work = match change {
            Change::Refresh => return Ok(()),
            Change::Login(email, password) => Work::Login(began, email, password),
            Change::Adopt(adoption) => Work::Adopt(began, Cell::new(Some(adoption))),
            Change::Switch(chosen, verify) => {
                self.require_customer()?;
                Work::Switch(chosen, verify)
            }
        };
        let flight = self.run_locked(work);
        self.wait_for(flight).await
    }

    /// [`Change::Refresh`].
    pub async fn refresh(&self) -> Result<()> {
        self.change(self.epoch(), Change::Refresh).await
    }

    /// [`Change::Login`].
    pub async fn login(&self, email: String, password: String) -> Result<()> {
        let _signing_in = self.begin_sign_in();
        self.change(self.epoch(), Change::login(email, password)?)
            .await
    }

    /// [`Change::Switch`].
    pub async fn switch_legal_entity(&self, chosen: Option<String>) -> Result<()> {
        self.change(self.epoch(), Change::switch(chosen, false)?)
            .await
    }
}
