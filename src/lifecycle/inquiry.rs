//! What the platform knows of the customer: the token's scopes, the companies.

use super::call::Endpoint;
use super::guest::fault_of;
use super::{Lifecycle, Purpose};
use crate::emporix::{LegalEntity, NotGranted, TokenInfo, customer, garbled, judge};
use crate::host::{Host, within};
use crate::http::{Response, Unanswered};
use crate::session::{Identity, Result};

/// The scopes of a token, and the identity they were asked for.
pub(super) struct Scopes {
    of: Identity,
    scope: String,
}

/// What the platform is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inquiry {
    /// What the customer's token is good for.
    Token,
    /// For which companies the customer may act.
    Companies,
}

/// What it said, and the identity it is about.
pub type Told = (Identity, Response);

impl<H: Host> Lifecycle<H> {
    /// Asks the platform about the customer's token.
    pub async fn validate(&self) -> Result<TokenInfo> {
        let told = self.inquire(Inquiry::Token).await?;
        self.token_info(told)
    }

    /// What it says of the token. The scopes are remembered.
    pub fn token_info(&self, (of, answer): Told) -> Result<TokenInfo> {
        let info = TokenInfo::decode::<H::Json>(&answer.body, self.host.now());
        let info = info.ok_or_else(|| garbled(&answer))?;
        let scope = info.scope.clone();
        self.scopes.replace(Some(Scopes { of, scope }));
        Ok(info)
    }

    /// The companies that the customer may act for.
    pub async fn legal_entities(&self) -> Result<Vec<LegalEntity>> {
        Self::companies(&self.inquire(Inquiry::Companies).await?)
    }

    /// The companies that it names.
    pub fn companies((_, answer): &Told) -> Result<Vec<LegalEntity>> {
        LegalEntity::decode::<H::Json>(&answer.body).ok_or_else(|| garbled(answer))
    }

    /// Whether the token has the scope; `None` until [`validate`](Self::validate) under this identity.
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        let known = self.scopes.borrow();
        let known = known.as_ref().filter(|it| it.of == self.identity())?;
        Some(TokenInfo::has_scope(&known.scope, scope))
    }

    /// Asks with the customer's token; the answer, and the identity it is about.
    pub async fn inquire(&self, about: Inquiry) -> Result<Told> {
        self.look_now_and_then().await;
        self.deliver();
        self.require_customer()?;
        let mut token = self.token_for(Purpose::Call).await?;
        let identity = self.identity();
        let mut tried_again = false;
        loop {
            let request = match about {
                Inquiry::Token => customer::validate(&self.platform, &token),
                Inquiry::Companies => customer::profile(&self.platform, &token),
            };
            let endpoint = Endpoint {
                method: request.method.as_str().to_owned(),
                path: request.url.clone(),
            };
            let mut sending = self.host.send(request);
            let answer = within(&self.host, self.patience, &mut sending).await;
            let answer = answer.unwrap_or(Err(Unanswered::Late));
            // An answer about another identity is nobody's.
            self.require_identity(identity.as_str())?;
            let refusal = match judge::<H::Json>(answer) {
                Ok(answer) => return Ok((identity, answer)),
                Err(NotGranted::Fault(error)) => return Err(error),
                Err(NotGranted::Refused(refusal)) => refusal,
            };
            if refusal.status == 401 && !tried_again {
                tried_again = true;
                let other = self
                    .token_instead(token.expose(), identity.as_str(), &endpoint)
                    .await?;
                if let Some(other) = other {
                    token = other;
                    continue;
                }
            } else if refusal.status == 401 {
                self.note_refused_again(endpoint);
            }
            return Err(fault_of(refusal.status));
        }
    }
}
