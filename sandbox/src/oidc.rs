//! A small OpenID provider for the code flow. It stands where a shop's own identity provider would, and believes
//! everybody: it is here for what comes after. It is no part of the platform, so that its calls are in no log.

mod pages;

use crate::wire::cors;
use crate::wire::http::{Answer, Delivery, Request, form_value};
use crate::wire::reply::Reply;
use crate::world::World;
use crate::world::codes::Code;
use crate::world::jwt;
use serde_json::{Value, json};

const PREFIX: &str = "/_oidc";

/// How long a code waits to be redeemed.
const CODE_LIFE_MS: u64 = 60_000;

/// How long the provider's own tokens live, in seconds.
const TOKEN_LIFE: u64 = 3_600;

const CODE_LENGTH: usize = 32;

/// The types of the provider's tokens. An ID token says who somebody is and gives access to nothing.
const ACCESS_KIND: &str = "at+jwt";
const ID_KIND: &str = "JWT";

/// What a code is redeemed for.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) email: String,
    pub(crate) access_token: String,
    pub(crate) id_token: String,
}

/// Whether a path belongs to the provider.
pub(crate) fn is_oidc(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Answers a call to the provider.
pub(crate) fn answer(world: &mut World, request: &Request) -> Answer {
    let mut reply = if request.method == "OPTIONS" {
        Reply {
            headers: cors::preflight(),
            ..Reply::empty(204)
        }
    } else {
        let mut reply = call(world, request);
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

/// Trades a code for tokens. Whatever comes of it, the code is used up. The platform is a client that needs no id.
pub(crate) fn redeem(
    world: &mut World,
    issuer: &str,
    code: &str,
    redirect_uri: &str,
    verifier: Option<&str>,
) -> Option<Proof> {
    let now = world.now();
    let code = world.codes.0.remove(code)?;
    let proven = match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => jwt::challenge(verifier) == *challenge,
        _ => false,
    };
    if !proven || code.redirect_uri != redirect_uri || code.expires_at <= now {
        return None;
    }
    let issued_at = now / 1000;
    let mut claims = json!({
        "iss": issuer,
        "sub": code.email,
        "email": code.email,
        "aud": code.client_id,
        "iat": issued_at,
        "exp": issued_at + TOKEN_LIFE,
    });
    let key = key(world);
    let access_token = jwt::sign(ACCESS_KIND, &claims, &key);
    if let Some(nonce) = code.nonce {
        claims["nonce"] = nonce.into();
    }
    Some(Proof {
        email: code.email,
        access_token,
        id_token: jwt::sign(ID_KIND, &claims, &key),
    })
}

/// Whose access token of the provider it is, while it is valid.
pub(crate) fn subject(world: &World, access_token: &str) -> Option<String> {
    let claims = jwt::claims(access_token, ACCESS_KIND, &key(world))?;
    let alive = claims["exp"].as_u64()? > world.now() / 1000;
    claims["email"]
        .as_str()
        .filter(|_| alive)
        .map(str::to_owned)
}

/// The provider's name: its address, as the caller knows it.
pub(crate) fn issuer(request: &Request) -> String {
    let host = request.header_value("host").unwrap_or("localhost");
    format!("http://{host}{PREFIX}")
}

/// Another key than the platform's own, so that neither takes the other's tokens.
fn key(world: &World) -> String {
    format!("oidc-{}", world.signing_key)
}

fn call(world: &mut World, request: &Request) -> Reply {
    let name = request.path().strip_prefix(PREFIX).unwrap_or_default();
    match (request.method.as_str(), name) {
        ("GET", "/.well-known/openid-configuration") => {
            Reply::json(200, &configuration(&issuer(request)))
        }
        ("GET", "/authorize") => authorize(world, request),
        ("POST", "/token") => token(world, request),
        // A key that both sides know must not be published.
        ("GET", "/jwks") => Reply::json(200, &json!({ "keys": [] })),
        _ => refusal(
            404,
            "not_found",
            "there is nothing here for this path and method",
        ),
    }
}

fn configuration(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email"],
    })
}

/// Sends a user whom `login_hint` names back with a code at once; asks who it is otherwise.
fn authorize(world: &mut World, request: &Request) -> Reply {
    let said = |name| request.query(name).filter(|value| !value.is_empty());
    let (Some(client_id), Some(redirect_uri)) = (said("client_id"), said("redirect_uri")) else {
        return refusal(
            400,
            "invalid_request",
            "client_id and redirect_uri are needed",
        );
    };
    if !pages::can_be_redirected_to(&redirect_uri) {
        return refusal(
            400,
            "invalid_request",
            "redirect_uri must be an http address without a fragment",
        );
    }
    let state = said("state");
    let back =
        |name: &str, value: &str| pages::redirect(&redirect_uri, name, value, state.as_deref());
    if said("response_type").as_deref() != Some("code") {
        return back("error", "unsupported_response_type");
    }
    let challenge = said("code_challenge");
    if challenge.is_some() && said("code_challenge_method").as_deref() != Some("S256") {
        return back("error", "invalid_request");
    }
    let Some(email) = said("login_hint").filter(|hint| hint.contains('@')) else {
        return match said("prompt").as_deref() {
            Some("none") => back("error", "login_required"),
            _ => pages::form(request),
        };
    };
    let secret = world.random.opaque(CODE_LENGTH);
    let code = Code {
        email: email.into_owned(),
        client_id: client_id.into_owned(),
        redirect_uri: redirect_uri.clone().into_owned(),
        challenge: challenge.map(|challenge| challenge.into_owned()),
        nonce: said("nonce").map(|nonce| nonce.into_owned()),
        expires_at: world.now().saturating_add(CODE_LIFE_MS),
    };
    let reply = back("code", &secret);
    world.codes.0.insert(secret, code);
    reply
}

/// The code flow's last step, for clients that hand the access token to `exchangeauthtoken` themselves.
fn token(world: &mut World, request: &Request) -> Reply {
    let said = |name| form_value(&request.body, name);
    if said("grant_type").as_deref() != Some("authorization_code") {
        return refusal(
            400,
            "unsupported_grant_type",
            "there is only authorization_code",
        );
    }
    let (Some(code), Some(redirect_uri), Some(client_id)) =
        (said("code"), said("redirect_uri"), said("client_id"))
    else {
        return refusal(
            400,
            "invalid_request",
            "code, redirect_uri and client_id are needed",
        );
    };
    let known_to = |known: &Code| known.client_id == client_id;
    let proof = if world.codes.0.get(code.as_ref()).is_some_and(known_to) {
        redeem(
            world,
            &issuer(request),
            &code,
            &redirect_uri,
            said("code_verifier").as_deref(),
        )
    } else {
        None
    };
    match proof {
        Some(proof) => Reply::json(
            200,
            &json!({
                "access_token": proof.access_token,
                "id_token": proof.id_token,
                "token_type": "Bearer",
                "expires_in": TOKEN_LIFE,
                "scope": "openid email",
            }),
        ),
        None => refusal(
            400,
            "invalid_grant",
            "the code, its redirect_uri or its code_verifier is not right",
        ),
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Reply {
    let body = json!({ "error": error, "error_description": description });
    Reply::json(status, &body)
}
