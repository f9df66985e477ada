//! The laws of the session, checked against the platform's truth whenever something happens that they are about.
//!
//! The oracle knows more than any tab: what is stored now, though nobody may see it yet; which tokens the platform
//! accepts; what was delivered to whom. It judges by what was within reach: an identity may end only where no credential
//! was left that the platform would have taken.

use crate::browser::{API, MESSAGE, PATIENCE, World};
use crate::coverage::Coverage;
use crate::executor::Owner;
use crate::plan::{Setup, Storage, Trouble};
use sandbox::{
    ForeignBearerSession, OmittedLegalEntity, RefreshBearer, Rotation, Status, TokenFacts,
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::{
    AccessToken, Code, Event, Identity, Kind, Moment, Pair, Record, Snapshot,
};

/// What a method may take at most before it settles: each wait in it is bounded by the callers' patience.
const LIMIT: u64 = 90_000;

/// How long a request may be under way before others need not wait for it any more.
const UNANSWERED: u64 = 60_000;

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
    Switch(Option<String>),
    Refresh,
    Logout,
    Other,
}

pub struct Oracle {
    pub failure: Option<Violation>,
    pub coverage: Coverage,
    trace: Option<Vec<String>>,
    web_locks: bool,
    excused: bool,
    tabs: Vec<Page>,
    calls: Vec<Running>,
    /// What is stored now, where it is a record.
    stored: Option<Record>,
    storage: Storage,
    /// Whether storage and all tabs may be trusted to know the latest record: no fault of storage since.
    intact: bool,
    /// The epoch of each access token that was ever written or announced, and whether it was stored.
    tokens: HashMap<String, Known>,
    /// Refresh tokens in whose place newer ones were stored.
    replaced: HashSet<String>,
    clock_was_wrong: bool,
    was_damaged: bool,
    /// When there was last something that may bring old news: a record that was damaged, a tab that goes on.
    stirred: u64,
    /// The last token requests: when, and how many calls had begun by then.
    recent: Vec<(u64, u64)>,
    calls_begun: u64,
}

struct Known {
    epoch: u64,
    stored: bool,
    refused_by_storage: bool,
}

#[derive(Default)]
struct Page {
    alive: bool,
    closed: bool,
    snapshot: Option<Snapshot>,
    /// No token of an earlier epoch may be handed out: one of its own calls has begun this one.
    floor: u64,
    /// When the token requests that are under way were sent.
    token_calls: Vec<u64>,
    /// A grant that was delivered and must be stored before the lock is given back.
    owes: Option<Owed>,
    /// One that came when the lock had been given back: it must be stored some time, where its token is not replaced.
    owes_late: Vec<Owed>,
    /// The guest's token that was granted while this page holds the lock.
    guest_granted: Option<String>,
    /// That token was revoked before its first use, or ended and its life was not told: its refusal looks like the
    /// customer's.
    misled: bool,
    /// A number that changes when the page stands still.
    stops: u64,
}

struct Owed {
    access: String,
    epoch: u64,
    /// The refresh token that was sent for it.
    consumed: String,
}

struct Running {
    tab: Owner,
    call: Call,
    begun: u64,
    /// For a logout: the epoch that it leaves behind, at least.
    ends_in: u64,
    stops: u64,
    done: bool,
}

