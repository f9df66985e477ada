//! What each reading can be, but for the lifetimes.

use serde::{Deserialize, Serialize};

/// Which times stand in a saas token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaasClaims {
    /// When it was issued and when it expires.
    IatExp,
    /// Only when it expires, as in most of the official samples.
    Exp,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rotation {
    /// It works once, and the answer holds a new one.
    Strict,
    /// The answer holds a new one, and the old one keeps working.
    Lenient,
    /// The answer holds the same one.
    Same,
}

/// What the use of a spent refresh token does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// It is refused.
    Reject,
    /// It is refused, and all tokens of its family die.
    RevokeSession,
}

/// Which bearer `refreshauthtoken` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefreshBearer {
    /// An anonymous one.
    Anonymous,
    /// A customer's.
    Customer,
    /// Any of the two.
    Either,
}

/// What a refresh without `legalEntityId` does to the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OmittedLegalEntity {
    /// The new token has none.
    Clears,
    /// The new token has the one of the refresh token.
    Keeps,
}

/// How the fields of customer token answers are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldStyle {
    /// As the newest schemas have it: `access_token`.
    Snake,
    /// As older ones have it: `accessToken`, and no session id.
    Camel,
    /// Both, so that clients of either age find what they look for.
    Both,
}

/// How token answers write a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpiresInType {
    /// `3600`
    Number,
    /// `"3600"`
    String,
}

/// Whether a refresh renews the refresh token's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefreshLifetime {
    /// It starts again.
    Reset,
    /// Only what is left of the first one's life remains.
    Countdown,
}

/// What becomes of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Survival {
    /// It works to its end.
    Lives,
    /// It is refused from now on.
    Dies,
}

/// Whose session a refresh with another session's bearer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignBearerSession {
    /// The refresh token's.
    Keeps,
    /// The bearer's: the customer moves there.
    Adopts,
    /// None: it is refused.
    Refused,
}

/// What logout ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutKills {
    /// The access token only.
    Access,
    /// All tokens of the customer and of the guest behind.
    Session,
}

/// Whether a refused company costs the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedSwitch {
    /// It still works.
    Spares,
    /// It counts as used.
    Spends,
}

/// The status of a refused company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum LegalEntityRefusal {
    /// 400
    BadRequest,
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
}

impl TryFrom<u16> for LegalEntityRefusal {
    type Error = &'static str;

    fn try_from(status: u16) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest),
            401 => Ok(Self::Unauthorized),
            403 => Ok(Self::Forbidden),
            _ => Err("expected 400, 401 or 403"),
        }
    }
}

impl From<LegalEntityRefusal> for u16 {
    fn from(refusal: LegalEntityRefusal) -> Self {
        match refusal {
            LegalEntityRefusal::BadRequest => 400,
            LegalEntityRefusal::Unauthorized => 401,
            LegalEntityRefusal::Forbidden => 403,
        }
    }
}

/// When the session context document comes into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContextDocument {
    /// At anonymous login.
    AtLogin,
    /// With the first cart.
    AtCart,
}
