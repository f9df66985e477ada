//! Tokens from somewhere else: a single sign-on, an opt-in, an assisted sale. The customer whose they are is signed in with them.

use super::{Ending, Locked};
use crate::emporix::{NotGranted, grant};
use crate::host::Host;
use crate::json::Json;
use crate::session::{
    Code, Grant, Kind, LEAP, LegalEntityId, Life, Moment, Reason, Result, SessionError,
};
use std::cell::Cell;

/// Tokens that were got somewhere else.
pub struct Adoption {
    grant: Box<Grant>,
    legal_entity: Option<LegalEntityId>,
    is_checked: bool,
}

impl Adoption {
    /// Reads them, spelled as the platform's answers are. `legal_entity` is the company they are for; the platform is asked what
    /// it says of them where `is_checked`.
    ///
    /// # Errors
    /// `invalid_argument` where there is no access token.
    pub fn read<J: Json>(
        answer: &str,
        legal_entity: Option<String>,
        is_checked: bool,
        now: Moment,
    ) -> Result<Self> {
        let grant = grant::<J>(answer, now);
        Ok(Self {
            grant: Box::new(grant.ok_or_else(|| SessionError::argument("accessToken", "a token"))?),
            legal_entity: legal_entity.and_then(LegalEntityId::new),
            is_checked,
        })
    }
}

impl<H: Host> Locked<H> {
    /// What is granted counts from the record that is there now: whoever logs out means those too who still wait for their
    /// turn. Whoever has signed in meanwhile is another, or signs in again.
    pub(super) fn require_turn(&self, began: u64) -> Result<()> {
        let record = self.record();
        let epochs = record.epoch.abs_diff(began);
        match epochs >= LEAP || (epochs > 0 && record.began == Kind::Logout) {
            true => Err(SessionError::overtaken()),
            false => Ok(()),
        }
    }

    pub(super) async fn adopt(
        &self,
        began: u64,
        adoption: &Cell<Option<Box<Adoption>>>,
    ) -> Result<Option<Ending>> {
        self.require_turn(began)?;
        let before = self.record();
        let Some(adoption) = adoption.take() else {
            return Ok(None);
        };
        let Adoption {
            mut grant,
            mut legal_entity,
            is_checked,
        } = *adoption;
        let mut email = None;
        // Whoever is signed in and names his session keeps it: another guest's has lent the bearer that these were got with.
        let named = grant.session_id.as_ref();
        let is_lent =
            before.customer.is_some() && named.is_some() && named == before.session_id.as_ref();
        // Whose they are is told by the platform alone.
        if is_checked || before.customer.is_some() {
            let info = self.info_of(&grant.access.token).await;
            let info = info.map_err(not_taken)?;
            // Its word counts, and not that of who handed them over.
            if is_lent {
                grant.session_id = None;
            } else if info.session_id.is_some() {
                grant.session_id = info.session_id;
            }
            grant.access.life = Life::until(self.host.now(), info.expires_at);
            legal_entity = info.legal_entity_id;
            email = info.email;
        }
        let account = email.as_deref().map(|email| self.account_of(email));
        if before.customer.is_some() {
            self.require_same(email.as_deref().unwrap_or_default())
                .await?;
            return self.sign_in_again(grant, legal_entity, account).await;
        }
        let session_id = grant.session_id.take();
        let next = self.record().with_login(*grant, self.host.random());
        let next = next.with_owner(account, legal_entity);
        Ok(Some(Ending::good(
            next.with_session(session_id),
            Reason::Requested,
        )))
    }
}

fn not_taken(reason: NotGranted) -> SessionError {
    let NotGranted::Refused(refusal) = reason else {
        return reason.into();
    };
    SessionError::new(
        Code::InvalidCredentials,
        "the platform refuses these tokens",
    )
    .with_status(refusal.status)
}