impl Oracle {
    pub fn new(setup: &Setup, traced: bool) -> Self {
        Self {
            failure: None,
            coverage: Coverage::default(),
            trace: traced.then(Vec::new),
            web_locks: setup.web_locks,
            excused: false,
            tabs: Vec::new(),
            calls: Vec::new(),
            stored: None,
            storage: Storage::Works,
            intact: true,
            tokens: HashMap::new(),
            replaced: HashSet::new(),
            clock_was_wrong: false,
            was_damaged: false,
            stirred: 0,
            recent: Vec::new(),
            calls_begun: 0,
        }
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

    fn broken(&mut self, law: u8, what: impl FnOnce() -> String) {
        if self.failure.is_none() && !self.excused {
            self.failure = Some(Violation { law, what: what() });
        }
    }

    fn require(&mut self, holds: bool, law: u8, what: impl FnOnce() -> String) {
        if !holds {
            self.broken(law, what);
        }
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
        self.tabs[tab].snapshot = Some(snapshot);
    }

    pub fn tab_killed(&mut self, tab: Owner) {
        let page = &mut self.tabs[tab];
        page.alive = false;
        page.owes = None;
        page.owes_late.clear();
        if !page.token_calls.is_empty() {
            self.coverage.note("killed in a token request");
        }
    }

    pub fn tab_closed(&mut self, tab: Owner) {
        self.tabs[tab].closed = true;
    }

    pub fn tab_froze(&mut self, tab: Owner) {
        self.tabs[tab].stops += 1;
        if !self.tabs[tab].token_calls.is_empty() {
            self.coverage.note("frozen in a token request");
        }
    }

    pub fn clock_moved(&mut self, by: i64) {
        self.clock_was_wrong |= by != 0;
    }

    /// The machine slept: those who waited meanwhile are not judged by the clock.
    pub fn slept(&mut self) {
        for call in &mut self.calls {
            call.stops = u64::MAX;
        }
    }
}

/// Storage.
impl Oracle {
    pub fn storage_became(&mut self, storage: Storage) {
        self.storage = storage;
        if storage != Storage::Works {
            self.distrust();
        }
    }

    /// Something has happened that may bring old news.
    pub fn stirred(&mut self, now: u64) {
        self.stirred = now;
    }

    pub fn damaged(&mut self, now: u64) {
        self.stirred(now);
        self.was_damaged = true;
        self.coverage.note("record damaged");
        self.distrust();
        self.stored = None;
        // Without the record epochs may be counted anew: those of former tokens say nothing any more.
        for known in self.tokens.values_mut() {
            known.epoch = u64::MAX;
        }
        for page in &mut self.tabs {
            page.floor = 0;
        }
    }

    fn distrust(&mut self) {
        self.intact = false;
        self.replaced.clear();
    }
}

fn decode(text: &str) -> Option<Record> {
    Record::decode::<Value>(text, API, Moment::default()).ok()
}

fn epoch_of(identity: &Identity) -> u64 {
    let number = identity.as_str().split('-').next();
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn refresh_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.refresh.as_ref()?.token.expose())
}

