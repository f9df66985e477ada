//! The laws of the session, checked against the platform's truth whenever something happens that they are about.
//!
//! The oracle knows more than any tab: what is stored now, though nobody may see it yet; which tokens the platform
//! accepts; what was delivered to whom. It judges by what was within reach: an identity may end only where no credential
//! was left that the platform would have taken.
//!
//! What all laws share is here: what was stored, sent, answered, called. Each law has a module of its own, by the numbers of
//! `docs/laws.md`:
//!
//! 1. `continuity`, 2. `refusal`, 3. `turns`, 4. `epochs`, 5. `storing`, 6. `survival`, 7. `settling`, 8. `secrets`,
//! 9. `company`
//!
//! What is forgiven is in `excuse`, and counted.

mod cart;
mod company;
mod continuity;
mod epochs;
mod excuse;
mod refusal;
mod secrets;
mod settling;
mod storing;
mod survival;
mod turns;
mod wire;

pub use excuse::{Excuse, Excuses};

use crate::browser::{API, PATIENCE, World};
use crate::coverage::Coverage;
use crate::executor::Owner;
use crate::messages::MESSAGE;
use crate::plan::{Area, Locks, Setup, Storage, Trouble};
use epochs::Owed;
use sandbox::{Status, TokenFacts};
use serde_json::Value;
use std::collections::HashMap;
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::{
    AccessToken, Code, Event, Identity, Moment, Pair, Record, Snapshot,
};
use wire::Kinds;
pub use wire::access_token_of;

/// What breaks a law: which one, and how.
#[derive(Clone, Debug)]
pub struct Violation {
    pub law: u8,
    pub what: String,
}

/// A call of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    Login,
    Adopt,
    Switch(Option<String>),
    Refresh,
    Logout,
    Other,
}

impl Call {
    /// Whether only a visitor asks for it.
    pub fn is_visitors(&self) -> bool {
        matches!(
            self,
            Self::Login | Self::Adopt | Self::Switch(_) | Self::Logout
        )
    }
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
    storage: Storage,
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
    /// Somebody has given up waiting for it: what he asked for goes on, however late the answer.
    was_given_up: bool,
    snapshot: Option<Snapshot>,
    /// No token of an earlier epoch may be handed out: one of its own calls has begun this one.
    floor: u64,
    /// When the token requests that are under way were sent.
    token_calls: Vec<u64>,
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

struct Running {
    tab: Owner,
    call: Call,
    begun: u64,
    /// Since when its page could go on with it.
    since: u64,
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
            storage: Storage::Works,
            distrusted: None,
            epochs: HashMap::new(),
            tokens: HashMap::new(),
            replaced: HashMap::new(),
            renewed: HashMap::new(),
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

    pub fn trouble(&mut self, trouble: Trouble) {
        self.coverage.note(match trouble {
            Trouble::Drop => "request dropped",
            Trouble::LostAnswer => "answer lost",
            Trouble::Slow(_) => "answer slow",
            Trouble::Status(..) => "fault status",
            Trouble::Garbage => "garbage",
            Trouble::Gate(..) => "refused by a gate",
        });
    }
}

/// Tabs.
impl Oracle {
    pub fn tab_opened(&mut self, tab: Owner) {
        self.tabs.resize_with(tab + 1, Page::default);
        self.tabs[tab].alive = true;
    }

    pub fn began(&mut self, tab: Owner, snapshot: Snapshot) {
        self.check_shown(tab, &snapshot);
        self.check_beginning(tab, &snapshot);
        self.tabs[tab].snapshot = Some(snapshot);
    }

    pub fn tab_killed(&mut self, tab: Owner) {
        self.tabs[tab].alive = false;
        self.came_between(tab);
        if !self.tabs[tab].token_calls.is_empty() {
            self.coverage.note("killed in a token request");
        }
    }

    /// The tab is killed, or loses the lock, and may not have written yet what was granted to it.
    pub fn came_between(&mut self, tab: Owner) {
        let page = &mut self.tabs[tab];
        page.was_robbed = true;
        let owed = page.owes.take().into_iter().chain(page.owes_late.drain(..));
        let lost: Vec<_> = owed.collect();
        for owed in lost {
            if !self.is_kept(&owed) {
                self.renewed.insert(owed.consumed, Some(Excuse::Killed));
            }
        }
    }

    /// It is shown again, or its timer has run out.
    pub fn tab_woken(&mut self, tab: Owner) {
        self.tabs[tab].has_reason = true;
    }

