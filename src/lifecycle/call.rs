//! API calls: what a 401 means, and whether a call may be made once more.

use super::renewal::Need;
use super::{Lifecycle, Purpose};
use crate::host::Host;
use crate::session::secret::{Fingerprint, fingerprint};
use crate::session::{AccessToken, Identity, Result, SessionError};
use crate::text::concat;

/// For how long a 401 that a fresh token got too is taken as the caller's.
const REMEMBERED: u64 = 60_000;

/// For how long a token that was renewed for a 401, and got another, is not renewed for the 401 of a third call.
const MOMENT: u64 = 10_000;

/// More endpoints than this are not remembered.
const MANY: usize = 50;

/// What is called, by a mark of its method and path: all that is asked of it is whether it is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint(Fingerprint);

impl Endpoint {
    /// The method in capitals, and the path without host and query.
    pub fn new(method: &str, path: &str) -> Self {
        Self(fingerprint(&concat(&[method, " ", path])))
    }
}

/// An endpoint that refused a fresh token, and the token.
pub(super) struct Refusing {
    endpoint: Endpoint,
    token: Option<Fingerprint>,
    /// When, by the page's own clock.
    noted: i64,
}

impl<H: Host> Lifecycle<H> {
    /// A call that began under this identity was answered with 401 to this token. Gives another token to make the
    /// call once more with, or `None` where the 401 is the caller's.
    ///
    /// # Errors
    /// `aborted` where the identity is another by now; and whatever keeps the token from being renewed.
    pub async fn token_instead(
        &self,
        refused: &str,
        began: &str,
        endpoint: Endpoint,
    ) -> Result<Option<AccessToken>> {
        self.look().await;
        self.deliver();
        let present = self.present_token().ok();
        if let Some(present) = present.filter(|token| token.expose() == refused) {
            if self.is_callers(endpoint, present.fingerprint()) {
                return Ok(None);
            }
            self.renewed(Need::NotRefused(present.fingerprint()))
                .await?;
        }
        let token = self.token_for(Purpose::Call).await?;
        self.require_identity(began)?;
        if token.expose() == refused {
            // It could not be renewed, and the platform accepts it still.
            self.note_refused_again(endpoint);
            return Ok(None);
        }
        Ok(Some(token))
    }

    /// The other token got a 401 too: for a while neither the endpoint's 401 nor another endpoint's to the same token forces
    /// a renewal.
    pub fn note_refused_again(&self, endpoint: Endpoint) {
        let noted = self.host.now().mono;
        let token = self.present_fingerprint();
        let mut refusing = self.refusing.borrow_mut();
        if refusing.len() >= MANY {
            refusing.clear();
        }
        refusing.push(Refusing {
            endpoint,
            token,
            noted,
        });
    }

    /// Whether a 401 of this endpoint to this token is the caller's affair.
    fn is_callers(&self, endpoint: Endpoint, token: Fingerprint) -> bool {
        let now = self.host.now().mono;
        let refusing = self.refusing.borrow();
        refusing.iter().any(|it| {
            let passed = now.abs_diff(it.noted);
            (it.endpoint == endpoint && passed < REMEMBERED)
                || (it.token == Some(token) && passed < MOMENT)
        })
    }

    pub(super) fn identity(&self) -> Identity {
        self.replica.borrow().record.identity.clone()
    }

    pub(super) fn require_identity(&self, began: &str) -> Result<()> {
        if self.replica.borrow().record.identity.as_str() == began {
            Ok(())
        } else {
            Err(SessionError::overtaken())
        }
    }
}