fn access_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.access.token.expose())
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

    /// Whether the platform would renew this customer, asked in the right way.
    fn can_renew_customer(&self, record: &Record) -> bool {
        let pair = record.customer.as_ref().map(|customer| &customer.pair);
        if !self.is_live(refresh_of(pair)) {
            return false;
        }
        let profile = &self.setup.profile;
        match profile.refresh_bearer {
            RefreshBearer::Customer => self.is_live(access_of(pair)),
            RefreshBearer::Anonymous => {
                // A thrown-away guest's bearer is of another session.
                let guest = record.guest.as_ref();
                profile.foreign_bearer_session != ForeignBearerSession::Refused
                    || self.is_live(refresh_of(guest))
                    || self.is_live(access_of(guest))
            }
            RefreshBearer::Either => {
                profile.foreign_bearer_session != ForeignBearerSession::Refused
                    || self.is_live(access_of(pair))
            }
        }
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
        oracle.recent.retain(|(at, _)| now - at < 20_000);
        let begun = oracle.calls_begun;
        oracle.recent.push((now, begun));
        // Every call may renew once and try again once, with a few bearers at most; beyond that there are the timers.
        let waiting = oracle.calls.iter().filter(|call| !call.done).count() as u64;
        let calls = waiting + oracle.recent.first().map_or(0, |(_, then)| begun - then);
        let (sent, most) = (oracle.recent.len() as u64, 12 * (calls + 4));
        oracle.require(sent <= most, 7, || {
            format!("{sent} token requests within 20 s, for {calls} calls: a storm")
        });
        oracle.tabs[tab].token_calls.push(now);
        // Who is not answered for a minute gives the lock back, and goes on waiting.
        let under_way = oracle
            .tabs
            .iter()
            .filter(|page| page.alive)
            .flat_map(|page| &page.token_calls)
            .filter(|sent| now - **sent < UNANSWERED)
            .count();
        if !oracle.web_locks && (under_way > 1 || self.is_another_at_work(tab)) {
            // Two tabs' own timers may meet: without locks that is not promised to end well.
            oracle.excused = true;
        } else {
            oracle.require(under_way == 1, 3, || {
                format!("tab {tab} sends {request:?} while another token request is under way")
            });
        }
        let (Kinds::Guest(Some(token)) | Kinds::Customer { token, .. }) = &kind else {
            return true;
        };
        let is_stale = oracle.replaced.contains(token);
        oracle.require(!is_stale, 3, || {
            format!(
                "tab {tab} sends a refresh token in whose place another was stored: {request:?}"
            )
        });
        if let Kinds::Customer { company, .. } = &kind {
            let asked: Vec<_> = oracle.asked_companies().collect();
            let stored = oracle.stored.as_ref();
            let chosen = stored
                .and_then(|record| record.legal_entity())
                .map(|id| id.as_str().to_owned());
            let holds = !oracle.intact || *company == chosen || asked.contains(company);
            oracle.require(holds, 9, || {
                format!("tab {tab} renews for {company:?} while {chosen:?} is chosen and {asked:?} asked for")
            });
        }
        true
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
                let bearer = request.bearer.as_ref().map(|bearer| bearer.expose());
                let is_new = oracle.tabs[tab].guest_granted.as_deref() == bearer;
                let facts = bearer.and_then(|bearer| self.facts(bearer));
                let life = self.setup.profile.anonymous_expires_in.as_given();
                let is_told = life.as_i64().is_some_and(|seconds| seconds > 0);
                let is_lost = facts.is_some_and(|it| match it.status {
                    Status::Revoked => true,
                    Status::Expired => !is_told,
                    _ => false,
                });
                oracle.tabs[tab].misled |= is_new && is_lost;
            }
            _ => {}
        }
        let Some(record) = oracle.stored.as_ref().filter(|_| oracle.intact) else {
            return;
        };
        let (token, pair) = match kind {
            Kinds::Guest(Some(token)) => (token, record.guest.as_ref()),
            Kinds::Customer { token, .. } => (
                token,
                record.customer.as_ref().map(|customer| &customer.pair),
            ),
            _ => return,
        };
        let epoch = record.epoch;
        if answer.is_ok()
            && refresh_of(pair) == Some(&token)
            && let Some(access) = access_token_of(&answer.body)
        {
            let owed = Owed {
                access,
                epoch,
                consumed: token,
            };
            if now - sent < UNANSWERED {
                oracle.tabs[tab].owes = Some(owed);
            } else {
                oracle.coverage.note("answered late");
                oracle.tabs[tab].owes_late.push(owed);
            }
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

    /// The tab gives the lock back.
    pub fn released(&mut self, tab: Owner) {
        self.tabs[tab].guest_granted = None;
        self.tabs[tab].misled = false;
        if let Some(owed) = self.tabs[tab].owes.take() {
            let overtaken = self
                .stored
                .as_ref()
                .is_none_or(|record| record.epoch != owed.epoch);
            let page = self.tabs[tab].snapshot.as_ref();
            let overtaken =
                overtaken || page.is_some_and(|it| epoch_of(&it.identity) != owed.epoch);
            let kept = self.tokens.contains_key(&owed.access);
            let closed = !self.intact || overtaken || kept;
            self.require(closed, 4, || {
                format!("tab {tab} was granted tokens of the present epoch, and threw them away")
            });
        }
    }

    fn asked_companies(&self) -> impl Iterator<Item = Option<String>> + use<'_> {
        self.calls.iter().filter_map(|it| match &it.call {
            Call::Switch(company) => Some(company.clone()),
            _ => None,
        })
    }
}

