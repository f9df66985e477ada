//! API calls: the token for them, and what a 401 means.

use super::Lifecycle;
use super::renewal::Need;
use crate::host::Host;
use crate::session::{AccessToken, Result, SessionError};

/// For how long a 401 that a fresh token got too is taken as the endpoint's own word.
const RESISTS: i64 = 60_000;

/// What is called: a method and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method, in capitals.
    pub method: String,
    /// The path, without host and query.
    pub path: String,
}

impl Endpoint {
    /// Whether the call only reads, so that it may be made again under another identity.
    pub fn is_read(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD")
    }
}

/// An endpoint that refused a fresh token.
pub(super) struct Resisting {
    endpoint: Endpoint,
    until: i64,
}

/// Leave to make one call.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The token.
    pub token: AccessToken,
    epoch: u64,
    second: bool,
}

impl<H: Host> Lifecycle<H> {
    /// Leave to make a call under the present identity.
    pub async fn pass(&self) -> Result<Pass> {
        let token = self.access_token().await?;
        Ok(self.pass_with(token, false))
    }

    fn pass_with(&self, token: AccessToken, second: bool) -> Pass {
        let epoch = self.memory.borrow().record.epoch;
        Pass {
            token,
            epoch,
            second,
        }
    }

    /// The call was answered with 401. Gives leave to make it once more, or `None` where the 401 is the caller's.
    ///
    /// # Errors
    /// `aborted` for a write that began under another identity; whatever keeps the token from being renewed.
    pub async fn second_pass(
        &self,
        first: &Pass,
        endpoint: Endpoint,
    ) -> Result<Option<Pass>> {
        if first.second {
            self.note_resistance(endpoint);
            return Ok(None);
        }
        self.look().await;
        let refused = first.token.fingerprint();
        let is_present = self.present_token().is_ok_and(|token| token == first.token);
        if is_present {
            if self.resists(&endpoint) {
                return Ok(None);
            }
            self.renewed(Need::NotRefused(refused)).await?;
        }
        if !endpoint.is_read() {
            self.require_epoch_of(first)?;
        }
        let token = self.access_token().await?;
        Ok(Some(self.pass_with(token, true)))
    }

    /// Whether the identity is still the one that the leave was given to.
    pub(super) fn require_epoch_of(&self, pass: &Pass) -> Result<()> {
        if self.memory.borrow().record.epoch == pass.epoch {
            Ok(())
        } else {
            Err(SessionError::overtaken())
        }
    }

    fn resists(&self, endpoint: &Endpoint) -> bool {
        let now = self.host.now().mono;
        let mut resisting = self.resisting.borrow_mut();
        resisting.retain(|it| it.until > now);
        resisting.iter().any(|it| it.endpoint == *endpoint)
    }

    fn note_resistance(&self, endpoint: Endpoint) {
        if !self.resists(&endpoint) {
            let until = self.host.now().mono.saturating_add(RESISTS);
            self.resisting
                .borrow_mut()
                .push(Resisting { endpoint, until });
        }
    }
}
