//! The way to the platform, and what goes wrong on it.

use crate::browser::{API, World};
use crate::executor::{NOBODY, Owner};
use crate::plan::{Network, Trouble};
use sandbox::Answer;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::host::Sending;
use storefront_session::http::{Request, Response, Unanswered};

/// For how long no other gate comes after one.
const GATE_PAUSE: u64 = 1_800_000;

const FORBIDDEN: &str =
    r#"{"code":403,"status":"Forbidden","message":"the policy does not allow it"}"#;

/// What the network is like.
pub struct Weather {
    pub network: Cell<Network>,
    /// What goes wrong with the next requests to token endpoints, if anything.
    pub ordered: RefCell<VecDeque<Option<Trouble>>>,
    /// What stands between the pages and the platform, until when.
    pub gate: Cell<Option<(Trouble, u64)>>,
    /// When a request was last refused there.
    gated: Cell<u64>,
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            network: Cell::new(Network::Good),
            ordered: RefCell::default(),
            gate: Cell::default(),
            gated: Cell::default(),
        }
    }
}

impl Weather {
    /// Whether something stands between the pages and the platform, or will, or has a short while ago.
    pub fn is_gated(&self, now: u64) -> bool {
        let ordered = self.ordered.borrow();
        let is_gate = |it: &Option<Trouble>| matches!(it, Some(Trouble::Gate(..)));
        let is_open = self.gate.get().is_none_or(|(_, until)| until <= now);
        !is_open || ordered.iter().any(is_gate) || now < self.gated.get() + GATE_PAUSE
    }
}

/// Where an answer arrives.
#[derive(Default)]
struct Mailbox {
    answer: RefCell<Option<Result<Response, Unanswered>>>,
    waiting: RefCell<Option<Waker>>,
}

/// Counts as under way for the tab until it is dropped.
struct UnderWay(Rc<World>, Owner, u64);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.oracle.borrow_mut().settled(self.1, self.2);
    }
}

impl World {
    /// Sends a request. It goes its way though the tab that sent it be killed.
    pub fn send(self: &Rc<Self>, tab: Owner, request: Request) -> Sending {
        let is_token_call = self.sent(tab, &request);
        let under_way = is_token_call.then(|| UnderWay(Rc::clone(self), tab, self.now()));
        let mailbox: Rc<Mailbox> = Rc::default();
        let (world, post) = (Rc::clone(self), Rc::clone(&mailbox));
        let carried = request.clone();
        self.spawn(NOBODY, async move {
            let answer = world.carry(carried, is_token_call).await;
            post.answer.replace(Some(answer));
            post.waiting.take().into_iter().for_each(Waker::wake);
        });
        let (world, sent) = (Rc::clone(self), self.now());
        Box::pin(async move {
            let answer = poll_fn(|context| match mailbox.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    mailbox.waiting.replace(Some(context.waker().clone()));
                    Poll::Pending
                }
            })
            .await;
            world.answered(tab, &request, sent, &answer);
            drop(under_way);
            answer
        })
    }

    async fn carry(&self, request: Request, is_token_call: bool) -> Result<Response, Unanswered> {
        let latency = self.executor.draw(self.setup.latency);
        self.executor.sleep(latency).await;
        let trouble = self.trouble(is_token_call);
        if let Some(trouble) = trouble {
            if matches!(trouble, Trouble::Gate(..)) {
                self.weather.gated.set(self.now());
            }
            self.oracle.borrow_mut().trouble(trouble);
        }
        match trouble {
            Some(Trouble::Drop) => return Err(Unanswered::Unreached),
            Some(Trouble::Status(status, after)) => {
                // In bare words a refusal is doubted; in the platform's own it is believed, except that 403 ends nothing.
                let is_explicit = status == 403 && self.executor.chance(50);
                let body = if is_explicit { FORBIDDEN } else { "" };
                return Ok(Response {
                    status,
                    retry_after: after.map(|seconds| seconds * 1_000),
                    body: body.into(),
                });
            }
            Some(Trouble::Garbage) => {
                return Ok(Response {
                    status: 200,
                    retry_after: None,
                    body: "<!doctype html><title>Welcome to the hotel</title>".into(),
                });
            }
            Some(Trouble::Gate(status, body)) => {
                return Ok(Response {
                    status,
                    retry_after: None,
                    body: body.into(),
                });
            }
            Some(Trouble::Slow(_) | Trouble::LostAnswer) | None => {}
        }
        let answer = self.ask_platform(&request);
        self.worked(&request, &answer);
        if let Some(Trouble::Slow(time)) = trouble {
            self.executor.sleep(time).await;
        }
        let latency = self.executor.draw(self.setup.latency);
        self.executor.sleep(latency).await;
        let lost =
            trouble == Some(Trouble::LostAnswer) || self.weather.network.get() == Network::Offline;
        // A page of another origin cannot tell an error without CORS headers from no answer.
        let hidden = answer.status >= 400 && !self.setup.profile.cors_on_errors;
        if lost || hidden {
            return Err(Unanswered::Unreached);
        }
        Ok(Response {
            status: answer.status,
            retry_after: None,
            body: answer.body,
        })
    }

    fn trouble(&self, is_token_call: bool) -> Option<Trouble> {
        let gate = self.weather.gate.get();
        if let Some((gate, _)) = gate.filter(|(_, until)| *until > self.now()) {
            return Some(gate);
        }
        match self.weather.network.get() {
            Network::Offline => return Some(Trouble::Drop),
            Network::Bad(percent) if self.executor.chance(percent) => {
                let kind = match self.executor.draw(6) {
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

    fn ask_platform(&self, request: &Request) -> Answer {
        let target = request.url.strip_prefix(API).unwrap_or(&request.url);
        let mut sent = sandbox::Request::new(request.method.as_str(), target);
        if let Some(bearer) = &request.bearer {
            sent = sent.bearer(bearer.expose());
        }
        if let Some(body) = &request.body {
            sent = sent.header("content-type", "application/json");
            sent.body.clone_from(body);
        }
        let mut server = self.server.borrow_mut();
        server.set_host_time(self.now());
        server.handle(&sent)
    }
}