/// The requests that change tokens.
enum Kinds {
    /// A guest's, with the refresh token, if it is no first one.
    Guest(Option<String>),
    Login,
    Customer {
        token: String,
        company: Option<String>,
    },
}

impl Kinds {
    fn of(request: &Request) -> Option<Self> {
        let (path, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let query = |name| {
            let sent = sandbox::Request::get(request.url.clone());
            sent.query(name).map(|value| value.into_owned())
        };
        if path.ends_with("/anonymous/login") {
            Some(Self::Guest(None))
        } else if path.ends_with("/anonymous/refresh") {
            Some(Self::Guest(query("refresh_token")))
        } else if path.ends_with("/acme/login") {
            Some(Self::Login)
        } else if path.ends_with("/refreshauthtoken") {
            Some(Self::Customer {
                token: query("refreshToken")?,
                company: query("legalEntityId"),
            })
        } else {
            None
        }
    }
}

fn access_token_of(body: &str) -> Option<String> {
    let json: Value = serde_json::from_str(body).ok()?;
    let token = json
        .get("access_token")
        .or_else(|| json.get("accessToken"))?;
    Some(token.as_str()?.to_owned())
}

/// Records.
impl World {
    pub fn wrote(&self, tab: Owner, text: &str, succeeded: bool) {
        let Some(record) = decode(text) else {
            let mut oracle = self.oracle.borrow_mut();
            return oracle.broken(5, || {
                format!(
                    "tab {tab} writes what nobody can read: {} bytes",
                    text.len()
                )
            });
        };
        let previous = self.oracle.borrow().stored.clone();
        self.oracle.borrow_mut().note(self.now(), || {
            format!(
                "tab {tab} writes revision {} epoch {} {:?} sid {:?} company {:?} pending {:?} stored {succeeded}",
                record.revision,
                record.epoch,
                record.began,
                record.session_id.as_ref().map(|id| &id.as_str()[..4]),
                record.legal_entity(),
                record.pending.as_ref().map(|it| it.operation),
            )
        });
        if let Some(previous) = &previous
            && succeeded
        {
            self.check_step(tab, previous, &record);
        }
        let mut oracle = self.oracle.borrow_mut();
        oracle.learn(&record, succeeded, !succeeded);
        if succeeded {
            if let Some(previous) = &previous {
                oracle.note_replaced(previous, &record);
            }
            oracle.stored = Some(record);
        }
    }

    pub fn announced(&self, _tab: Owner, text: &str) {
        if let Some(record) = decode(text) {
            self.oracle.borrow_mut().learn(&record, false, false);
        }
    }

