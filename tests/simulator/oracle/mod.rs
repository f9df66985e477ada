//! The laws of the session, checked against the platform's truth whenever something happens that they are about.
//!
//! The oracle knows more than any tab: what is stored now, though nobody may see it yet; which tokens the platform
//! accepts; what was delivered to whom. It judges by what was within reach: an identity may end only where no credential
//! was left that the platform would have taken.
//!
//! What all laws share is in `requests`, `records`, `calls`, `pages`, and `trust`: whether storage and all tabs may be trusted to
//! know the latest record. Each law has a module of its own, by the numbers of `docs/laws.md`:
//!
//! 1. `continuity`, 2. `refusal`, 3. `turns`, 4. `epochs`, 5. `storing`, 6. `survival`, 7. `settling`, 8. `secrets`,
//! 9. `company`
//!
//! What is forgiven is in `excuse`, and counted.

mod calls;
mod cart;
mod company;
mod continuity;
mod epochs;
mod excuse;
mod pages;
mod records;
mod refusal;
mod requests;
mod secrets;
mod settling;
mod storing;
mod survival;
mod trust;
mod turns;
mod wire;

pub use calls::Call;
pub use excuse::{Excuse, Excuses};
pub use records::decode;

use crate::coverage::Coverage;
use crate::setup::Setup;
use crate::world::World;
use double::{Area, Fault, Locks, Owner};
use epochs::Owed;
use records::{access_of, company_of, customer_of, refresh_of, session_of};
use sandbox::{Status, TokenFacts};
use std::collections::{HashMap, HashSet};
use storefront_session::session::{Identity, Record, Snapshot};
pub use wire::access_token_of;

/// What breaks a law: which one, and how.
#[derive(Clone, Debug)]
pub struct Violation {
    pub law: u8,
    pub what: String,
}

pub struct Oracle {
    pub failure: Option<Violation>,
    pub coverage: Coverage,
    trace: Option<Vec<String>>,
    locks: Locks,
    /// Whether hosts share a store.
    is_served: bool,
    /// Without a lock operations have met: nothing more is judged.
    overlapped: Option<Excuse>,
    /// A tab has written without the lock that was taken from it.
    robbed_wrote: bool,
    tabs: Vec<Page>,
    calls: Vec<Running>,
    /// What is stored now, where it is a record.
    stored: Option<Record>,
    /// The record that a logout has covered which had not seen it.
    covered: Option<Record>,
    /// What is the matter with storage.
    storage: Option<Fault>,
    /// Why storage and all tabs may not be trusted to know the latest record.
    distrusted: Option<Excuse>,
    /// Which epoch an identity names, as the records tell that were written or announced.
    epochs: HashMap<String, u64>,
    /// Each access token that was ever written or announced.
    tokens: HashMap<String, Known>,
    /// Refresh tokens in whose place newer ones were stored, and what excuses who sends one nevertheless.
    replaced: HashMap<String, Option<Excuse>>,
    /// Refresh tokens that the platform has renewed, and what excuses who cannot show the new ones.
    renewed: HashMap<String, Option<Excuse>>,
    /// The refresh token that was refused by mistake where nobody asks twice.
    mistaken: Option<String>,
    /// Whether another request was pending when the last one was noted.
    was_unanswered: bool,
    /// When a record became known, or was handed to storage that takes its time: by epoch and revision.
    handed_over: HashMap<(u64, u64), u64>,
    /// When the machine last woke.
    awake_since: u64,
    /// Refresh tokens that were stored when somebody took them to bring them again.
    brought: HashSet<String>,
    clock_was_wrong: bool,
    was_damaged: bool,
    /// When there was last something that may bring old news: a record that was damaged, a tab that goes on.
    stirred: u64,
    /// The last token requests: when, and how many calls had begun by then.
    recent: Vec<(u64, u64)>,
    calls_begun: u64,
}

/// What is known of an access token.
struct Known {
    /// The latest epoch in whose record it was.
    epoch: u64,
    stored: bool,
    refused_by_storage: bool,
}

#[derive(Default)]
struct Page {
    alive: bool,
    /// Somebody has called, or time may have passed unseen.
    has_reason: bool,
    /// How many logouts have begun in it.
    logouts: usize,
    /// Somebody has given up waiting for it: what he asked for goes on, however late the answer.
    was_given_up: bool,
    snapshot: Option<Snapshot>,
    /// No token of an earlier epoch may be handed out: one of its own calls has begun this one.
    floor: u64,
    /// The access token of the pair that each was sent with, by the time when it was sent.
    asked_with: HashMap<u64, String>,
    /// The token requests that are under way.
    token_calls: Vec<TokenCall>,
    /// A grant that was delivered and must be stored before the lock is given back.
    owes: Option<Owed>,
    /// Those that came when the lock had been given back: each must be stored some time, where its token is not replaced.
    owes_late: Vec<Owed>,
    /// What it held was taken from it once.
    was_robbed: bool,
    /// The guest's token that was granted while this page holds the lock.
    guest_granted: Option<String>,
    /// That token was revoked before its first use, or ended and its life was not told: its refusal looks like the
    /// customer's.
    misled: bool,
}

