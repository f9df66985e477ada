//! What is found out about the visitor beside the tokens, and is for all tabs to know.

use super::{Ending, Lifecycle, Locked, Work};
use crate::host::Host;
use crate::session::{Cart, Identity, Kind, Reason, Result};

/// The note that the customer has companies to choose from.
const COMPANY_NEEDED: &str = "needed";

impl<H: Host> Lifecycle<H> {
    /// Notes something about the visitor of this identity: `needed`, he has companies to choose from; the text of a [`Cart`], it
    /// is his; `o`, a guest's cart could not be merged, and it is not known which; nothing, his cart is not known any more.
    ///
    /// # Errors
    /// `aborted` where the visitor is another by now.
    pub async fn note(&self, of: Identity, note: String) -> Result<()> {
        let flight = self.run_locked(Work::Noting(of, note));
        self.wait_for(flight).await
    }
}

impl<H: Host> Locked<H> {
    pub(super) fn noted(&self, of: &Identity, note: &str) -> Result<Option<Ending>> {
        self.require_identity(of.as_str())?;
        let record = self.record();
        let reason = Reason::of_cart(note);
        let next = match note {
            COMPANY_NEEDED => record.clone().with_company_needed(),
            cart => record.clone().with_cart(Cart::new(cart.to_owned())),
        };
        if next != record {
            return Ok(Some(Ending::note(next, reason)));
        }
        if reason == Reason::MergeFailed {
            self.replica.borrow_mut().tell(Kind::Cart, reason);
        }
        Ok(None)
    }
}
