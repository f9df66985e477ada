//! The platform as a whole: the way of a request through log, faults, gateway and service, and the control calls.

use crate::call::{Call, Caller, Reply};
use crate::carts::Carts;
use crate::clock::Clock;
use crate::companies::CompanyId;
use crate::customers::Customers;
use crate::faults::{self, Fault, FaultKind, Faults};
use crate::grants::{Grant, Lifetimes};
use crate::http::{Answer, Delivery, Request, Ticket};
use crate::log::{Fingerprint, Log, Row};
use crate::problem::{self, GatewayFault, Problem, Service};
use crate::profile::Profile;
use crate::random::Random;
use crate::routes::{self, Gate, Route, Routed};
use crate::state::{self, State};
use crate::tenant::TENANT;
use crate::tokens::{
    BearerKind, FamilyId, Identity, Purpose, Revocation, RevokedIdentity, RevokedKind, Status,
    TokenFacts, TokenId, Tokens,
};
use crate::{control, cors};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The stand-in for the Emporix platform.
#[derive(Debug)]
pub struct Platform {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) tokens: Tokens,
    pub(crate) customers: Customers,
    pub(crate) carts: Carts,
    profile: Profile,
    faults: Faults,
    log: Log,
    /// The held answers, with their numbers in the log.
    held: BTreeMap<Ticket, u64>,
    next_ticket: u64,
}

/// The bearer of a request, before anybody has judged it.
#[derive(Clone, Copy)]
struct Bearer {
    kind: BearerKind,
    /// Of a token that was once issued.
    known: Option<(TokenId, Status)>,
}

/// The API.
impl Platform {
    /// A platform with its fixed data and nothing else. The seed decides all ids and tokens.
    pub fn new(seed: u64) -> Self {
        Self {
            clock: Clock::new(),
            random: Random::new(seed),
            tokens: Tokens::default(),
            customers: Customers::new(),
            carts: Carts::default(),
            profile: Profile::default(),
            faults: Faults::default(),
            log: Log::default(),
            held: BTreeMap::new(),
            next_ticket: 1,
        }
    }

    /// Answers one request, API or control call.
    pub fn handle(&mut self, request: &Request) -> Answer {
        if control::is_control(request.path()) {
            return control::answer(self, request);
        }
        let bearer = self.bearer(request);
        let (reply, delivery) = if request.method == "OPTIONS" {
            let preflight = Reply {
                headers: cors::preflight(),
                ..Reply::empty(204)
            };
            (preflight, Delivery::Now)
        } else {
            let (mut reply, delivery) = self.work_under_faults(request, bearer);
            reply
                .headers
                .extend(cors::answer(&self.profile, reply.status));
            (reply, delivery)
        };
        let seq = self.log_call(request, bearer, &reply, delivery);
        Answer {
            seq,
            status: reply.status,
            headers: reply.headers,
            body: reply.body,
            delivery,
        }
    }

    fn work_under_faults(&mut self, request: &Request, bearer: Bearer) -> (Reply, Delivery) {
        let Some(fault) = self
            .faults
            .take(&request.method, request.path(), bearer.kind)
        else {
            return (self.work(request, bearer), Delivery::Now);
        };
        match fault.kind {
            FaultKind::Status => (fault.reply(), Delivery::Now),
            FaultKind::Garbage => (faults::garbage(), Delivery::Now),
            FaultKind::Drop => (Reply::empty(0), Delivery::Never),
            FaultKind::LostAnswer => (self.work(request, bearer), Delivery::Never),
            FaultKind::Delay => (
                self.work(request, bearer),
                Delivery::After(fault.delay_ms.unwrap_or_default()),
            ),
            FaultKind::Hold => {
                let ticket = Ticket(self.next_ticket);
                self.next_ticket += 1;
                (self.work(request, bearer), Delivery::OnRelease(ticket))
            }
        }
    }

    fn work(&mut self, request: &Request, bearer: Bearer) -> Reply {
        let (route, params) = match routes::find(&request.method, request.path()) {
            Routed::Found(route, params) => (route, params),
            Routed::WrongMethod(service, methods) => {
                let problem = Problem::new(
                    405,
                    format!("Request method '{}' is not supported", request.method),
                );
                let (name, value) = problem::allow(&methods);
                return refusal(&problem, service).header(name, value);
            }
            Routed::UnknownPath => {
                return refusal(&GatewayFault::PathUnknown.into(), Service::Gateway);
            }
        };
        let mut call = Call {
            request,
            service: route.service,
            params,
            caller: None,
        };
        let result = self.pass_gate(route, bearer).and_then(|caller| {
            call.caller = caller;
            if call
                .params
                .iter()
                .any(|(name, value)| *name == "tenant" && *value != TENANT)
            {
                return Err(Problem::unknown_tenant(route.service));
            }
            (route.endpoint)(self, &call)
        });
        result.unwrap_or_else(|problem| refusal(&problem, route.service))
    }

