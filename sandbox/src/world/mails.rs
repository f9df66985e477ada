//! The mails that the platform would send: tokens that prove that somebody reads an address.

use crate::world::customers::CustomerId;
use crate::world::random::Random;
use serde::Serialize;

/// As long as the token in the official samples.
pub(crate) const TOKEN_LENGTH: usize = 64;

/// What the token of a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// To confirm a sign-up.
    OptIn,
    /// To choose a new password.
    PasswordReset,
    /// To confirm a new e-mail address.
    EmailChange,
}

/// What a token does when it comes back.
#[derive(Clone, Debug)]
pub(crate) enum Errand {
    OptIn,
    PasswordReset,
    EmailChange {
        new_email: String,
        sync_contact_email: bool,
    },
}

impl Errand {
    pub(crate) fn kind(&self) -> MailKind {
        match self {
            Self::OptIn => MailKind::OptIn,
            Self::PasswordReset => MailKind::PasswordReset,
            Self::EmailChange { .. } => MailKind::EmailChange,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) customer: CustomerId,
    pub(crate) errand: Errand,
    pub(crate) token: String,
    pub(crate) spent: bool,
}

/// All mails, in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Mails(pub(crate) Vec<Mail>);

impl Mails {
    /// Sends a token. It replaces those of the same kind that the customer has been sent before.
    pub(crate) fn send(
        &mut self,
        random: &mut Random,
        to: &str,
        customer: CustomerId,
        errand: Errand,
    ) {
        for mail in &mut self.0 {
            if mail.customer == customer && mail.errand.kind() == errand.kind() {
                mail.spent = true;
            }
        }
        self.0.push(Mail {
            to: to.to_owned(),
            customer,
            errand,
            token: random.opaque(TOKEN_LENGTH),
            spent: false,
        });
    }

    /// Whose token it is and what it does, if it is of that kind and has not been used.
    pub(crate) fn open(&self, token: &str, kind: MailKind) -> Option<(CustomerId, &Errand)> {
        self.0
            .iter()
            .find(|mail| mail.token == token && mail.errand.kind() == kind && !mail.spent)
            .map(|mail| (mail.customer, &mail.errand))
    }

    pub(crate) fn spend(&mut self, token: &str) {
        if let Some(mail) = self.0.iter_mut().find(|mail| mail.token == token) {
            mail.spent = true;
        }
    }

    /// All of them, in the order in which they were sent.
    pub(crate) fn all(&self) -> &[Mail] {
        &self.0
    }
}
