//! What the platform is asked with the visitor's token, by whoever wants to know.

use super::call::Endpoint;
use super::fault::fault_of;
use super::{Lifecycle, Purpose};
use crate::emporix::{NotGranted, judge};
use crate::host::{Host, within};
use crate::http::{Response, Unanswered};
use crate::session::{Identity, Result};

/// What the platform is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Who asks, if it is to be this one and nobody else; `None` is a customer, whoever that is.
    pub of: Option<Identity>,
    /// Path and query.
    pub path: String,
    /// JSON text, for a question that is put with a POST.
    pub body: Option<String>,
}

impl Inquiry {
    /// A customer's question.
    pub fn of_customer(path: String) -> Self {
        Self {
            of: None,
            path,
            body: None,
        }
    }
}

/// What it said, and the identity it is about.
pub type Told = (Identity, Response);

impl<H: Host> Lifecycle<H> {
    /// Asks with the visitor's token; the answer, and the identity it is about.
    ///
    /// # Errors
    /// `aborted` where the visitor is another than who is to ask, or becomes another meanwhile.
    pub async fn inquire(&self, inquiry: Inquiry) -> Result<Told> {
        let Inquiry { of, path, body } = inquiry;
        self.look_now_and_then().await;
        self.deliver();
        if of.is_none() {
            self.require_customer()?;
        }
        let mut token = self.token_for(Purpose::Call).await?;
        let identity = of.unwrap_or_else(|| self.identity());
        self.require_identity(identity.as_str())?;
        let mut tried_again = false;
        loop {
            let request = self.platform.request(&path, body.as_deref(), &token);
            let endpoint = Endpoint::new(request.method.as_str(), &request.url);
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
                    .token_instead(token.expose(), identity.as_str(), endpoint)
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