    pub fn tab_froze(&mut self, tab: Owner) {
        if !self.tabs[tab].token_calls.is_empty() {
            self.coverage.note("frozen in a token request");
        }
    }

    /// The tab goes on: those who waited meanwhile are judged by the clock from now on.
    pub fn tab_thawed(&mut self, tab: Owner, now: u64) {
        self.stirred(now);
        for call in self.calls.iter_mut().filter(|call| call.tab == tab) {
            call.since = now;
        }
    }

    /// A prerendered page is shown: only now its calls begin.
    pub fn tab_shown(&mut self, tab: Owner, now: u64) {
        self.stirred(now);
        for call in self.calls.iter_mut().filter(|call| call.tab == tab) {
            call.since = now;
            call.begun = now;
        }
    }

    pub fn clock_moved(&mut self, by: i64) {
        self.clock_was_wrong |= by != 0;
    }

    /// The machine has slept until now.
    pub fn slept(&mut self, now: u64) {
        for call in &mut self.calls {
            call.since = now;
        }
    }
}

/// Storage.
impl Oracle {
    pub fn storage_became(&mut self, storage: Storage) {
        self.storage = storage;
        if storage != Storage::Works {
            self.distrust(Excuse::Distrust);
        }
    }

    /// Something has happened that may bring old news.
    fn stirred(&mut self, now: u64) {
        self.stirred = now;
    }

    pub fn damaged(&mut self, now: u64) {
        self.stirred(now);
        self.was_damaged = true;
        self.coverage.note("record damaged");
        self.distrust(Excuse::Distrust);
        self.stored = None;
    }

    /// What was stored last is gone, and what was there before is there again.
    pub fn forgotten(&mut self, now: u64, former: Option<Record>) {
        self.stirred(now);
        self.coverage.note("record damaged");
        self.distrust(Excuse::Forgotten);
        self.stored = former;
    }

    /// From now on, until all know what is stored.
    pub fn distrust(&mut self, because: Excuse) {
        self.distrusted = Some(because);
        let known = self.replaced.values_mut().chain(self.renewed.values_mut());
        for excuse in known {
            excuse.get_or_insert(because);
        }
    }
}

/// Whether the answer to it holds tokens.
pub fn changes_tokens(request: &Request) -> bool {
    Kinds::of(request).is_some()
}

pub fn decode(text: &str) -> Option<Record> {
    Record::decode::<Value>(text, API, Moment::default()).ok()
}

fn refresh_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.refresh.as_ref()?.token.expose())
}

fn access_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.access.token.expose())
}

fn customer_of(record: &Record) -> Option<&Pair> {
    record.customer.as_ref().map(|customer| &customer.pair)
}

fn session_of(record: &Record) -> Option<&str> {
    record.session_id.as_ref().map(|id| id.as_str())
}

fn company_of(record: &Record) -> Option<&str> {
    record.legal_entity().map(|id| id.as_str())
}

