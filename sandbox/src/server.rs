//! The platform behind HTTP, for browsers. No rules live here, only time and the wire.

use crate::{Answer, Delivery, Platform, Request, Ticket};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The platform's documented limit.
const MAX_BODY: usize = 10 * 1024 * 1024;

/// Serves a fresh platform on a listener until the task is dropped.
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    let router = Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Sandbox::start());
    let service = TowerToHyperService::new(router);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            // An axum handler cannot close a connection without an answer, but a hyper service that fails does.
            let service = service_fn(async |request| match service.call(request).await {
                Ok(response) if response.extensions().get::<CutOff>().is_some() => Err(CutOff),
                Ok(response) => Ok(response),
                Err(never) => match never {},
            });
            // A browser repeats a request by itself when a connection that it has used before breaks. A lost answer
            // would then be asked for twice, so every request gets a connection of its own.
            let connection = http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            // A client that went away is no problem of the server.
            let _ = connection.await;
        });
    }
}

/// Marks a response that must not be sent.
#[derive(Clone, Copy, Debug)]
struct CutOff;

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut off by order")
    }
}

impl std::error::Error for CutOff {}

/// The platform, the time it started at, and a bell that rings when held answers may have been let go.
#[derive(Clone)]
struct Sandbox {
    platform: Arc<Mutex<Platform>>,
    started: Instant,
    started_ms: u64,
    bell: watch::Sender<()>,
}

impl Sandbox {
    fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        // A seed of its own for each start: a page's stored token from yesterday must not come to life again.
        let platform = Platform::new(since_epoch.as_nanos() as u64);
        Self {
            platform: Arc::new(Mutex::new(platform)),
            started: Instant::now(),
            started_ms: since_epoch.as_millis() as u64,
            bell: watch::Sender::new(()),
        }
    }

    fn platform(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut platform = self.platform();
        platform.set_host_time(self.started_ms + self.started.elapsed().as_millis() as u64);
        platform.handle(request)
    }
}

async fn handle(
    State(sandbox): State<Sandbox>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = read(&method, &uri, &headers, &body);
    let answer = sandbox.answer(&request);
    sandbox.bell.send_replace(());
    match answer.delivery {
        Delivery::Now => {}
        Delivery::After(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Delivery::OnRelease(ticket) => {
            Waiting {
                sandbox: &sandbox,
                ticket,
            }
            .wait()
            .await
        }
        Delivery::Never => {
            let mut response = Response::default();
            response.extensions_mut().insert(CutOff);
            return response;
        }
    }
    write(answer)
}

/// A client that waits for a held answer. When it goes away, hyper drops this, and the platform must know.
struct Waiting<'s> {
    sandbox: &'s Sandbox,
    ticket: Ticket,
}

impl Waiting<'_> {
    async fn wait(self) {
        let mut bell = self.sandbox.bell.subscribe();
        while self.sandbox.platform().is_held(self.ticket) {
            if bell.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.sandbox.platform().abandon(self.ticket);
    }
}

fn read(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Request {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Request {
        method: method.as_str().to_owned(),
        target: uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
            .collect(),
        body: text(body),
    }
}

fn write(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
