//! The way of a request: faults, routing, bearer, tenant, endpoint, and last the log.

pub(crate) mod faults;
pub(crate) mod log;
mod routes;

use crate::gateway::faults::{FaultKind, Faults};
use crate::gateway::log::{Fingerprint, Log, Row};
use crate::gateway::routes::Routed;
use crate::seed::ids::TokenId;
use crate::services::call::Call;
use crate::services::route::{Gate, Route};
use crate::wire::cors;
use crate::wire::http::{Answer, Delivery, Request, Ticket};
use crate::wire::problem::{self, GatewayFault, Problem, Service};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::caller::Caller;
use crate::world::tokens::{BearerKind, Purpose, Status};
use std::collections::BTreeMap;

/// The bearer of a request, before anybody has judged it.
#[derive(Clone, Copy)]
struct Bearer {
    kind: BearerKind,
    /// Of a token that was once issued.
    known: Option<(TokenId, Status)>,
}

/// What stands between the callers and the services.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    /// The held answers, with their numbers in the log.
    pub(crate) held: BTreeMap<Ticket, u64>,
    next_ticket: u64,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        Self {
            faults: Faults::default(),
            log: Log::default(),
            held: BTreeMap::new(),
            next_ticket: 1,
        }
    }

    /// Forgets everything; the numbers of tickets go on.
    pub(crate) fn reset(&mut self) {
        self.faults = Faults::default();
        self.log = Log::default();
        self.held.clear();
    }

    /// Answers one API call.
    pub(crate) fn answer(&mut self, world: &mut World, request: &Request) -> Answer {
        let bearer = bearer(world, request);
        let (reply, delivery) = if request.method == "OPTIONS" {
            let preflight = Reply {
                headers: cors::preflight(),
                ..Reply::empty(204)
            };
            (preflight, Delivery::Now)
        } else {
            let (mut reply, delivery) = self.work_under_faults(world, request, bearer);
            reply
                .headers
                .extend(cors::answer(&world.profile, reply.status));
            (reply, delivery)
        };
        let seq = self.log_call(world, request, bearer, &reply, delivery);
        Answer {
            seq,
            status: reply.status,
            headers: reply.headers,
            body: reply.body,
            delivery,
        }
    }

    fn work_under_faults(
        &mut self,
        world: &mut World,
        request: &Request,
        bearer: Bearer,
    ) -> (Reply, Delivery) {
        let Some(fault) = self
            .faults
            .take(&request.method, request.route(), bearer.kind)
        else {
            return (work(world, request, bearer), Delivery::Now);
        };
        match fault.kind {
            FaultKind::Status => (fault.reply(), Delivery::Now),
            FaultKind::Garbage => (fault.garbage(), Delivery::Now),
            FaultKind::Drop => (Reply::empty(0), Delivery::Never),
            FaultKind::LostAnswer => (work(world, request, bearer), Delivery::Never),
            FaultKind::Delay => (
                work(world, request, bearer),
                Delivery::After(fault.delay_ms.unwrap_or_default()),
            ),
            FaultKind::Hold => {
                let ticket = Ticket(self.next_ticket);
                self.next_ticket += 1;
                (work(world, request, bearer), Delivery::OnRelease(ticket))
            }
        }
    }

    fn log_call(
        &mut self,
        world: &World,
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
            at: world.now(),
            method: request.method.clone(),
            path: log::without_secrets(request.path()),
            status: (reply.status != 0).then_some(reply.status),
            bearer: bearer.kind,
            bearer_status: bearer.known.map(|(_, status)| status),
            token: request.bearer_token().map(Fingerprint::of),
            refresh_token: refresh_token.map(|secret| Fingerprint::of(&secret)),
            session_id: subject.and_then(|token| world.tokens.family_of(token).session_id.clone()),
            legal_entity_id: subject.and_then(|token| world.company_id(token)),
            origin: request.header_value("origin").map(str::to_owned),
            delivered: matches!(delivery, Delivery::Now | Delivery::After(_)),
        });
        seq
    }
}

fn work(world: &mut World, request: &Request, bearer: Bearer) -> Reply {
    let (route, params) = match routes::find(&request.method, request.route()) {
        Routed::Found(route, params) => (route, params),
        Routed::WrongMethod(service, methods) => {
            let problem = Problem::new(
                405,
                format!("Request method '{}' is not supported", request.method),
            );
            let (name, value) = problem::allow(&methods);
            return refusal(&problem, service).header(name, value);
        }
        Routed::Missing(service, operation) => {
            let message = format!("The sandbox does not have {operation}");
            return refusal(&Problem::new(501, message), service);
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
    let result = pass_gate(world, route, bearer).and_then(|caller| {
        call.caller = caller;
        let own = call.caller.as_ref().map(|caller| caller.tenant.name());
        if own.is_some_and(|own| own != call.param("tenant")) {
            return Err(Problem::unknown_tenant(route.service));
        }
        (route.endpoint)(world, &call)
    });
    result.unwrap_or_else(|problem| refusal(&problem, route.service))
}

fn pass_gate(world: &World, route: &Route, bearer: Bearer) -> Result<Option<Caller>, Problem> {
    let (kinds, refused) = match route.gate {
        Gate::Open => return Ok(None),
        Gate::Takes(kinds) => (kinds, GatewayFault::AccessTokenInvalid.into()),
        Gate::Permits(kinds) => (kinds, Problem::forbidden(route.service)),
    };
    match bearer.known {
        Some((_, Status::Expired)) => Err(GatewayFault::AccessTokenExpired.into()),
        Some((_, Status::Live)) if !kinds.contains(&bearer.kind) => Err(refused),
        Some((token, Status::Live)) => Ok(Some(caller(world, token))),
        _ => Err(GatewayFault::AccessTokenInvalid.into()),
    }
}

fn caller(world: &World, id: TokenId) -> Caller {
    let token = world.tokens.token(id);
    let family = world.tokens.family(token.family);
    Caller {
        tenant: family.tenant,
        token: id,
        family: token.family,
        identity: family.identity,
        session_id: family.session_id.clone(),
        company: token.company,
    }
}

fn bearer(world: &World, request: &Request) -> Bearer {
    let Some(secret) = request.bearer_token() else {
        return Bearer {
            kind: BearerKind::None,
            known: None,
        };
    };
    match world.tokens.find(secret, Purpose::Access) {
        None => Bearer {
            kind: BearerKind::Unknown,
            known: None,
        },
        Some(id) => Bearer {
            kind: world.tokens.family_of(id).identity.bearer(),
            known: Some((id, world.tokens.token(id).status(world.now()))),
        },
    }
}

fn refusal(problem: &Problem, service: Service) -> Reply {
    Reply::json(problem.status(), &problem.body(service))
}
