//! API calls: what a 401 means, and whether a call may be made once more.

use super::Lifecycle;
use super::renewal::Need;
use crate::host::Host;
use crate::session::{AccessToken, Identity, Result, SessionError};

/// For how long a 401 that a fresh token got too is taken as the endpoint's own word.
const RESISTS: i64 = 60_000;

/// More endpoints than this are not remembered.
const MANY: usize = 50;

/// What is called: a method and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method, in capitals.
    pub method: String,
    /// The path, without host and query.
    pub path: String,
}

/// An endpoint that refused a fresh token.
pub(super) struct Resisting {
    endpoint: Endpoint,
    until: i64,
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
        endpoint: &Endpoint,
    ) -> Result<Option<AccessToken>> {
        self.look().await;
        self.settle();
        let present = self.present_token().ok();
        if let Some(present) = present.filter(|token| token.expose() == refused) {
            if self.resists(endpoint) {
                return Ok(None);
            }
            self.renewed(Need::NotRefused(present.fingerprint()))
                .await?;
        }
        let token = self.access_token().await?;
        self.require_identity(began)?;
        if token.expose() == refused {
            // It could not be renewed, and the platform accepts it still.
            self.note_resistance(endpoint.clone());
            return Ok(None);
        }
        Ok(Some(token))
    }

    /// The other token got a 401 too: for a while the endpoint's 401 forces no renewal.
    pub fn note_resistance(&self, endpoint: Endpoint) {
        let until = self.host.now().mono.saturating_add(RESISTS);
        let mut resisting = self.resisting.borrow_mut();
        if resisting.len() >= MANY {
            resisting.clear();
        }
        resisting.push(Resisting { endpoint, until });
    }

    fn resists(&self, endpoint: &Endpoint) -> bool {
        let now = self.host.now().mono;
        let resisting = self.resisting.borrow();
        resisting
            .iter()
            .any(|it| it.until > now && it.endpoint == *endpoint)
    }

    pub(super) fn identity(&self) -> Identity {
        self.memory.borrow().record.identity.clone()
    }

    pub(super) fn require_identity(&self, began: &str) -> Result<()> {
        if self.memory.borrow().record.identity.as_str() == began {
            Ok(())
        } else {
            Err(SessionError::overtaken())
        }
    }
}
