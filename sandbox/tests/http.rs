//! The sandbox over HTTP: what the wire adds to the rules.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use ureq::http::Response;
use ureq::{Agent, Body};

const LOGIN: &str = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";

/// A server of its own for each test, on a free port.
struct Sandbox {
    address: String,
    agent: Agent,
}

impl Sandbox {
    fn start() -> Self {
        let (ready, address) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                    .await
                    .expect("a port");
                ready
                    .send(listener.local_addr().expect("an address").to_string())
                    .expect("a test that waits");
                sandbox::server::serve(listener).await.expect("a server");
            });
        });
        let config = Agent::config_builder().http_status_as_error(false);
        Self {
            address: address.recv().expect("an address"),
            agent: config.build().into(),
        }
    }

    fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    fn get(&self, target: &str) -> Result<Response<Body>, ureq::Error> {
        self.agent.get(self.url(target)).call()
    }

    fn post(&self, target: &str, body: &Value) -> Response<Body> {
        let request = self
            .agent
            .post(self.url(target))
            .content_type("application/json");
        request.send(body.to_string()).expect("an answer")
    }

    fn order(&self, fault: Value) {
        assert_eq!(self.post("/_sandbox/faults", &json!([fault])).status(), 200);
    }

    fn requests(&self) -> Value {
        json_of(self.get("/_sandbox/requests").expect("an answer"))
    }

    /// What comes back on a connection of its own, to the last byte.
    fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        // A connection that is reset has answered nothing more either.
        let _ = stream.read_to_string(&mut answer);
        answer
    }
}

fn json_of(mut response: Response<Body>) -> Value {
    let text = response.body_mut().read_to_string().expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

fn header<'r>(response: &'r Response<Body>, name: &str) -> Option<&'r str> {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}

#[test]
fn a_guest_becomes_a_customer() {
    let sandbox = Sandbox::start();
    let guest = json_of(sandbox.get(LOGIN).expect("an answer"));
    let login = sandbox
        .agent
        .post(sandbox.url("/customer/acme/login"))
        .header(
            "Authorization",
            format!(
                "Bearer {}",
                guest["access_token"].as_str().expect("a token")
            ),
        )
        .send(json!({ "email": "buyer@example.com", "password": "sandbox-pass" }).to_string());
    let customer = json_of(login.expect("an answer"));
    assert_eq!(customer["session_id"], guest["sessionId"]);
}

#[test]
fn a_foreign_origin_may_read() {
    let sandbox = Sandbox::start();
    let answer = sandbox.get(LOGIN).expect("an answer");
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
    assert!(
        header(&answer, "access-control-expose-headers")
            .is_some_and(|names| names.contains("Retry-After"))
    );
}

#[test]
fn a_preflight_is_answered() {
    let sandbox = Sandbox::start();
    let request = sandbox
        .agent
        .options(sandbox.url("/customer/acme/login"))
        .header("Origin", "http://shop.test");
    let answer = request.call().expect("an answer");
    assert_eq!(answer.status(), 204);
    let allowed = header(&answer, "access-control-allow-headers")
        .unwrap_or_default()
        .to_lowercase();
    for name in ["authorization", "content-type", "saas-token", "session-id"] {
        assert!(allowed.contains(name), "{name}");
    }
    let rows = sandbox.requests();
    assert_eq!(
        (&rows[0]["method"], &rows[0]["origin"]),
        (&json!("OPTIONS"), &json!("http://shop.test"))
    );
}

#[test]
fn a_lost_answer_is_a_broken_connection() {
    let sandbox = Sandbox::start();
    for kind in ["drop", "lost-answer"] {
        sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": kind }));
        assert_eq!(
            sandbox.raw(&format!("GET {LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n")),
            "",
            "{kind}"
        );
    }
    let rows = sandbox.requests();
    assert_eq!(
        (&rows[0]["status"], &rows[1]["status"]),
        (&json!(null), &json!(200))
    );
    assert_eq!(
        (&rows[0]["delivered"], &rows[1]["delivered"]),
        (&json!(false), &json!(false))
    );
    assert!(sandbox.get(LOGIN).is_ok());
}

#[test]
fn no_connection_is_used_twice() {
    let sandbox = Sandbox::start();
    assert_eq!(
        header(&sandbox.get(LOGIN).expect("an answer"), "connection"),
        Some("close")
    );
}

#[test]
fn a_held_answer_comes_after_its_release() {
    let sandbox = Sandbox::start();
    sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": "hold" }));
    let url = sandbox.url(LOGIN);
    let agent = sandbox.agent.clone();
    let waiting = thread::spawn(move || agent.get(url).call().expect("an answer").status());
    // The work is done as soon as the row is there.
    while sandbox.requests().as_array().is_none_or(Vec::is_empty) {
        thread::yield_now();
    }
    assert_eq!(sandbox.requests()[0]["delivered"], false);
    assert!(!waiting.is_finished());
    assert_eq!(
        json_of(sandbox.post("/_sandbox/release", &json!(null)))["released"],
        1
    );
    assert_eq!(waiting.join().expect("an answer"), 200);
    assert_eq!(sandbox.requests()[0]["delivered"], true);
}

#[test]
fn who_has_left_gets_nothing() {
    let sandbox = Sandbox::start();
    sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": "hold" }));
    let mut leaving = TcpStream::connect(&sandbox.address).expect("a connection");
    leaving
        .write_all(format!("GET {LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n").as_bytes())
        .expect("sent");
    while sandbox.requests().as_array().is_none_or(Vec::is_empty) {
        thread::yield_now();
    }
    drop(leaving);
    // The server hears of it in its own time; a later connection is served after that.
    let released = |sandbox: &Sandbox| {
        json_of(sandbox.post("/_sandbox/release", &json!(null)))["released"].clone()
    };
    sandbox.get("/_sandbox/state").expect("an answer");
    assert_eq!(released(&sandbox), 0);
    assert_eq!(sandbox.requests()[0]["delivered"], false);
}

#[test]
fn the_clock_runs_with_real_time() {
    let sandbox = Sandbox::start();
    let now = || {
        json_of(sandbox.get("/_sandbox/state").expect("an answer"))["now"]
            .as_u64()
            .expect("a time")
    };
    let before = now();
    sandbox.post("/_sandbox/clock", &json!({ "advanceSeconds": 3600 }));
    assert!(now() >= before + 3_600_000);
}