    /// From one stored record to the next.
    fn check_step(&self, tab: Owner, from: &Record, to: &Record) {
        if !self.oracle.borrow().intact {
            return;
        }
        let fail = |law, what: String| {
            self.oracle
                .borrow_mut()
                .broken(law, || format!("tab {tab}: {what}"))
        };
        if to.epoch < from.epoch {
            // Whoever logs out does not wait for ever for the lock: its holder may not see that yet.
            let seen = self.epoch_seen_by(tab, self.now());
            if seen.is_none_or(|seen| seen <= to.epoch) {
                return;
            }
            return fail(
                8,
                format!("stores epoch {} over epoch {}", to.epoch, from.epoch),
            );
        }
        if to.epoch > from.epoch + 1 {
            return;
        }
        let session = |record: &Record| record.session_id.as_ref().map(|id| id.as_str().to_owned());
        let company = |record: &Record| record.legal_entity().map(|id| id.as_str().to_owned());
        let customer = |record: &'_ Record| record.customer.as_ref().map(|it| it.pair.clone());
        let same_epoch = to.epoch == from.epoch;
        if same_epoch && to.identity != from.identity {
            // A logout that waited in vain for the lock, and its holder who ended the session too: the logout wins.
            let logout = to.began == Kind::Logout || from.began == Kind::Logout;
            if !logout {
                fail(1, "one epoch, two identities".into());
            }
            return;
        }
        // The platform's own word on the session of the tokens that were stored.
        let named = access_of(to.pair())
            .and_then(|token| self.facts(token))
            .and_then(|facts| facts.session_id);
        let moved = session(from).is_some() && session(to) != session(from);
        let is_misled = self.oracle.borrow().tabs[tab].misled;
        let guest_lost = || !self.is_live(refresh_of(from.guest.as_ref()));
        match to.began {
            _ if same_epoch => {
                if moved && (session(to) != named || to.customer.is_none()) {
                    return fail(
                        1,
                        format!(
                            "the session id changes from {:?} to {:?}",
                            session(from),
                            session(to)
                        ),
                    );
                }
                if company(from) != company(to) {
                    return fail(
                        9,
                        format!(
                            "the company changes from {:?} to {:?}",
                            company(from),
                            company(to)
                        ),
                    );
                }
                let spent = |from: Option<&Pair>, to: Option<&Pair>| {
                    refresh_of(from).is_some() && refresh_of(to).is_none()
                };
                if spent(customer(from).as_ref(), customer(to).as_ref())
                    && self.can_renew_customer(from)
                    && !is_misled
                {
                    return fail(
                        2,
                        "a customer's refresh token that works is given up".into(),
                    );
                }
                if spent(from.guest.as_ref(), to.guest.as_ref()) && !guest_lost() {
                    return fail(2, "a guest's refresh token that works is given up".into());
                }
            }
            Kind::Login => {
                if moved && session(to) != named {
                    return fail(1, "the login changes the session id".into());
                }
            }
            Kind::Switched => {
                if moved && session(to) != named {
                    return fail(1, "the switch changes the session id".into());
                }
                let asked = self
                    .oracle
                    .borrow()
                    .asked_companies()
                    .any(|it| it == company(to));
                if !asked {
                    return fail(9, format!("nobody has asked for {:?}", company(to)));
                }
            }
            Kind::Logout => {
                let oracle = self.oracle.borrow();
                let asked = oracle.calls.iter().any(|it| it.call == Call::Logout);
                drop(oracle);
                if !asked {
                    return fail(2, "a logout that nobody asked for".into());
                }
            }
            Kind::Expired if from.customer.is_some() => {
                if self.can_renew_customer(from) && !is_misled {
                    return fail(
                        2,
                        "a customer ends whom the platform would have renewed".into(),
                    );
                }
                if self.is_live(access_of(customer(from).as_ref())) {
                    return fail(
                        2,
                        "a customer ends whose access token the platform accepts".into(),
                    );
                }
                if to.guest.is_some() && moved {
                    return fail(1, "the end of the customer changes the session id".into());
                }
            }
            Kind::Expired => {
                if !guest_lost() {
                    return fail(
                        2,
                        "a guest ends whom the platform would have renewed".into(),
                    );
                }
                // The platform can not be asked whether it accepts a guest's token: the clock alone tells.
                let guessed = self.oracle.borrow().clock_was_wrong;
                let refused = refresh_of(from.guest.as_ref()).is_some();
                if !guessed && refused && self.is_live(access_of(from.guest.as_ref())) {
                    self.oracle.borrow_mut().coverage.note("guest ended early");
                }
            }
            _ => fail(1, format!("an epoch began with {:?}", to.began)),
        }
        self.oracle.borrow_mut().coverage.note(format!(
            "stored {:?}",
            if same_epoch { Kind::Renewed } else { to.began }
        ));
    }
}

impl Oracle {
    fn learn(&mut self, record: &Record, stored: bool, refused: bool) {
        let customer = record.customer.as_ref().map(|customer| &customer.pair);
        for token in [access_of(record.guest.as_ref()), access_of(customer)]
            .into_iter()
            .flatten()
        {
            let known = self.tokens.entry(token.to_owned()).or_insert(Known {
                epoch: record.epoch,
                stored: false,
                refused_by_storage: false,
            });
            // A token that goes on in the next epoch: the guest's behind a customer, a return to B2C that was checked.
            known.epoch = known.epoch.max(record.epoch);
            known.stored |= stored;
            known.refused_by_storage |= refused || self.storage != Storage::Works;
        }
    }

