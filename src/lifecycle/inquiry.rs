//! What the platform knows of the customer: the token's scopes, the companies.

use super::call::Endpoint;
use super::{Lifecycle, timed_out, within};
use crate::emporix::{LegalEntity, Platform, TokenInfo, Verdict, customer, judge};
use crate::host::Host;
use crate::http::Request;
use crate::session::{AccessToken, Code, Moment, Result, SessionError};

impl<H: Host> Lifecycle<H> {
    /// Asks the platform about the customer's token.
    pub async fn validate(&self) -> Result<TokenInfo> {
        let epoch = self.memory.borrow().record.epoch;
        let info = self
            .inquire(customer::validate, TokenInfo::decode::<H::Json>)
            .await?;
        self.scopes.replace(Some((epoch, info.scopes.clone())));
        Ok(info)
    }

    /// The companies that the customer may act for.
    pub async fn legal_entities(&self) -> Result<Vec<LegalEntity>> {
        self.inquire(customer::profile, |body, _| {
            LegalEntity::decode::<H::Json>(body)
        })
        .await
    }

    /// Whether the token has the scope; `None` until [`validate`](Self::validate) under this identity.
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        let epoch = self.memory.borrow().record.epoch;
        let scopes = self.scopes.borrow();
        let (_, scopes) = scopes.as_ref().filter(|(of, _)| *of == epoch)?;
        Some(TokenInfo::has_scope(scopes, scope))
    }

    async fn inquire<T>(
        &self,
        build: fn(&Platform, &AccessToken) -> Request,
        read: impl Fn(&str, Moment) -> Option<T>,
    ) -> Result<T> {
        self.look_now_and_then().await;
        self.settle();
        self.require_customer()?;
        let mut pass = self.pass().await?;
        loop {
            let request = build(&self.platform, &pass.token);
            let endpoint = Endpoint {
                method: request.method.as_str().to_owned(),
                path: request.url.clone(),
            };
            let answer = within(&self.host, self.patience, self.host.send(request)).await;
            let answer = answer.ok_or_else(|| timed_out("the platform did not answer in time"))?;
            // An answer about another identity is nobody's.
            self.require_epoch_of(&pass)?;
            let received = self.host.now();
            match judge::<H::Json, _>(answer, |body| read(body, received)) {
                Verdict::Granted(value) => return Ok(value),
                Verdict::Fault(error) => return Err(error),
                Verdict::Refused(refusal) if refusal.status == 401 => {
                    match self.second_pass(&pass, endpoint).await? {
                        Some(second) => pass = second,
                        None => return Err(forbidden(refusal.status)),
                    }
                    self.require_customer()?;
                }
                Verdict::Refused(refusal) => return Err(forbidden(refusal.status)),
            }
        }
    }
}

fn forbidden(status: u16) -> SessionError {
    SessionError::new(Code::Forbidden, "the platform refuses the call").with_status(status)
}
