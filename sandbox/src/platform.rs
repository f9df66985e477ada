//! The platform as a whole: what it holds, and what a test may do to it from outside.

use crate::carts::Carts;
use crate::clock::Clock;
use crate::companies::CompanyId;
use crate::contexts::Contexts;
use crate::customers::Customers;
use crate::faults::{Fault, Faults};
use crate::grants::{Grant, Lifetimes};
use crate::http::Ticket;
use crate::log::{Log, Row};
use crate::mails::Mails;
use crate::oidc::Codes;
use crate::orders::Orders;
use crate::profile::Profile;
use crate::random::Random;
use crate::saas::UntoldEnds;
use crate::state::{self, State};
use crate::tokens::{FamilyId, Identity, Purpose, Revocation, TokenFacts, TokenId, Tokens};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The length of the key that JWTs are signed with.
const KEY_LENGTH: usize = 32;

/// The stand-in for the Emporix platform.
#[derive(Debug)]
pub struct Platform {
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
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    /// The held answers, with their numbers in the log.
    pub(crate) held: BTreeMap<Ticket, u64>,
    pub(crate) next_ticket: u64,
}

impl Platform {
    /// A platform with its fixed data and nothing else. The seed decides all ids and tokens.
    pub fn new(seed: u64) -> Self {
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
            faults: Faults::default(),
            log: Log::default(),
            held: BTreeMap::new(),
            next_ticket: 1,
        }
    }
}

/// The control calls.
impl Platform {
    /// Everything as at start: fixed data, profile, clock, no faults, an empty log. Held answers are let go. Only the
    /// randomness runs on, so that no token from before is ever issued again.
    pub fn reset(&mut self) {
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
        self.faults = Faults::default();
        self.log = Log::default();
        self.held.clear();
    }

    /// The readings in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Replaces all readings.
    pub fn set_profile(&mut self, profile: Profile) {
        self.profile = profile;
    }

    /// Replaces some readings by their JSON names, all or none; the error names what is refused.
    pub fn patch_profile(&mut self, patch: &Map<String, Value>) -> Result<(), String> {
        self.profile = self.profile.patched(patch)?;
        Ok(())
    }

    /// The platform's time, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Tells the platform the time of its host, in milliseconds since 1970. What was advanced comes on top.
    pub fn set_host_time(&mut self, ms: u64) {
        self.clock.set_host_time(ms);
    }

    /// Moves the platform's clock ahead of its host's.
    pub fn advance(&mut self, ms: u64) {
        self.clock.advance(ms);
    }

    /// The fault orders that are left.
    pub fn faults(&self) -> &[Fault] {
        self.faults.orders()
    }

    /// Adds fault orders behind those that are left, all or none.
    pub fn add_faults(&mut self, orders: Vec<Fault>) -> Result<(), String> {
        orders.iter().try_for_each(Fault::check)?;
        self.faults.add(orders);
        Ok(())
    }

    /// Forgets all fault orders.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Ends tokens before their time and tells how many; none for a session that there is not.
    pub fn revoke(&mut self, revocation: &Revocation) -> Option<usize> {
        let now = self.now();
        self.tokens.apply(revocation, now)
    }

    /// Lets all held answers go and tells which.
    pub fn release(&mut self) -> Vec<Ticket> {
        let held = std::mem::take(&mut self.held);
        for seq in held.values() {
            self.log.mark_delivered(*seq);
        }
        held.into_keys().collect()
    }

    /// Whether that answer still waits.
    pub fn is_held(&self, ticket: Ticket) -> bool {
        self.held.contains_key(&ticket)
    }

    /// Tells the platform that nobody waits for that answer any more: it will never count as delivered.
    pub fn abandon(&mut self, ticket: Ticket) {
        self.held.remove(&ticket);
    }

    /// The API calls since the start or the last reset, oldest first.
    pub fn log(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.log.rows()
    }

    /// Forgets the rows of the log; their numbers go on.
    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    /// The platform's truth.
    pub fn state(&self) -> State {
        state::of(self)
    }

    /// What the platform knows of a token; nothing when it has not issued it since the last reset.
    pub fn token(&self, secret: &str) -> Option<TokenFacts> {
        let id = self.tokens.find_any(secret)?;
        let token = self.tokens.token(id);
        let family = self.tokens.family(token.family);
        Some(TokenFacts {
            purpose: token.purpose,
            bearer: family.identity.bearer(),
            status: token.status(self.now()),
            expires_at: token.expires_at,
            session_id: family.session_id.clone(),
            customer_number: match family.identity {
                Identity::Customer(id) => Some(self.customers.get(id).number.clone()),
                Identity::Guest | Identity::Service => None,
            },
            legal_entity_id: self.company_id(id),
        })
    }
}

/// What several endpoints need.
impl Platform {
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

    /// The pair that a login begins with: no company yet.
    pub(crate) fn first_pair(&mut self, family: FamilyId, lifetimes: &Lifetimes) -> Grant {
        let now = self.now();
        let refresh_end = lifetimes.refresh_end(now);
        let access = self.mint(Purpose::Access, family, None, lifetimes.access_end(now));
        let refresh = self.mint(Purpose::Refresh, family, None, refresh_end);
        lifetimes.grant(access, refresh, refresh_end, now)
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
