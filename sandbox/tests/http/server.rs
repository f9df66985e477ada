//! A server for a test, and how it is asked.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use ureq::http::Response;
use ureq::{Agent, Body};

/// A server of its own for each test, on a free port.
pub struct Sandbox {
    pub address: String,
    pub agent: Agent,
}

impl Sandbox {
    pub fn start() -> Self {
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
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0);
        Self {
            address: address.recv().expect("an address"),
            agent: config.build().into(),
        }
    }

    pub fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    pub fn get(&self, target: &str) -> Result<Response<Body>, ureq::Error> {
        self.agent.get(self.url(target)).call()
    }

    pub fn post(&self, target: &str, body: &Value) -> Response<Body> {
        let request = self
            .agent
            .post(self.url(target))
            .content_type("application/json");
        request.send(body.to_string()).expect("an answer")
    }

    /// A call with a bearer and perhaps a body.
    pub fn call(
        &self,
        method: &str,
        target: &str,
        bearer: &str,
        body: Option<Value>,
    ) -> Response<Body> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(self.url(target))
            .header("Authorization", format!("Bearer {bearer}"))
            .header("Content-Type", "application/json")
            .body(body.map_or_else(String::new, |body| body.to_string()))
            .expect("a request");
        self.agent.run(request).expect("an answer")
    }

    pub fn state(&self) -> Value {
        json_of(self.get("/_sandbox/state").expect("an answer"))
    }

    pub fn order(&self, fault: Value) {
        assert_eq!(self.post("/_sandbox/faults", &json!([fault])).status(), 200);
    }

    pub fn requests(&self) -> Value {
        json_of(self.get("/_sandbox/requests").expect("an answer"))
    }

    /// What comes back on a connection of its own, to the last byte.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        // A connection that is reset has answered nothing more either.
        let _ = stream.read_to_string(&mut answer);
        answer
    }
}

pub fn json_of(mut response: Response<Body>) -> Value {
    let text = response.body_mut().read_to_string().expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

pub fn header<'r>(response: &'r Response<Body>, name: &str) -> Option<&'r str> {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}
