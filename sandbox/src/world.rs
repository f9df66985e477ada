//! What the platform knows: everything that its endpoints read and write.

pub(crate) mod caller;
pub(crate) mod carts;
pub(crate) mod clock;
pub(crate) mod codes;
pub(crate) mod contexts;
pub(crate) mod customers;
pub(crate) mod jwt;
pub(crate) mod mails;
pub(crate) mod orders;
pub(crate) mod random;
pub(crate) mod saas;
pub(crate) mod tokens;

use crate::profile::Profile;
use crate::seed::companies::CompanyId;
use crate::seed::ids::TokenId;
use crate::world::carts::Carts;
use crate::world::clock::Clock;
use crate::world::codes::Codes;
use crate::world::contexts::Contexts;
use crate::world::customers::Customers;
use crate::world::mails::Mails;
use crate::world::orders::Orders;
use crate::world::random::Random;
use crate::world::saas::UntoldEnds;
use crate::world::tokens::{FamilyId, Identity, Purpose, Tokens};

/// The length of the key that JWTs are signed with.
const KEY_LENGTH: usize = 32;

/// Everything that is, under the readings in force.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) tokens: Tokens,
    pub(crate) customers: Customers,
    pub(crate) carts: Carts,
    pub(crate) contexts: Contexts,
    pub(crate) mails: Mails,
    pub(crate) orders: Orders,
    /// Those of the identity provider next door.
    pub(crate) codes: Codes,
    /// What JWTs are signed with. Another one after each reset, so that those from before are unknown.
    pub(crate) signing_key: String,
    /// Of saas tokens.
    pub(crate) untold_ends: UntoldEnds,
    pub(crate) profile: Profile,
}

impl World {
    /// A world with its fixed data and nothing else. The seed decides all ids and tokens.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        Self {
            clock: Clock::new(),
            tokens: Tokens::default(),
            customers: Customers::new(),
            carts: Carts::default(),
            contexts: Contexts::default(),
            mails: Mails::default(),
            orders: Orders::default(),
            codes: Codes::default(),
            signing_key: random.opaque(KEY_LENGTH),
            untold_ends: UntoldEnds::default(),
            random,
            profile: Profile::default(),
        }
    }

    /// Everything as at start. Only time and randomness run on, so that no token from before is ever issued again.
    pub(crate) fn reset(&mut self) {
        self.clock.reset();
        self.tokens = Tokens::default();
        self.customers = Customers::new();
        self.carts = Carts::default();
        self.contexts = Contexts::default();
        self.mails = Mails::default();
        self.orders = Orders::default();
        self.codes = Codes::default();
        self.signing_key = self.random.opaque(KEY_LENGTH);
        self.untold_ends = UntoldEnds::default();
        self.profile = Profile::default();
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// The readings in force.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }
}

/// What several endpoints need.
impl World {
    pub(crate) fn company_id(&self, token: TokenId) -> Option<String> {
        self.tokens
            .token(token)
            .company
            .map(|id| id.company().id.to_owned())
    }

    pub(crate) fn mint(
        &mut self,
        purpose: Purpose,
        family: FamilyId,
        company: Option<CompanyId>,
        expires_at: u64,
    ) -> TokenId {
        self.tokens
            .mint(&mut self.random, purpose, family, company, expires_at)
    }

    /// Ends all guests' tokens of a session.
    pub(crate) fn revoke_guests(&mut self, session_id: Option<&str>) {
        let now = self.now();
        let families = session_id
            .and_then(|id| self.tokens.families_of_session(id))
            .unwrap_or_default()
            .to_vec();
        for family in families {
            if self.tokens.family(family).identity == Identity::Guest {
                self.tokens.revoke_family(family, None, now);
            }
        }
    }
}
