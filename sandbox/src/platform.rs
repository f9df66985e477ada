//! The platform as a whole: the world that its endpoints work on, and what a test may do to it from outside.

use crate::gateway::Gateway;
use crate::gateway::faults::Fault;
use crate::gateway::log::Row;
use crate::profile::Profile;
use crate::wire::http::Ticket;
use crate::world::World;
use crate::world::tokens::{Identity, Revocation, TokenFacts};
use serde_json::{Map, Value};

/// The stand-in for the Emporix platform.
#[derive(Debug)]
pub struct Platform {
    pub(crate) world: World,
    pub(crate) gateway: Gateway,
}

impl Platform {
    /// A platform with its fixed data and nothing else. The seed decides all ids and tokens.
    pub fn new(seed: u64) -> Self {
        Self {
            world: World::new(seed),
            gateway: Gateway::new(),
        }
    }
}

/// The control calls.
impl Platform {
    /// Everything as at start: fixed data, profile, clock, no faults, an empty log. Held answers are let go. Only the
    /// randomness runs on, so that no token from before is ever issued again.
    pub fn reset(&mut self) {
        self.world.reset();
        self.gateway.reset();
    }

    /// The readings in force.
    pub fn profile(&self) -> &Profile {
        &self.world.profile
    }

    /// Replaces all readings.
    pub fn set_profile(&mut self, profile: Profile) {
        self.world.profile = profile;
    }

    /// Replaces some readings by their JSON names, all or none; the error names what is refused.
    pub fn patch_profile(&mut self, patch: &Map<String, Value>) -> Result<(), String> {
        self.world.profile = self.world.profile.patched(patch)?;
        Ok(())
    }

    /// The platform's time, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.world.clock.now()
    }

    /// Tells the platform the time of its host, in milliseconds since 1970. What was advanced comes on top.
    pub fn set_host_time(&mut self, ms: u64) {
        self.world.clock.set_host_time(ms);
    }

    /// Moves the platform's clock ahead of its host's.
    pub fn advance(&mut self, ms: u64) {
        self.world.clock.advance(ms);
    }

    /// The fault orders that are left.
    pub fn faults(&self) -> &[Fault] {
        self.gateway.faults.orders()
    }

    /// Adds fault orders behind those that are left, all or none.
    pub fn add_faults(&mut self, orders: Vec<Fault>) -> Result<(), String> {
        orders.iter().try_for_each(Fault::check)?;
        self.gateway.faults.add(orders);
        Ok(())
    }

    /// Forgets all fault orders.
    pub fn clear_faults(&mut self) {
        self.gateway.faults.clear();
    }

    /// Ends tokens before their time and tells how many; none for a session that there is not.
    pub fn revoke(&mut self, revocation: &Revocation) -> Option<usize> {
        let now = self.now();
        self.world.tokens.apply(revocation, now)
    }

    /// Lets all held answers go and tells which.
    pub fn release(&mut self) -> Vec<Ticket> {
        let held = std::mem::take(&mut self.gateway.held);
        for seq in held.values() {
            self.gateway.log.mark_delivered(*seq);
        }
        held.into_keys().collect()
    }

    /// Whether that answer still waits.
    pub fn is_held(&self, ticket: Ticket) -> bool {
        self.gateway.held.contains_key(&ticket)
    }

    /// Tells the platform that nobody waits for that answer any more: it will never count as delivered.
    pub fn abandon(&mut self, ticket: Ticket) {
        self.gateway.held.remove(&ticket);
    }

    /// The API calls since the start or the last reset, oldest first.
    pub fn log(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.gateway.log.rows()
    }

    /// Forgets the rows of the log; their numbers go on.
    pub fn clear_log(&mut self) {
        self.gateway.log.clear();
    }

    /// What the platform knows of a token; nothing when it has not issued it since the last reset.
    pub fn token(&self, secret: &str) -> Option<TokenFacts> {
        let id = self.world.tokens.find_any(secret)?;
        let token = self.world.tokens.token(id);
        let family = self.world.tokens.family(token.family);
        Some(TokenFacts {
            purpose: token.purpose,
            bearer: family.identity.bearer(),
            status: token.status(self.now()),
            expires_at: token.expires_at,
            session_id: family.session_id.clone(),
            customer_number: match family.identity {
                Identity::Customer(id) => Some(self.world.customers.get(id).number.clone()),
                Identity::Guest | Identity::Service => None,
            },
            legal_entity_id: self.world.company_id(id),
        })
    }
}
