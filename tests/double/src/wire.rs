//! The way to the platform and back. What was sent goes its way though its page be gone; an answer may be held, slow, or lost.

use crate::browser::Browser;
use crate::executor::{NOBODY, Owner};
use sandbox::{Answer, Delivery, Platform as Server};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use storefront_session::host::Sending;
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::Millis;

/// Where the platform is.
pub const API: &str = "http://sandbox";

/// What becomes of a request.
#[derive(Debug)]
pub enum Way {
    /// It arrives, and its answer comes back.
    Free,
    /// Lost before the platform saw it.
    Dropped,
    /// The work was done, the answer is lost.
    AnswerLost,
    /// Its answer comes so much later.
    Slow(Millis),
    /// Somebody else answers it.
    Answered(Response),
}

pub struct Wire {
    pub server: RefCell<Server>,
    /// Where else it is.
    pub other_address: Cell<Option<&'static str>>,
    /// The longest time that a request takes, and an answer.
    pub latency: Cell<Millis>,
    /// No answer comes in.
    pub is_offline: Cell<bool>,
    /// What the next answer under a path says instead of something else.
    reworded: RefCell<Option<[String; 3]>>,
}

impl Wire {
    pub(crate) fn to(server: Server) -> Self {
        Self {
            server: RefCell::new(server),
            other_address: Cell::default(),
            latency: Cell::default(),
            is_offline: Cell::default(),
            reworded: RefCell::default(),
        }
    }

    /// The next answer under this path says something else.
    pub fn reword(&self, path: &str, from: &str, to: &str) {
        let reworded = [path, from, to].map(str::to_owned);
        self.reworded.replace(Some(reworded));
    }

    /// What is asked of the platform, where that is its address.
    fn target_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let other = || url.strip_prefix(self.other_address.get()?);
        url.strip_prefix(API).or_else(other)
    }

    /// What the platform answers at this time; nothing where it is somewhere else.
    fn ask(&self, request: &Request, now: u64) -> Option<Answer> {
        let target = self.target_of(&request.url)?;
        let mut sent = sandbox::Request::new(request.method.as_str(), target);
        if let Some(bearer) = &request.bearer {
            sent = sent.bearer(bearer.expose());
        }
        if let Some(body) = &request.body {
            sent = sent.header("content-type", "application/json");
            sent.body.clone_from(body);
        }
        let mut server = self.server.borrow_mut();
        server.set_host_time(now);
        let mut answer = server.handle(&sent);
        let mut reworded = self.reworded.borrow_mut();
        if let Some([path, from, to]) = reworded.take_if(|it| request.url.contains(&it[0])) {
            assert!(answer.body.contains(&from), "{path}: {}", answer.body);
            answer.body = answer.body.replace(&from, &to);
        }
        Some(answer)
    }

    /// A page of another origin cannot tell an error without CORS headers from no answer, nor read each header.
    fn shown(&self, answer: Answer) -> Result<Response, Unanswered> {
        let server = self.server.borrow();
        let profile = server.profile();
        if answer.status >= 400 && !profile.cors_on_errors {
            return Err(Unanswered::Unreached);
        }
        let seconds = answer.header_value("retry-after");
        let seconds = seconds.filter(|_| profile.expose_retry_after);
        let seconds: Option<u64> = seconds.and_then(|it| it.parse().ok());
        Ok(Response {
            status: answer.status,
            retry_after: seconds.map(|seconds| seconds * 1_000),
            body: answer.body,
        })
    }
}

/// Whether the answer to it holds tokens.
pub fn changes_tokens(request: &Request) -> bool {
    let (path, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let ends = ["/login", "/anonymous/refresh", "/refreshauthtoken"];
    ends.iter().any(|end| path.ends_with(end))
}

/// Where an answer arrives.
#[derive(Default)]
struct Mailbox {
    answer: RefCell<Option<Result<Response, Unanswered>>>,
    waiting: RefCell<Option<Waker>>,
}

/// Counts as under way for the session until it is dropped.
struct UnderWay(Rc<Browser>, Owner, u64);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.tell(|it| it.settled(self.1, self.2));
    }
}

impl Browser {
    /// Sends a request. It goes its way though the page that sent it be killed.
    pub(crate) fn send(self: &Rc<Self>, tab: Owner, request: Request) -> Sending {
        self.tell(|it| it.sent(tab, &request));
        let sent = self.now();
        let under_way = changes_tokens(&request).then(|| UnderWay(Rc::clone(self), tab, sent));
        let mailbox: Rc<Mailbox> = Rc::default();
        let (browser, post) = (Rc::clone(self), Rc::clone(&mailbox));
        let carried = request.clone();
        self.spawn(NOBODY, async move {
            let answer = browser.carry(carried).await;
            post.answer.replace(Some(answer));
            post.waiting.take().into_iter().for_each(Waker::wake);
        });
        let browser = Rc::clone(self);
        Box::pin(async move {
            let answer = poll_fn(|context| match mailbox.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    mailbox.waiting.replace(Some(context.waker().clone()));
                    Poll::Pending
                }
            })
            .await;
            browser.tell(|it| it.answered(tab, &request, sent, &answer));
            drop(under_way);
            answer
        })
    }

    async fn carry(&self, request: Request) -> Result<Response, Unanswered> {
        self.travel().await;
        let way = self.tell(|it| it.way(&request));
        match way {
            Way::Dropped => return Err(Unanswered::Unreached),
            Way::Answered(response) => return Ok(response),
            Way::Free | Way::AnswerLost | Way::Slow(_) => {}
        }
        let Some(answer) = self.wire.ask(&request, self.now()) else {
            return Err(Unanswered::Unreached);
        };
        self.tell(|it| it.worked(&request, &answer));
        if let Way::Slow(time) = way {
            self.executor.sleep(time).await;
        }
        match answer.delivery {
            Delivery::Now => self.travel().await,
            Delivery::After(time) => self.executor.sleep(time).await,
            Delivery::OnRelease(ticket) => {
                while self.wire.server.borrow().is_held(ticket) {
                    self.executor.sleep(1).await;
                }
            }
            Delivery::Never => {
                self.travel().await;
                return Err(Unanswered::Unreached);
            }
        }
        if matches!(way, Way::AnswerLost) || self.wire.is_offline.get() {
            return Err(Unanswered::Unreached);
        }
        self.wire.shown(answer)
    }

    async fn travel(&self) {
        let time = self.executor.chance.time(self.wire.latency.get());
        self.executor.sleep(time).await;
    }
}