/// A token request that is under way.
struct TokenCall {
    sent: u64,
    /// The refresh token that it consumes.
    consumes: Option<String>,
    /// Whether that token worked when it was sent: otherwise new tokens cannot come of it.
    may_renew: bool,
}

impl TokenCall {
    fn is_with(&self, token: &str) -> bool {
        self.consumes.as_deref() == Some(token)
    }
}

struct Running {
    tab: Owner,
    call: Call,
    begun: u64,
    /// Since when its page could go on with it.
    since: u64,
    /// How many logouts had begun in its page when it was asked for.
    logouts: usize,
    /// For a logout: the epoch that it leaves behind, at least.
    ends_in: u64,
    done: bool,
}

/// From one stored record to the next.
struct Step<'s> {
    tab: Owner,
    from: &'s Record,
    to: &'s Record,
    /// The platform's own word on the session of the tokens that were stored.
    named: Option<String>,
    /// And on the company they are for.
    company: Option<String>,
    /// The numbers of the customers whose tokens were stored before and are now.
    numbers: [Option<String>; 2],
}

impl Step<'_> {
    fn is_same_epoch(&self) -> bool {
        self.from.epoch == self.to.epoch
    }

    /// Whether there was a session, and there is another one, or none.
    fn moves_session(&self) -> bool {
        let session = session_of(self.from);
        session.is_some() && session_of(self.to) != session
    }
}

impl Oracle {
    pub fn new(setup: &Setup, traced: bool) -> Self {
        let mut oracle = Self {
            failure: None,
            coverage: Coverage::default(),
            trace: traced.then(Vec::new),
            locks: setup.locks,
            is_served: matches!(setup.area, Area::Hosts(_)),
            overlapped: None,
            robbed_wrote: false,
            tabs: Vec::new(),
            calls: Vec::new(),
            stored: None,
            covered: None,
            storage: None,
            distrusted: None,
            epochs: HashMap::new(),
            tokens: HashMap::new(),
            replaced: HashMap::new(),
            renewed: HashMap::new(),
            mistaken: None,
            was_unanswered: false,
            handed_over: HashMap::new(),
            awake_since: 0,
            brought: HashSet::new(),
            clock_was_wrong: false,
            was_damaged: false,
            stirred: 0,
            recent: Vec::new(),
            calls_begun: 0,
        };
        oracle.learn(&Record::default(), false, false);
        oracle
    }

    /// What former visitors have left in storage.
    pub fn found(&mut self, record: Record) {
        self.learn(&record, true, false);
        self.stored = Some(record);
    }

    pub fn stored(&self) -> Option<Record> {
        self.stored.clone()
    }

    /// Somebody takes this refresh token, to bring it again.
    pub fn taken(&mut self, refresh: &str) {
        self.brought.insert(refresh.to_owned());
    }

    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    pub fn trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }

    pub fn note(&mut self, now: u64, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!(
                "{:>12.3} {}",
                (now - 1_800_000_000_000) as f64 / 1000.0,
                line()
            ));
        }
    }

    fn forgive(&mut self, excuse: Excuse) {
        self.coverage.excuses.note(excuse);
    }

    fn broken(&mut self, law: u8, what: impl FnOnce() -> String) {
        if let Some(excuse) = self.overlapped.filter(|it| it.forgives()) {
            self.forgive(excuse);
        } else if self.failure.is_none() {
            self.failure = Some(Violation { law, what: what() });
        }
    }

    fn require(&mut self, holds: bool, law: u8, what: impl FnOnce() -> String) {
        if !holds {
            self.broken(law, what);
        }
    }

    /// The first excuse that applies forgives it.
    fn require_unless(
        &mut self,
        holds: bool,
        excuses: &[(bool, Excuse)],
        law: u8,
        what: impl FnOnce() -> String,
    ) {
        if holds {
            return;
        }
        let excuse = excuses
            .iter()
            .find(|(applies, excuse)| *applies && excuse.forgives());
        match excuse {
            Some((_, excuse)) => self.forgive(*excuse),
            None => self.broken(law, what),
        }
    }

    fn distrusts(&self) -> (bool, Excuse) {
        let excuse = self.distrusted.unwrap_or(Excuse::Distrust);
        (self.distrusted.is_some(), excuse)
    }

    /// The epoch that this identity names; `None` where it was neither written nor announced.
    fn epoch_of(&self, identity: &Identity) -> Option<u64> {
        self.epochs.get(identity.as_str()).copied()
    }
}

/// The platform's truth.
impl World {
    fn facts(&self, token: &str) -> Option<TokenFacts> {
        let mut server = self.wire.server.borrow_mut();
        server.set_host_time(self.now());
        server.token(token)
    }

    fn is_live(&self, token: Option<&str>) -> bool {
        token
            .and_then(|token| self.facts(token))
            .is_some_and(|facts| facts.status == Status::Live)
    }

    fn epoch_seen_by(&self, tab: Owner, time: u64) -> Option<u64> {
        let text = self.seen_at(tab, time)?;
        Some(decode(&text)?.epoch)
    }

    /// The session that is stored.
    pub fn session_stored(&self) -> Option<String> {
        let oracle = self.oracle.borrow();
        session_of(oracle.stored.as_ref()?).map(str::to_owned)
    }
}