    fn pass_gate(&self, route: &Route, bearer: Bearer) -> Result<Option<Caller>, Problem> {
        let (kinds, refused) = match route.gate {
            Gate::Open => return Ok(None),
            Gate::Takes(kinds) => (kinds, GatewayFault::AccessTokenInvalid.into()),
            Gate::Permits(kinds) => (kinds, Problem::forbidden(route.service)),
        };
        match bearer.known {
            Some((_, Status::Expired)) => Err(GatewayFault::AccessTokenExpired.into()),
            Some((_, Status::Live)) if !kinds.contains(&bearer.kind) => Err(refused),
            Some((token, Status::Live)) => Ok(Some(self.caller(token))),
            _ => Err(GatewayFault::AccessTokenInvalid.into()),
        }
    }

    fn caller(&self, id: TokenId) -> Caller {
        let token = self.tokens.token(id);
        let family = self.tokens.family(token.family);
        Caller {
            token: id,
            family: token.family,
            identity: family.identity,
            session_id: family.session_id.clone(),
            company: token.company,
        }
    }

    fn bearer(&self, request: &Request) -> Bearer {
        let Some(secret) = request.bearer_token() else {
            return Bearer {
                kind: BearerKind::None,
                known: None,
            };
        };
        match self.tokens.find(secret, Purpose::Access) {
            None => Bearer {
                kind: BearerKind::Unknown,
                known: None,
            },
            Some(id) => Bearer {
                kind: self.tokens.family_of(id).identity.bearer(),
                known: Some((id, self.tokens.token(id).status(self.now()))),
            },
        }
    }

    fn log_call(
        &mut self,
        request: &Request,
        bearer: Bearer,
        reply: &Reply,
        delivery: Delivery,
    ) -> u64 {
        let seq = self.log.next_seq();
        if let Delivery::OnRelease(ticket) = delivery {
            self.held.insert(ticket, seq);
        }
        let subject = reply.issued.or(bearer.known.map(|(token, _)| token));
        let refresh_token = request
            .query("refreshToken")
            .or_else(|| request.query("refresh_token"));
        self.log.push(Row {
            seq,
            at: self.clock.now(),
            method: request.method.clone(),
            path: request.path().to_owned(),
            status: (reply.status != 0).then_some(reply.status),
            bearer: bearer.kind,
            bearer_status: bearer.known.map(|(_, status)| status),
            token: request.bearer_token().map(Fingerprint::of),
            refresh_token: refresh_token.map(|secret| Fingerprint::of(&secret)),
            session_id: subject.and_then(|token| self.tokens.family_of(token).session_id.clone()),
            legal_entity_id: subject.and_then(|token| self.company_id(token)),
            origin: request.header_value("origin").map(str::to_owned),
            delivered: matches!(delivery, Delivery::Now | Delivery::After(_)),
        });
        seq
    }

    fn company_id(&self, token: TokenId) -> Option<String> {
        self.tokens
            .token(token)
            .company
            .map(|id| id.company().id.to_owned())
    }
}

fn refusal(problem: &Problem, service: Service) -> Reply {
    Reply::json(problem.status(), &problem.body(service))
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
        let purpose = match revocation.kind {
            RevokedKind::Access => Some(Purpose::Access),
            RevokedKind::Refresh => Some(Purpose::Refresh),
            RevokedKind::Session => None,
        };
        let families = self
            .tokens
            .families_of_session(&revocation.session_id)?
            .to_vec();
        let meant = families
            .into_iter()
            .filter(|family| match revocation.identity {
                None => true,
                Some(RevokedIdentity::Guest) => {
                    self.tokens.family(*family).identity == Identity::Guest
                }
                Some(RevokedIdentity::Customer) => {
                    self.tokens.family(*family).identity != Identity::Guest
                }
            });
        let meant: Vec<_> = meant.collect();
        Some(
            meant
                .into_iter()
                .map(|family| self.tokens.revoke_family(family, purpose, now))
                .sum(),
        )
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
