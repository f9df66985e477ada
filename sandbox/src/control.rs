//! The control calls under `/_sandbox`: what a test uses to set the platform up and to look inside.

pub(crate) mod state;

use crate::gateway::faults::Fault;
use crate::platform::Platform;
use crate::wire::cors;
use crate::wire::http::{Answer, Delivery, Request};
use crate::wire::reply::Reply;
use crate::world::tokens::Revocation;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const PREFIX: &str = "/_sandbox";

const HELP: &str = "\
The sandbox: a local stand-in for the Emporix platform.

POST   /_sandbox/reset     everything as at start
GET    /_sandbox/requests  the API calls, in order
DELETE /_sandbox/requests  forget them
GET    /_sandbox/state     sessions, live tokens, companies, carts, contexts, orders, mails
GET    /_sandbox/profile   the readings in force
PATCH  /_sandbox/profile   { reading: value, ... }
POST   /_sandbox/clock     { advanceSeconds }
GET    /_sandbox/faults    the fault orders that are left
POST   /_sandbox/faults    [{ path, method?, bearer?, times, kind, status?, body?, retryAfter?, delayMs? }]
DELETE /_sandbox/faults    forget them
POST   /_sandbox/release   let the held answers go
POST   /_sandbox/revoke    { kind: access | refresh | session, identity?: guest | customer, sessionId }

Tenant acme, client id storefront (and tenant other, client id other-storefront). Customers buyer@example.com, single@example.com and solo@example.com, password
sandbox-pass. OpenID provider: /_oidc/.well-known/openid-configuration. Service key backend, secret backend-secret. All readings and faults: sandbox/README.md.
";

/// Whether a path belongs to the control calls.
pub(crate) fn is_control(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a control call. Control calls are never logged, never fail by a fault, and any page may make them.
pub(crate) fn answer(platform: &mut Platform, request: &Request) -> Answer {
    let mut reply = if request.method == "OPTIONS" {
        Reply {
            headers: cors::preflight(),
            ..Reply::empty(204)
        }
    } else {
        let mut reply = call(platform, request).unwrap_or_else(|refusal| refusal.reply());
        reply.headers.extend(cors::control());
        reply
    };
    reply.headers.push(("Cache-Control", "no-store".into()));
    Answer {
        seq: 0,
        status: reply.status,
        headers: reply.headers,
        body: reply.body,
        delivery: Delivery::Now,
    }
}

/// Why a control call is refused.
struct Refusal {
    status: u16,
    message: String,
}

impl Refusal {
    fn reply(self) -> Reply {
        Reply::json(self.status, &json!({ "message": self.message }))
    }
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self {
            status: 400,
            message,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockMove {
    advance_seconds: f64,
}

fn call(platform: &mut Platform, request: &Request) -> Result<Reply, Refusal> {
    let name = request.route().strip_prefix(PREFIX).unwrap_or_default();
    match (request.method.as_str(), name) {
        ("GET", "") => Ok(Reply::text(
            200,
            "text/plain; charset=utf-8",
            HELP.to_owned(),
        )),
        ("POST", "/reset") => {
            platform.reset();
            Ok(Reply::json(200, &json!({})))
        }
        ("GET", "/requests") => Ok(Reply::json(200, &platform.log().collect::<Vec<_>>())),
        ("DELETE", "/requests") => {
            platform.clear_log();
            Ok(Reply::json(200, &json!([])))
        }
        ("GET", "/state") => Ok(Reply::json(200, &platform.state())),
        ("GET", "/profile") => Ok(Reply::json(200, platform.profile())),
        ("PATCH", "/profile") => {
            let Value::Object(patch) = parse(request)? else {
                return Err("a profile patch is an object".to_owned().into());
            };
            platform.patch_profile(&patch)?;
            Ok(Reply::json(200, platform.profile()))
        }
        ("POST", "/clock") => {
            let ClockMove { advance_seconds } = parse(request)?;
            if advance_seconds < 0.0 {
                return Err(
                    "advanceSeconds must not be negative: the platform's clock only moves on"
                        .to_owned()
                        .into(),
                );
            }
            platform.advance((advance_seconds * 1000.0) as u64);
            Ok(Reply::json(200, &json!({ "now": platform.now() })))
        }
        ("GET", "/faults") => Ok(Reply::json(200, platform.faults())),
        ("POST", "/faults") => {
            let orders: Vec<Fault> = parse(request)?;
            platform.add_faults(orders)?;
            Ok(Reply::json(200, platform.faults()))
        }
        ("DELETE", "/faults") => {
            platform.clear_faults();
            Ok(Reply::json(200, platform.faults()))
        }
        ("POST", "/release") => Ok(Reply::json(
            200,
            &json!({ "released": platform.release().len() }),
        )),
        ("POST", "/revoke") => {
            let revocation: Revocation = parse(request)?;
            let revoked = platform.revoke(&revocation).ok_or_else(|| Refusal {
                status: 404,
                message: format!("there is no session {}", revocation.session_id),
            })?;
            Ok(Reply::json(200, &json!({ "revoked": revoked })))
        }
        (_, name) => Err(Refusal {
            status: 404,
            message: format!("there is no control call {PREFIX}{name}"),
        }),
    }
}

fn parse<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    let mut text = serde_json::Deserializer::from_str(&request.body);
    let value = serde_path_to_error::deserialize(&mut text).map_err(|error| error.to_string())?;
    text.end()
        .map_err(|_| "there is more than one JSON value".to_owned())?;
    Ok(value)
}