    fn note_replaced(&mut self, from: &Record, to: &Record) {
        // After a fault of storage another visitor's record may come in the place of this one's.
        if !self.intact || from.session_id != to.session_id {
            return;
        }
        fn customer(record: &Record) -> Option<&Pair> {
            record.customer.as_ref().map(|customer| &customer.pair)
        }
        let slots = [
            (from.guest.as_ref(), to.guest.as_ref()),
            (customer(from), customer(to)),
        ];
        for (from, to) in slots {
            if let (Some(old), Some(new)) = (refresh_of(from), refresh_of(to))
                && old != new
            {
                self.replaced.insert(old.to_owned());
            }
        }
    }
}

/// Calls.
impl World {
    pub fn begin(&self, tab: Owner, call: Call) -> usize {
        let now = self.now();
        let ends_in = self.lifecycle(tab).map_or(0, |lifecycle| {
            let snapshot = lifecycle.snapshot();
            epoch_of(&snapshot.identity) + u64::from(snapshot.session_id.is_some())
        });
        let mut oracle = self.oracle.borrow_mut();
        oracle.calls_begun += 1;
        oracle.note(now, || format!("tab {tab} calls {call:?}"));
        let stops = oracle.tabs[tab].stops;
        oracle.calls.push(Running {
            tab,
            call,
            begun: now,
            ends_in,
            stops,
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
        oracle.note(now, || format!("tab {tab} {call:?} ends with {error:?}"));
        let outcome = error.as_ref().map_or("ok", |(code, _)| code.as_str());
        let name = match &call {
            Call::Switch(_) => "switch".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        oracle.coverage.note(format!("{name}: {outcome}"));
        if let Some((code, text)) = error {
            oracle.require(code != Code::Internal, 7, || {
                format!("internal error: {text}")
            });
            oracle.require(!looks_secret(&text), 8, || {
                format!("a secret in an error: {text}")
            });
            return;
        }
        drop(oracle);
        let changes = matches!(call, Call::Login | Call::Switch(_) | Call::Logout);
        if let (true, Some(lifecycle)) = (changes, self.lifecycle(tab)) {
            let snapshot = lifecycle.snapshot();
            let epoch = epoch_of(&snapshot.identity);
            let mut oracle = self.oracle.borrow_mut();
            let floor = &mut oracle.tabs[tab].floor;
            *floor = (*floor).max(epoch);
            // A logout that has not waited in vain has left nothing of the session behind, unless what is stored was not to
            // be touched.
            let running = &oracle.calls[number];
            let in_time = running.stops == oracle.tabs[tab].stops && now - running.begun < PATIENCE;
            let epoch = running.ends_in;
            let stored = oracle.stored.as_ref().map_or(epoch, |record| record.epoch);
            let trusted = oracle.intact && snapshot.durable;
            let buried = call != Call::Logout || !in_time || !trusted || stored >= epoch;
            oracle.require(buried, 8, || {
                format!("tab {tab} has logged out, and epoch {stored} is stored")
            });
        }
    }

    /// A token is handed out.
    pub fn handed_out(&self, number: usize, token: &AccessToken) {
        let Some((tab, begun)) = ({
            let oracle = self.oracle.borrow();
            oracle.calls.get(number).map(|call| (call.tab, call.begun))
        }) else {
            return;
        };
        let Some(lifecycle) = self.lifecycle(tab) else {
            return;
        };
        let snapshot = lifecycle.snapshot();
        let facts = self.facts(token.expose());
        let seen = self.epoch_seen_by(tab, begun.saturating_sub(1_000));
        let profile = &self.setup.profile;
        let mut oracle = self.oracle.borrow_mut();
        let Some(facts) = facts else {
            return oracle.broken(4, || "a token that the platform never issued".into());
        };
        // A lost answer to a switch may have moved a refresh token that is never rotated.
        let is_company_known = profile.rotation != Rotation::Same
            || profile.omitted_legal_entity != OmittedLegalEntity::Keeps;
        let company = snapshot
            .legal_entity_id
            .as_ref()
            .map(|id| id.as_str().to_owned());
        oracle.require(
            !is_company_known || facts.legal_entity_id == company,
            9,
            || {
                format!(
                    "tab {tab} hands out a token for {:?} while {company:?} is chosen",
                    facts.legal_entity_id
                )
            },
        );
        let is_customer = facts.customer_number.is_some();
        let kind = format!("{:?}", snapshot.kind);
        oracle.require(is_customer == (kind == "Customer"), 4, || {
            format!("tab {tab} hands out another identity's token: {kind}")
        });
        let floor = oracle.tabs[tab].floor;
        let trusted = oracle.intact && oracle.storage == Storage::Works;
        let Some(known) = oracle.tokens.get(token.expose()) else {
            let durable = snapshot.durable && trusted;
            return oracle.require(!durable, 5, || {
                format!("tab {tab} hands out a token that was never written")
            });
        };
        let (epoch, stored) = (known.epoch, known.stored || known.refused_by_storage);
        oracle.require(stored || !snapshot.durable || !trusted, 5, || {
            format!("tab {tab} hands out a token that was not stored")
        });
        oracle.require(epoch >= floor, 4, || {
            format!(
                "tab {tab} hands out a token of epoch {epoch}, and has begun epoch {floor} itself"
            )
        });
        if let Some(seen) = seen.filter(|_| trusted && snapshot.durable) {
            oracle.require(epoch >= seen, 4, || {
                format!("tab {tab} hands out a token of epoch {epoch}, and epoch {seen} was there to be seen")
            });
        }
    }

    fn epoch_seen_by(&self, tab: Owner, time: u64) -> Option<u64> {
        let text = self.seen_at(tab, time)?;
        Some(decode(&text)?.epoch)
    }

    /// The session that is stored.
    pub fn session_stored(&self) -> Option<String> {
        let oracle = self.oracle.borrow();
        let id = oracle.stored.as_ref()?.session_id.as_ref()?;
        Some(id.as_str().to_owned())
    }

    /// After all faults have ended: whether somebody who wants a token gets one that works.
    pub fn check_probe(&self, tab: Owner, outcome: Option<Result<(), String>>) {
        let profile = &self.setup.profile;
        let brief = [&profile.anonymous_expires_in, &profile.customer_expires_in];
        // A token that ends on its way is of no use, and nobody's fault. And a refusal that the page may not read looks
        // like no answer, which by the laws ends nothing.
        if brief.iter().any(|it| it.as_given().as_u64() == Some(1)) || !profile.cors_on_errors {
            return;
        }
        self.oracle
            .borrow_mut()
            .require(outcome == Some(Ok(())), 6, || {
                format!("all is well again, and tab {tab} gets no token that works: {outcome:?}")
            });
    }

    /// Who the visitor is for each open tab.
    fn snapshots(&self) -> Vec<Snapshot> {
        self.open_tabs()
            .into_iter()
            .filter_map(|tab| self.lifecycle(tab))
            .map(|lifecycle| lifecycle.snapshot())
            .collect()
    }

    /// Whether all tabs agree on who the visitor is, and storage with them.
    pub fn agrees(&self) -> bool {
        let oracle = self.oracle.borrow();
        // A later version's record is left alone, and nothing else brings tabs together that begin after another.
        let Some(stored) = &oracle.stored else {
            return true;
        };
        let snapshots = self.snapshots();
        let agreed = snapshots.windows(2).all(|pair| {
            // A renewal may be on its way from one to the other.
            let of = |it: &Snapshot| (it.identity.clone(), it.session_id.clone(), it.durable);
            of(&pair[0]) == of(&pair[1])
        });
        let same = |it: &Snapshot| {
            !it.durable || (stored.identity == it.identity && stored.session_id == it.session_id)
        };
        agreed && snapshots.iter().all(same)
    }

    /// After all faults have ended: whether what was granted late to a page that is still there was kept.
    pub fn check_late_grants(&self) {
        let mut oracle = self.oracle.borrow_mut();
        let stored_epoch = oracle.stored.as_ref().map(|record| record.epoch);
        let lost = oracle
            .tabs
            .iter()
            .flat_map(|page| &page.owes_late)
            .find(|owed| {
                let is_over =
                    stored_epoch != Some(owed.epoch) || oracle.replaced.contains(&owed.consumed);
                !is_over && !oracle.tokens.contains_key(&owed.access)
            });
        let is_kept = lost.is_none() || !oracle.intact;
        oracle.require(is_kept, 4, || {
            "tokens of the present epoch that were granted late were thrown away".into()
        });
    }

    /// After all faults have ended, and enough time for all to hear of it.
    pub fn check_agreement(&self) {
        let agrees = self.agrees();
        let snapshots = self.snapshots();
        let mut oracle = self.oracle.borrow_mut();
        let stored = oracle.stored.clone();
        oracle.require(agrees, 4, || {
            format!("the tabs do not agree: {snapshots:#?}, and stored is {stored:#?}")
        });
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
        if oracle.intact || !is_settled || oracle.storage != Storage::Works {
            return;
        }
        let Some(stored) = &oracle.stored else { return };
        // With the clock set back the numbers of records that were lost may come again.
        if oracle.was_damaged && oracle.clock_was_wrong {
            return;
        }
        oracle.intact = snapshots.iter().all(|it| {
            it.durable && it.identity == stored.identity && it.session_id == stored.session_id
        });
    }

    /// After a while in which everything could move: whether all have settled that should.
    pub fn check_waiting(&self) {
        self.regain_trust();
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        let late = oracle.calls.iter().find(|call| {
            let page = &oracle.tabs[call.tab];
            !call.done
                && page.alive
                && page.stops == call.stops
                && !self.executor.is_frozen(call.tab)
                && now.saturating_sub(call.begun) > LIMIT
        });
        let late = late.map(|call| (call.tab, call.call.clone()));
        if let Some((tab, call)) = late {
            oracle.broken(7, || format!("tab {tab}: {call:?} has not settled"));
        }
    }
}

/// Tokens are long runs of letters and digits; ids have dashes in them.
fn looks_secret(text: &str) -> bool {
    let mut run = 0;
    let long = text.bytes().any(|byte| {
        run = if byte.is_ascii_alphanumeric() {
            run + 1
        } else {
            0
        };
        run >= 24
    });
    long || text.contains("sandbox-pass") || text.contains("@example")
}

/// Events.
impl Oracle {
    pub fn heard(&mut self, tab: Owner, event: &Event) {
        self.coverage
            .note(format!("event {:?} {:?}", event.kind, event.origin));
        if self.trace.is_some() {
            let line = format!(
                "tab {tab} event {:?} {:?} {:?}",
                event.kind, event.reason, event.origin
            );
            self.trace
                .get_or_insert_default()
                .push(format!("{:>12} {line}", ""));
        }
        let secret = looks_secret(&format!("{event:?}"));
        self.require(!secret, 8, || format!("a secret in an event: {event:?}"));
        let Some(last) = self.tabs[tab].snapshot.replace(event.snapshot.clone()) else {
            return;
        };
        self.require(last == event.previous, 1, || {
            format!(
                "tab {tab}: {:?} does not follow on the last event:\n{last:?}\n{:?}",
                event.kind, event.previous
            )
        });
        let changes = matches!(
            event.kind,
            Kind::Login | Kind::Switched | Kind::Logout | Kind::Expired
        );
        let changed = event.previous.identity != event.snapshot.identity;
        self.require(changes == changed, 4, || {
            format!("tab {tab}: {:?}, identity changed: {changed}", event.kind)
        });
    }
}
