//! What the platform knows of the customer: the token's scopes, the companies.

use super::Lifecycle;
use super::call::Endpoint;
use crate::emporix::{LegalEntity, Platform, Refusal, TokenInfo, Verdict, customer, judge};
use crate::host::Host;
use crate::http::{Request, Response};
use crate::session::{AccessToken, Code, Identity, Result, SessionError};

/// The scopes of a token, and the identity they were asked for.
pub(super) struct Scopes {
    of: Identity,
    scopes: Vec<String>,
}

impl<H: Host> Lifecycle<H> {
    /// Asks the platform about the customer's token.
    pub async fn validate(&self) -> Result<TokenInfo> {
        let (of, verdict) = self.inquire(customer::validate).await?;
        let received = self.host.now();
        let info = granted(verdict.read(|body| TokenInfo::decode::<H::Json>(body, received)))?;
        let scopes = info.scopes.clone();
        self.scopes.replace(Some(Scopes { of, scopes }));
        Ok(info)
    }

    /// The companies that the customer may act for.
    pub async fn legal_entities(&self) -> Result<Vec<LegalEntity>> {
        let (_, verdict) = self.inquire(customer::profile).await?;
        granted(verdict.read(LegalEntity::decode::<H::Json>))
    }

    /// Whether the token has the scope; `None` until [`validate`](Self::validate) under this identity.
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        let known = self.scopes.borrow();
        let known = known.as_ref().filter(|it| it.of == self.identity())?;
        Some(TokenInfo::has_scope(&known.scopes, scope))
    }

    /// Asks with the customer's token; the answer, and the identity it is about.
    async fn inquire(
        &self,
        build: fn(&Platform, &AccessToken) -> Request,
    ) -> Result<(Identity, Verdict<Response>)> {
        self.look_now_and_then().await;
        self.settle();
        self.require_customer()?;
        let mut token = self.access_token().await?;
        let identity = self.identity();
        let mut tried_again = false;
        loop {
            let request = build(&self.platform, &token);
            let endpoint = Endpoint {
                method: request.method.as_str().to_owned(),
                path: request.url.clone(),
            };
            let answer = self.host.send(request, self.patience).await;
            // An answer about another identity is nobody's.
            self.require_identity(identity.as_str())?;
            let verdict = judge::<H::Json>(answer);
            let Verdict::Refused(Refusal { status: 401, .. }) = verdict else {
                return Ok((identity, verdict));
            };
            if tried_again {
                self.note_resistance(endpoint);
                return Ok((identity, verdict));
            }
            tried_again = true;
            let other = self
                .token_instead(token.expose(), identity.as_str(), &endpoint)
                .await?;
            match other {
                Some(other) => token = other,
                None => return Ok((identity, verdict)),
            }
        }
    }
}

fn granted<T>(verdict: Verdict<T>) -> Result<T> {
    match verdict {
        Verdict::Granted(value) => Ok(value),
        Verdict::Fault(error) => Err(error),
        Verdict::Refused(refusal) => {
            let error = SessionError::new(Code::Forbidden, "the platform refuses the call");
            Err(error.with_status(refusal.status))
        }
    }
}