/// The platform's truth.
impl World {
    fn facts(&self, token: &str) -> Option<TokenFacts> {
        let mut server = self.server.borrow_mut();
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

/// Requests.
impl World {
    /// A tab sends; whether it is a request that changes tokens.
    pub fn sent(&self, tab: Owner, request: &Request) -> bool {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(now, || format!("tab {tab} sends {request:?}"));
        let Some(kind) = Kinds::of(request) else {
            return false;
        };
        oracle.check_storm(now);
        oracle.check_reason(tab);
        oracle.check_somebody_waits(tab);
        oracle.check_turn(tab, request, now, &self.locks);
        oracle.check_stale(tab, request, &kind);
        oracle.check_company_sent(tab, &kind);
        oracle.check_login_sent(tab, request, &kind);
        true
    }

    /// Whether nobody is about to replace the tokens that are stored.
    pub fn is_quiet(&self) -> bool {
        let oracle = self.oracle.borrow();
        let is_pending = |record: &Record| record.pending.is_some();
        self.locks.at_work().is_none()
            && !oracle.stored.as_ref().is_some_and(is_pending)
            && oracle.tabs.iter().all(|page| page.token_calls.is_empty())
    }

    /// How many token requests of this tab are not answered yet.
    pub fn under_way(&self, tab: Owner) -> usize {
        self.oracle.borrow().tabs[tab].token_calls.len()
    }

    /// The platform has answered, and its answer is on its way.
    pub fn worked(&self, request: &Request, answer: &sandbox::Answer) {
        if let Some(Kinds::Guest(Some(token)) | Kinds::Customer { token, .. }) = Kinds::of(request)
            && answer.status < 300
        {
            let mut oracle = self.oracle.borrow_mut();
            let lost = Some(Excuse::AnswerLost);
            oracle.renewed.entry(token).or_insert(lost);
        }
    }

    /// An answer reaches the tab.
    pub fn answered(
        &self,
        tab: Owner,
        request: &Request,
        sent: u64,
        answer: &Result<Response, Unanswered>,
    ) {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(now, || format!("tab {tab} hears {answer:?} to {request:?}"));
        let Ok(answer) = answer else { return };
        let Some(kind) = Kinds::of(request) else {
            return;
        };
        match &kind {
            Kinds::Guest(_) => oracle.tabs[tab].guest_granted = access_token_of(&answer.body),
            Kinds::Customer { .. } if answer.status == 401 => {
                self.note_misled(&mut oracle, tab, request);
            }
            _ => {}
        }
        if let Kinds::Guest(Some(token)) | Kinds::Customer { token, .. } = &kind
            && answer.is_ok()
            && let Some(access) = access_token_of(&answer.body)
        {
            let is_trusted = oracle.distrusted.is_none() && oracle.storage == Storage::Works;
            // Another host has the lease that this one asked under: it cannot store what it hears.
            let is_taken = oracle.is_served && self.locks.is_robbed(tab);
            // It knows of a logout that is not stored yet.
            let known = self
                .lifecycle(tab)
                .and_then(|it| oracle.epoch_of(&it.snapshot().identity));
            let is_over = known > oracle.stored.as_ref().map(|record| record.epoch);
            let is_owed = !is_taken && !is_over && oracle.note_owed(tab, &kind, access, now - sent);
            let excuse = match is_trusted {
                false => Some(oracle.distrusts().1),
                true if is_taken => Some(Excuse::LockTaken),
                // The lock was given back, and another tab may have sent the token too.
                true if now - sent >= turns::UNANSWERED => Some(Excuse::Unanswered),
                // The record has gone on without it. Who has not seen that may still hold the former one.
                true => (!is_owed).then_some(Excuse::LogoutUnseen),
            };
            oracle.renewed.insert(token.clone(), excuse);
        }
    }
}

impl Oracle {
    /// A token request of this tab has come to its end.
    pub fn settled(&mut self, tab: Owner, sent: u64) {
        let calls = &mut self.tabs[tab].token_calls;
        if let Some(position) = calls.iter().position(|it| *it == sent) {
            calls.remove(position);
        }
    }
}

/// Records.
impl World {
    pub fn wrote(&self, tab: Owner, text: &str, succeeded: bool) {
        if succeeded {
            crate::light::note("stored", self.now(), text);
        }
        let Some(record) = decode(text) else {
            return self.oracle.borrow_mut().wrote_nonsense(tab, text);
        };
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(self.now(), || {
            format!(
                "tab {tab} writes revision {} epoch {} {:?} sid {:?} company {:?} pending {:?} stored {succeeded}",
                record.revision,
                record.epoch,
                record.began,
                session_of(&record).map(|id| &id[..4]),
                record.legal_entity(),
                record.pending.as_ref().map(|it| it.operation),
            )
        });
        oracle.learn(&record, succeeded, !succeeded);
        if oracle.locks != Locks::Granted && self.locks.is_another_at_work(tab) {
            oracle.overlapped = Some(Excuse::Overlap);
        }
        if self.locks.is_robbed(tab) {
            oracle.coverage.note("went on without its lock");
            oracle.robbed_wrote = true;
        }
        if !succeeded {
            return;
        }
        let previous = oracle.stored.replace(record.clone());
        if let Some(previous) = &previous {
            let facts = access_of(record.pair()).and_then(|token| self.facts(token));
            let number = |record: &Record| {
                let token = access_of(customer_of(record))?;
                self.facts(token)?.customer_number
            };
            let step = Step {
                tab,
                from: previous,
                to: &record,
                named: facts.as_ref().and_then(|it| it.session_id.clone()),
                company: facts.and_then(|it| it.legal_entity_id),
                numbers: [number(previous), number(&record)],
            };
            self.check_step(&mut oracle, &step);
            oracle.note_replaced(tab, previous, &record);
        }
    }

    /// A text is handed to storage that takes its time.
    pub fn writing(&self, text: &str) {
        self.announced(0, text);
    }

    /// Storage that takes its time has not stored that text in time, and may do so still.
    pub fn gave_up_writing(&self, text: &str) {
        let Some(record) = decode(text) else { return };
        let mut oracle = self.oracle.borrow_mut();
        oracle.learn(&record, false, true);
        oracle.distrust(Excuse::Distrust);
    }

    /// The tab tells the others.
    pub fn announced(&self, _tab: Owner, text: &str) {
        crate::light::note("announced", self.now(), text);
        if let Some(record) = decode(text) {
            self.oracle.borrow_mut().learn(&record, false, false);
        }
    }

    fn check_step(&self, oracle: &mut Oracle, step: &Step) {
        let (from, to) = (step.from, step.to);
        if to.epoch < from.epoch {
            return self.check_step_back(oracle, step);
        }
        if step.is_same_epoch() && to.identity != from.identity {
            return oracle.check_one_identity(step);
        }
        oracle.check_session(step);
        oracle.check_customer(step);
        oracle.check_company(step);
        oracle.check_cart(step);
        oracle.covered = None;
        self.check_end(oracle, step);
        let kind = match step.is_same_epoch() {
            true => "stored Renewed".to_owned(),
            false => format!("stored {:?}", to.began),
        };
        oracle.coverage.note(kind);
    }
}

impl Oracle {
    fn learn(&mut self, record: &Record, stored: bool, refused: bool) {
        self.epochs
            .insert(record.identity.as_str().to_owned(), record.epoch);
        for token in [
            access_of(record.guest.as_ref()),
            access_of(customer_of(record)),
        ]
        .into_iter()
        .flatten()
        {
            let refused = refused || self.storage != Storage::Works;
            let known = self.tokens.entry(token.to_owned()).or_insert(Known {
                epoch: record.epoch,
                stored: false,
                refused_by_storage: false,
            });
            // A token that goes on in the next epoch: the guest's behind a customer, a return to B2C that was checked.
            known.epoch = known.epoch.max(record.epoch);
            known.stored |= stored;
            known.refused_by_storage |= refused;
        }
    }

    /// Whether somebody has brought tokens to this tab.
    fn has_adopted(&self, tab: Owner) -> bool {
        let mut calls = self.calls.iter();
        calls.any(|it| it.tab == tab && it.call == Call::Adopt)
    }

    fn note_replaced(&mut self, tab: Owner, from: &Record, to: &Record) {
        let excuse = self.distrusted;
        let slots = [
            (from.guest.as_ref(), to.guest.as_ref()),
            (customer_of(from), customer_of(to)),
        ];
        for (from, to) in slots {
            if let (Some(old), Some(new)) = (refresh_of(from), refresh_of(to))
                && old != new
            {
                self.replaced.insert(old.to_owned(), excuse);
                if self.has_adopted(tab) && self.replaced.contains_key(new) {
                    self.coverage.note("tokens brought back");
                    let because = Some(Excuse::BroughtBack);
                    self.replaced.insert(new.to_owned(), because);
                    self.renewed.insert(new.to_owned(), because);
                }
            }
        }
    }
}

/// Calls.
impl World {
    pub fn begin(&self, tab: Owner, call: Call) -> usize {
        let now = self.now();
        let snapshot = self.lifecycle(tab).map(|lifecycle| lifecycle.snapshot());
        let mut oracle = self.oracle.borrow_mut();
        let ends_in = snapshot.map_or(0, |snapshot| {
            let epoch = oracle.epoch_of(&snapshot.identity).unwrap_or(0);
            epoch + u64::from(snapshot.session_id.is_some())
        });
        oracle.calls_begun += 1;
        oracle.tabs[tab].has_reason = true;
        oracle.note(now, || format!("tab {tab} calls {call:?}"));
        oracle.calls.push(Running {
            tab,
            call,
            begun: now,
            since: now,
            ends_in,
            done: false,
        });
        oracle.calls.len() - 1
    }

    /// A call has settled.
    pub fn ended(&self, number: usize, error: Option<(Code, String)>) {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        let (tab, call) = (oracle.calls[number].tab, oracle.calls[number].call.clone());
        oracle.calls[number].done = true;
        oracle.tabs[tab].was_given_up |= now - oracle.calls[number].begun >= PATIENCE;
        oracle.note(now, || format!("tab {tab} {call:?} ends with {error:?}"));
        let outcome = error.as_ref().map_or("ok", |(code, _)| code.as_str());
        let name = match &call {
            Call::Switch(_) => "switch".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        oracle.coverage.note(format!("{name}: {outcome}"));
        if let Some((code, text)) = error {
            oracle.check_error(code, &text);
            oracle.check_words("an error", &text);
        } else if call.is_visitors()
            && let Some(lifecycle) = self.lifecycle(tab)
        {
            let snapshot = lifecycle.snapshot();
            oracle.raise_floor(tab, &snapshot);
            if call == Call::Logout {
                oracle.check_tombstone(number, snapshot.durable, now);
            }
        }
    }

    /// A token is handed out.
    pub fn handed_out(&self, number: usize, token: &AccessToken) {
        let (tab, begun) = {
            let oracle = self.oracle.borrow();
            (oracle.calls[number].tab, oracle.calls[number].begun)
        };
        let Some(lifecycle) = self.lifecycle(tab) else {
            return;
        };
        let snapshot = lifecycle.snapshot();
        crate::light::note("handed out", self.now(), token.expose());
        let Some(facts) = self.facts(token.expose()) else {
            let mut oracle = self.oracle.borrow_mut();
            return oracle.broken(4, || "a token that the platform never issued".into());
        };
        let mut oracle = self.oracle.borrow_mut();
        oracle.check_company_of(tab, &snapshot, &facts, &self.setup.profile);
        oracle.check_bearer(tab, &snapshot, &facts);
        oracle.check_stored_before_use(tab, &snapshot, token);
        self.check_epoch(&mut oracle, tab, begun, &snapshot, token);
    }
}

/// Whether all tabs agree on who the visitor is.
impl World {
    /// Who the visitor is for each open tab.
    fn snapshots(&self) -> Vec<Snapshot> {
        self.open_tabs()
            .into_iter()
            .filter_map(|tab| self.lifecycle(tab))
            .map(|lifecycle| lifecycle.snapshot())
            .collect()
    }

    /// After a fault of storage there may be tabs that live on in memory, each with a visitor of its own. Once all know
    /// what is stored again, the laws are theirs again. For a tab that stands still news of a former visitor may be
    /// waiting, or be on its way.
    fn regain_trust(&self) {
        let tabs = 0..self.oracle.borrow().tabs.len();
        if tabs.clone().any(|tab| self.executor.is_frozen(tab)) {
            return;
        }
        let snapshots: Vec<_> = tabs
            .filter_map(|tab| Some(self.lifecycle(tab)?.snapshot()))
            .collect();
        let mut oracle = self.oracle.borrow_mut();
        let is_settled = self.now() > oracle.stirred + MESSAGE;
        if oracle.distrusted.is_none() || !is_settled || oracle.storage != Storage::Works {
            return;
        }
        let Some(stored) = &oracle.stored else { return };
        // With the clock set back the numbers of records that were lost may come again.
        if oracle.was_damaged && oracle.clock_was_wrong {
            return;
        }
        let are_one = snapshots.iter().all(|it| {
            it.durable
                && it.identity == stored.identity
                && it.session_id == stored.session_id
                && it.cart == stored.cart
        });
        // A page that answers others may know what was never stored.
        let knows_more = self.tabs.borrow().iter().enumerate().any(|(tab, it)| {
            let known = it.known.as_deref().and_then(decode);
            self.hears(tab) && known.is_some_and(|known| known.is_newer_than(stored))
        });
        if are_one && !knows_more {
            oracle.distrusted = None;
        }
    }

    /// After a while in which everything could move: whether all have settled that should.
    pub fn check_waiting(&self) {
        self.regain_trust();
        self.check_settled();
    }
}

/// Events.
impl Oracle {
    pub fn heard(&mut self, tab: Owner, event: &Event) {
        self.coverage
            .note(format!("event {:?} {:?}", event.kind, event.origin));
        if let Some(trace) = &mut self.trace {
            let line = format!(
                "tab {tab} event {:?} {:?} {:?}",
                event.kind, event.reason, event.origin
            );
            trace.push(format!("{:>12} {line}", ""));
        }
        self.check_words("an event", &format!("{event:?}"));
        self.check_shown(tab, &event.snapshot);
        self.check_event_chain(tab, event);
        self.check_event_kind(tab, event);
        self.tabs[tab].snapshot = Some(event.snapshot.clone());
    }
}
