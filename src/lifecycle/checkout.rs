//! What checkout is asked with: the access token and, for a customer, the saas token beside it. A refresh brings no saas token,
//! so that one has an end of its own.

use super::Lifecycle;
use crate::host::Host;
use crate::session::{Kind, Millis, Reason, Result, SaasToken, SessionError};

/// What tokens are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An API call: the access token alone.
    Call,
    /// A checkout, whoever makes it.
    Checkout,
    /// A customer's checkout.
    CustomersCheckout,
}

impl<H: Host> Lifecycle<H> {
    /// The saas token that goes with the access token at this moment; none for a guest, nor where it is not wanted.
    ///
    /// # Errors
    /// `login_required`: with the reason `saas_expired` for a customer without a saas token that is good, and with `guest` for
    /// a guest where a customer's is wanted.
    pub fn saas_for(&self, purpose: Purpose) -> Result<Option<SaasToken>> {
        let replica = self.replica.borrow();
        match (purpose, &replica.record.customer) {
            (Purpose::Call, _) | (Purpose::Checkout, None) => Ok(None),
            (Purpose::CustomersCheckout, None) => Err(SessionError::login_required()),
            (_, Some(_)) => {
                let saas = replica.record.saas_token(self.host.now());
                Ok(Some(saas.ok_or_else(SessionError::saas_expired)?.clone()))
            }
        }
    }

    /// How long until the saas token ends; `None` where none is about to. Of its end the listeners are told once.
    pub(super) fn watch_saas(&self) -> Option<Millis> {
        let mut replica = self.replica.borrow_mut();
        let life = replica.record.saas()?.life;
        let left = life.until_end(self.host.now());
        if left == Some(0) {
            let received = life.received.wall;
            if self.told_saas_end.replace(received) != received && replica.begun {
                replica.tell(Kind::Saas, Reason::Expired);
            }
            return None;
        }
        left
    }
}
