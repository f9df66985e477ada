//! Tokens from somewhere else: a single sign-on, an opt-in, an assisted sale. The customer whose they are is signed in with them.

use super::login::another_customer;
use super::{Ending, Locked};
use crate::emporix::grant;
use crate::host::Host;
use crate::json::Json;
use crate::session::{
    Code, Grant, Identity, Kind, LegalEntityId, Life, Moment, Reason, Result, SessionError,
};

/// Tokens that were got somewhere else.
pub struct Adoption {
    grant: Grant,
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
            grant: grant.ok_or_else(|| SessionError::argument("accessToken", "a token"))?,
            legal_entity: legal_entity.and_then(LegalEntityId::new),
            is_checked,
        })
    }
}

impl<H: Host> Locked<H> {
    /// What is granted counts from the record that is there now: whoever logs out means those too who still wait for their
    /// turn, and whoever has signed in meanwhile was quicker.
    pub(super) fn require_turn(&self, began: &Identity) -> Result<()> {
        let record = self.record();
        match record.began {
            _ if record.identity == *began => Ok(()),
            Kind::Logout => Err(SessionError::overtaken()),
            Kind::Login => Err(another_customer()),
            _ => Ok(()),
        }
    }

    pub(super) async fn adopt(
        &self,
        began: &Identity,
        adoption: &Adoption,
    ) -> Result<Option<Ending>> {
        self.require_turn(began)?;
        let before = self.record();
        let mut grant = adoption.grant.clone();
        let mut legal_entity = adoption.legal_entity.clone();
        let mut email = None;
        // Whose they are is told by the platform alone.
        if adoption.is_checked || before.customer.is_some() {
            let info = self.info_of(&grant.access.token).await?;
            let info = info.map_err(|refusal| refused().with_status(refusal.status))?;
            if !info.is_of(&self.platform) {
                return Err(refused());
            }
            self.require_identity(before.identity.as_str())?;
            // Its word counts, and not that of who handed them over.
            grant.session_id = info.session_id.or(grant.session_id);
            grant.access.life = Life::until(self.host.now(), info.expires_at);
            legal_entity = info.legal_entity_id;
            email = info.email;
        }
        let account = email.as_deref().map(|email| self.account_of(email));
        if before.customer.is_some() {
            let email = email.ok_or_else(another_customer)?;
            self.require_same(&email).await?;
            if legal_entity.as_ref() != before.legal_entity() {
                grant = self.restored(None, Some(grant)).await?;
            }
            return Ok(Some(self.signed_in_again(grant, account)));
        }
        let session_id = grant.session_id.take();
        let next = self.record().with_login(grant, self.host.random());
        let next = next.with_company_of_login(legal_entity);
        let next = next.with_account(account).with_session(session_id);
        Ok(Some(Ending::good(next, Reason::Requested)))
    }
}

fn refused() -> SessionError {
    SessionError::new(
        Code::InvalidCredentials,
        "the platform refuses these tokens, or they are another tenant's",
    )
}
