//! What the platform knows of the customer: the token's scopes, the companies.

use super::call::Endpoint;
use super::{Lifecycle, timed_out, within};
use crate::emporix::{LegalEntity, Platform, TokenInfo, Verdict, customer, judge};
use crate::host::Host;
use crate::http::Request;
use crate::session::{AccessToken, Code, Identity, Moment, Result, SessionError};

/// The scopes of a token, and the identity they were asked for.
pub(super) struct Scopes {
    of: Identity,
    scopes: Vec<String>,
}

impl<H: Host> Lifecycle<H> {
    /// Asks the platform about the customer's token.
    pub async fn validate(&self) -> Result<TokenInfo> {
        let (of, info) = self
            .inquire(customer::validate, TokenInfo::decode::<H::Json>)
            .await?;
        let scopes = info.scopes.clone();
        self.scopes.replace(Some(Scopes { of, scopes }));
        Ok(info)
    }

    /// The companies that the customer may act for.
    pub async fn legal_entities(&self) -> Result<Vec<LegalEntity>> {
        let read = |body: &str, _| LegalEntity::decode::<H::Json>(body);
        Ok(self.inquire(customer::profile, read).await?.1)
    }

    /// Whether the token has the scope; `None` until [`validate`](Self::validate) under this identity.
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        let known = self.scopes.borrow();
        let known = known.as_ref().filter(|it| it.of == self.identity())?;
        Some(TokenInfo::has_scope(&known.scopes, scope))
    }

    /// Asks with the customer's token; the answer, and the identity it is about.
    async fn inquire<T>(
        &self,
        build: fn(&Platform, &AccessToken) -> Request,
        read: impl Fn(&str, Moment) -> Option<T>,
    ) -> Result<(Identity, T)> {
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
            let answer = within(&self.host, self.patience, self.host.send(request)).await;
            let answer = answer.ok_or_else(|| timed_out("the platform did not answer in time"))?;
            // An answer about another identity is nobody's.
            self.require_identity(identity.as_str())?;
            let received = self.host.now();
            match judge::<H::Json, _>(answer, |body| read(body, received)) {
                Verdict::Granted(value) => return Ok((identity, value)),
                Verdict::Fault(error) => return Err(error),
                Verdict::Refused(refusal) if refusal.status == 401 && !tried_again => {
                    tried_again = true;
                    let other = self
                        .token_instead(token.expose(), identity.as_str(), &endpoint)
                        .await?;
                    self.require_identity(identity.as_str())?;
                    token = other.ok_or_else(|| forbidden(refusal.status))?;
                }
                Verdict::Refused(refusal) => {
                    if refusal.status == 401 {
                        self.note_resistance(endpoint);
                    }
                    return Err(forbidden(refusal.status));
                }
            }
        }
    }
}

fn forbidden(status: u16) -> SessionError {
    SessionError::new(Code::Forbidden, "the platform refuses the call").with_status(status)
}
