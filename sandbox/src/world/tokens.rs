//! Every token ever issued, by family. A token is never forgotten: the difference between expired, spent, revoked and
//! never issued is what the answers and the log are about.

mod revocation;

pub use revocation::{Revocation, RevokedIdentity, RevokedKind};

use crate::seed::companies::CompanyId;
use crate::seed::ids::TokenId;
use crate::seed::tenant::Tenant;
use crate::world::customers::CustomerId;
use crate::world::random::Random;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Whose token a request carried, as the log tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BearerKind {
    /// No token at all.
    None,
    /// A guest's.
    Anonymous,
    /// A customer's.
    Customer,
    /// The backend's.
    Service,
    /// An access token that this platform has not issued.
    Unknown,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To authorize calls.
    Access,
    /// To get the next pair.
    Refresh,
}

/// Whether a token works, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It works.
    Live,
    /// Its time is over.
    Expired,
    /// It was a refresh token and has been used.
    Spent,
    /// Something ended it: a logout, a renewal, a control call.
    Revoked,
}

/// What the platform knows of one token, for those who want to check what a client does with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub bearer: BearerKind,
    /// Whether it works now.
    pub status: Status,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: u64,
    /// The session of its family; none for the backend.
    pub session_id: Option<String>,
    /// The customer's number; none for a guest and the backend.
    pub customer_number: Option<String>,
    /// The company embedded in it.
    pub legal_entity_id: Option<String>,
}

/// Whom a family of tokens stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    Guest,
    Customer(CustomerId),
    Service,
}

impl Identity {
    pub(crate) fn bearer(self) -> BearerKind {
        match self {
            Self::Guest => BearerKind::Anonymous,
            Self::Customer(_) => BearerKind::Customer,
            Self::Service => BearerKind::Service,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FamilyId(usize);

/// The tokens that descend from one login.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) tenant: Tenant,
    pub(crate) identity: Identity,
    pub(crate) session_id: Option<String>,
    /// Those that nothing but time has ended yet.
    tokens: Vec<TokenId>,
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: String,
    pub(crate) purpose: Purpose,
    pub(crate) family: FamilyId,
    /// Of the token, not of the family: a token from before a switch still carries the former company.
    pub(crate) company: Option<CompanyId>,
    pub(crate) expires_at: u64,
    spent: bool,
    revoked: bool,
}

impl Token {
    pub(crate) fn status(&self, now: u64) -> Status {
        match self {
            Self { revoked: true, .. } => Status::Revoked,
            Self { expires_at, .. } if *expires_at <= now => Status::Expired,
            Self { spent: true, .. } => Status::Spent,
            _ => Status::Live,
        }
    }
}

/// All tokens of the platform.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    families: Vec<Family>,
    tokens: Vec<Token>,
    /// Only ever asked for one secret, so that its order cannot show.
    by_secret: HashMap<String, TokenId>,
    by_session: BTreeMap<String, Vec<FamilyId>>,
}

impl Tokens {
    pub(crate) fn open_family(
        &mut self,
        tenant: Tenant,
        identity: Identity,
        session_id: Option<String>,
    ) -> FamilyId {
        let id = FamilyId(self.families.len());
        if let Some(session_id) = &session_id {
            self.by_session
                .entry(session_id.clone())
                .or_default()
                .push(id);
        }
        self.families.push(Family {
            tenant,
            identity,
            session_id,
            tokens: Vec::new(),
        });
        id
    }

    pub(crate) fn mint(
        &mut self,
        random: &mut Random,
        purpose: Purpose,
        family: FamilyId,
        company: Option<CompanyId>,
        expires_at: u64,
    ) -> TokenId {
        let id = TokenId(self.tokens.len());
        let secret = random.opaque(match purpose {
            Purpose::Access => 28,
            Purpose::Refresh => 32,
        });
        self.by_secret.insert(secret.clone(), id);
        self.families[family.0].tokens.push(id);
        self.tokens.push(Token {
            secret,
            purpose,
            family,
            company,
            expires_at,
            spent: false,
            revoked: false,
        });
        id
    }

    pub(crate) fn find(&self, secret: &str, purpose: Purpose) -> Option<TokenId> {
        self.by_secret
            .get(secret)
            .copied()
            .filter(|id| self.token(*id).purpose == purpose)
    }

    pub(crate) fn find_any(&self, secret: &str) -> Option<TokenId> {
        self.by_secret.get(secret).copied()
    }

    pub(crate) fn token(&self, id: TokenId) -> &Token {
        &self.tokens[id.0]
    }

    pub(crate) fn family(&self, id: FamilyId) -> &Family {
        &self.families[id.0]
    }

    pub(crate) fn family_of(&self, id: TokenId) -> &Family {
        self.family(self.token(id).family)
    }

    pub(crate) fn spend(&mut self, id: TokenId) {
        self.tokens[id.0].spent = true;
        self.strike(id);
    }

    pub(crate) fn revoke(&mut self, id: TokenId) {
        self.tokens[id.0].revoked = true;
        self.strike(id);
    }

    fn strike(&mut self, id: TokenId) {
        let family = self.token(id).family;
        let tokens = &mut self.families[family.0].tokens;
        // From the end: it is mostly one of the newest.
        if let Some(position) = tokens.iter().rposition(|token| *token == id) {
            tokens.remove(position);
        }
    }

    /// Gives a refresh token that is not rotated the company and the end that a new one would have.
    pub(crate) fn carry_on(&mut self, id: TokenId, company: Option<CompanyId>, expires_at: u64) {
        let token = &mut self.tokens[id.0];
        token.company = company;
        token.expires_at = expires_at;
    }

    /// Ends a family's tokens, all or those of one purpose, and tells how many of them had still been live.
    pub(crate) fn revoke_family(
        &mut self,
        family: FamilyId,
        purpose: Option<Purpose>,
        now: u64,
    ) -> usize {
        let mut ended = 0;
        let tokens = &mut self.tokens;
        self.families[family.0].tokens.retain(|id| {
            let token = &mut tokens[id.0];
            let meant = purpose.is_none_or(|purpose| token.purpose == purpose);
            if meant {
                ended += usize::from(token.status(now) == Status::Live);
                token.revoked = true;
            }
            !meant
        });
        ended
    }

    pub(crate) fn move_to_session(&mut self, family: FamilyId, session_id: &str) {
        let former = self.families[family.0]
            .session_id
            .replace(session_id.to_owned());
        if let Some(families) = former.and_then(|former| self.by_session.get_mut(&former)) {
            families.retain(|member| *member != family);
        }
        self.by_session
            .entry(session_id.to_owned())
            .or_default()
            .push(family);
    }

    /// The families that share a session, in the order of their logins; none for an unknown session.
    pub(crate) fn families_of_session(&self, session_id: &str) -> Option<&[FamilyId]> {
        self.by_session.get(session_id).map(Vec::as_slice)
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = (&str, &[FamilyId])> {
        self.by_session
            .iter()
            .map(|(session_id, families)| (session_id.as_str(), families.as_slice()))
    }

    /// The tokens that nothing but time has ended yet, oldest first.
    pub(crate) fn tokens_of(&self, family: FamilyId) -> impl Iterator<Item = &Token> {
        self.family(family).tokens.iter().map(|id| self.token(*id))
    }
}
