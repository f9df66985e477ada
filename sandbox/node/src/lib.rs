//! The sandbox's rules for JavaScript. No rules live here: requests and answers cross as texts, because one text is
//! far cheaper to hand over than an object with its fields.
#![cfg(target_arch = "wasm32")]

use sandbox::{Answer, Delivery, Platform, Request, Ticket};
use std::fmt::Write;
use wasm_bindgen::prelude::wasm_bindgen;

/// One platform. Those of one process share nothing.
#[wasm_bindgen]
pub struct Rules(Platform);

#[wasm_bindgen]
impl Rules {
    /// A platform as at start. The seed decides all ids and tokens.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: u64) -> Self {
        Self(Platform::new(seed))
    }

    /// Answers one request at a time of the host, in milliseconds since 1970. `headers` has a line `name: value` for each.
    ///
    /// The answer begins with a line `status delivery number`: delivery is `now`, `after` (a number of milliseconds), `held`
    /// (a ticket) or `never`. Then comes a line for each header, an empty line, and the body.
    pub fn handle(
        &mut self,
        now_ms: f64,
        method: String,
        target: String,
        headers: &str,
        body: String,
    ) -> String {
        let headers = headers.lines().filter_map(|line| line.split_once(": "));
        let request = Request {
            method,
            target,
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body,
        };
        self.0.set_host_time(now_ms as u64);
        write(&self.0.handle(&request))
    }

    /// Whether the answer of that ticket still waits.
    #[wasm_bindgen(js_name = isHeld)]
    pub fn is_held(&self, ticket: f64) -> bool {
        self.0.is_held(Ticket(ticket as u64))
    }

    /// Tells that nobody waits for that answer any more.
    pub fn abandon(&mut self, ticket: f64) {
        self.0.abandon(Ticket(ticket as u64));
    }
}

fn write(answer: &Answer) -> String {
    let (delivery, number) = match answer.delivery {
        Delivery::Now => ("now", 0),
        Delivery::After(ms) => ("after", ms),
        Delivery::OnRelease(Ticket(ticket)) => ("held", ticket),
        Delivery::Never => ("never", 0),
    };
    let mut text = String::with_capacity(answer.body.len() + 256);
    // A `String` takes whatever is written.
    let _ = writeln!(text, "{} {delivery} {number}", answer.status);
    for (name, value) in &answer.headers {
        // What fits into no header is left out, as the server does.
        if value
            .bytes()
            .all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
        {
            let _ = writeln!(text, "{name}: {value}");
        }
    }
    text.push('\n');
    text.push_str(&answer.body);
    text
}

/// A panic is a fault of the sandbox's own; its words reach JavaScript as an exception.
#[wasm_bindgen(start)]
fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        wasm_bindgen::throw_str(&panic.to_string())
    }));
}
