//! What a caller asks to be changed. One way through for all of it, because each future that waits brings code of its own.

use super::renewal::Need;
use super::{Adoption, Lifecycle, Work};
use crate::host::Host;
use crate::session::{Email, Identity, LegalEntityId, Password, Result, SessionError};
use std::cell::Cell;
use std::rc::Rc;

/// What a caller asks to be changed.
pub enum Change {
    /// New tokens: the same identity, the same company.
    Refresh,
    /// A customer signs in, with the guest's token and so with the guest's session.
    Login(Turn, Email, Password),
    /// Tokens from somewhere else are taken over.
    Adopt(Turn, Box<Adoption>),
    /// The company the customer acts for, and whether the platform is asked if the new token speaks for it; `None` returns to
    /// B2C.
    Switch(Option<LegalEntityId>, bool),
}

/// A login, or tokens to be taken over, from when they are asked for: whoever logs out later means them too, though there may
/// be nobody yet whom a logout could end.
pub struct Turn {
    /// Who this page knew the visitor to be.
    pub(super) identity: Identity,
    _under_way: Rc<()>,
}

impl Change {
    /// A customer signs in.
    ///
    /// # Errors
    /// `invalid_argument` where either is blank.
    pub fn login(turn: Turn, email: String, password: String) -> Result<Self> {
        let refused = |field| SessionError::argument(field, "a text that is not empty");
        let email = Email::new(email).ok_or_else(|| refused("email"))?;
        let password = Password::new(password).ok_or_else(|| refused("password"))?;
        Ok(Self::Login(turn, email, password))
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
    /// For [`Change::Login`] and [`Change::Adopt`], when they are asked for.
    pub fn turn(&self) -> Turn {
        Turn {
            identity: self.identity(),
            _under_way: Rc::clone(&self.turns),
        }
    }

    /// Whether somebody is to sign in who has not come to an end of it.
    pub(super) fn is_signing_in(&self) -> bool {
        Rc::strong_count(&self.turns) > 1
    }

    /// Makes the change, or tells why it cannot be made.
    pub async fn change(&self, change: Change) -> Result<()> {
        self.look_now_and_then().await;
        let need = match &change {
            Change::Refresh => Some(Need::Another(self.present_fingerprint())),
            // Who is signed in and not known is asked with his own token.
            Change::Login(_, email, _) if !self.recognises(email.expose())? => Some(Need::Good),
            _ => None,
        };
        if let Some(need) = need.filter(|need| !self.is_met(*need)) {
            self.renewed(need).await?;
        }
        let work = match change {
            Change::Refresh => return Ok(()),
            Change::Login(turn, email, password) => Work::Login(turn, email, password),
            Change::Adopt(turn, adoption) => Work::Adopt(turn, Cell::new(Some(adoption))),
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
        self.change(Change::Refresh).await
    }

    /// [`Change::Login`].
    pub async fn login(&self, email: String, password: String) -> Result<()> {
        self.change(Change::login(self.turn(), email, password)?)
            .await
    }

    /// [`Change::Switch`].
    pub async fn switch_legal_entity(&self, chosen: Option<String>) -> Result<()> {
        self.change(Change::switch(chosen, false)?).await
    }
}
