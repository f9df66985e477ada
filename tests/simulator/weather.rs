//! What goes wrong on the way to the platform.

use crate::act::{Network, Trouble, is_wall};
use crate::world::World;
use double::{Chance, Way, changes_tokens};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use storefront_session::http::{Request, Response};

/// For how long no other gate comes after one.
const GATE_PAUSE: u64 = 1_800_000;

const HOTEL: &str = "<!doctype html><title>Welcome to the hotel</title>";

const FORBIDDEN: &str =
    r#"{"code":403,"status":"Forbidden","message":"the policy does not allow it"}"#;

const MISTAKEN: &str = r#"{"code":401,"status":"Unauthorized","message":"no such token"}"#;

/// What the network is like.
pub struct Weather {
    pub network: Cell<Network>,
    /// What goes wrong with the next requests to token endpoints, if anything.
    pub ordered: RefCell<VecDeque<Option<Trouble>>>,
    /// What stands between the pages and the platform, and when.
    pub gate: RefCell<Option<(Trouble, Range<u64>)>>,
    /// When a request was last refused there.
    gated: Cell<u64>,
    /// With what status a refresh token that lives is refused, once.
    pub mistake: Cell<Option<u16>>,
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            network: Cell::new(Network::Good),
            ordered: RefCell::default(),
            gate: RefCell::default(),
            gated: Cell::default(),
            mistake: Cell::default(),
        }
    }
}

impl Weather {
    /// Whether something stands between the pages and the platform, or will, or has a short while ago.
    pub fn is_gated(&self, now: u64) -> bool {
        let ordered = self.ordered.borrow();
        let is_gate = |it: &Option<Trouble>| matches!(it, Some(Trouble::Gate(..)));
        let gate = self.gate.borrow();
        gate.as_ref().is_some_and(|(_, time)| now < time.end)
            || ordered.iter().any(is_gate)
            || now < self.gated.get() + GATE_PAUSE
    }
}

fn answered(status: u16, retry_after: Option<u64>, body: &str) -> Way {
    Way::Answered(Response {
        status,
        retry_after: retry_after.map(|seconds| seconds * 1_000),
        body: body.into(),
    })
}

impl World {
    pub fn set_network(&self, network: Network) {
        self.weather.network.set(network);
        self.wire.is_offline.set(network == Network::Offline);
    }

    /// What becomes of a request.
    pub fn trouble_for(&self, request: &Request) -> Way {
        if let Some(status) = self.mistake_about(request) {
            return answered(status, None, MISTAKEN);
        }
        let Some(trouble) = self.trouble(changes_tokens(request)) else {
            return Way::Free;
        };
        if matches!(trouble, Trouble::Gate(..)) {
            self.weather.gated.set(self.now());
        }
        if is_wall(trouble) {
            self.refuses_at_a_wall(request);
        }
        self.oracle.borrow_mut().trouble(trouble);
        match trouble {
            Trouble::Drop => Way::Dropped,
            Trouble::Status(status, after) => {
                // In bare words a refusal is doubted; in the platform's own it is believed, except that 403 ends nothing.
                let is_explicit = status == 403 && self.dice.happens(50, 100);
                answered(status, after, if is_explicit { FORBIDDEN } else { "" })
            }
            Trouble::Garbage => answered(200, None, HOTEL),
            Trouble::Gate(status, body) => answered(status, None, body),
            Trouble::Slow(time) => Way::Slow(time),
            Trouble::LostAnswer => Way::AnswerLost,
        }
    }

    /// The status with which a token is refused though it lives. That and a gate within a short while may end somebody.
    fn mistake_about(&self, request: &Request) -> Option<u16> {
        let status = self.weather.mistake.get()?;
        let is_gated = self.weather.is_gated(self.now()) || self.gate_in_force().is_some();
        if is_gated || !self.refuses_by_mistake(request) {
            return None;
        }
        self.weather.mistake.take();
        self.weather.gated.set(self.now());
        Some(status)
    }

    /// What stands between the pages and the platform now.
    fn gate_in_force(&self) -> Option<Trouble> {
        let gate = self.weather.gate.borrow();
        let (gate, time) = gate.as_ref()?;
        let asked = self.locks.busy_since().filter(|_| is_wall(*gate));
        time.contains(&asked.unwrap_or(self.now())).then_some(*gate)
    }

    fn trouble(&self, is_token_call: bool) -> Option<Trouble> {
        let gate = self.gate_in_force();
        if gate.is_some() {
            return gate;
        }
        match self.weather.network.get() {
            Network::Offline => return Some(Trouble::Drop),
            Network::Bad(percent) if self.dice.happens(percent, 100) => {
                let kind = match self.dice.below(6) {
                    0 => Trouble::Drop,
                    1 | 2 => Trouble::LostAnswer,
                    3 => Trouble::Status(503, None),
                    4 => Trouble::Status(429, Some(2)),
                    _ => Trouble::Slow(12_000),
                };
                return Some(kind);
            }
            _ => {}
        }
        is_token_call
            .then(|| self.weather.ordered.borrow_mut().pop_front())
            .flatten()
            .flatten()
    }
}
