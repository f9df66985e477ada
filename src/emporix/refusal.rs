//! What an answer means: granted, refused, or a fault that says nothing of the token (docs/platform.md §8, and the laws).

use crate::http::{Response, Unanswered};
use crate::json::Json;
use crate::session::secret::{Fingerprint, fingerprint};
use crate::session::{Code, SessionError};

/// A refusal: the platform understood and said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 400, 401 or 403.
    pub status: u16,
    /// Whether the body says, by an exact code, that the bearer is the one to blame.
    pub blames_bearer: bool,
    /// Whether the body is an error object of the platform's. It also refuses with a bare text or nothing, and so do gates
    /// between here and the platform: such a refusal alone gives nothing up.
    pub is_explicit: bool,
    /// A mark of what it says: two questions that are refused in the same words are refused for the same reason.
    pub mark: Fingerprint,
}

impl Refusal {
    /// The mark of what was not asked.
    pub const UNASKED: Fingerprint = 0;

    /// Nothing was left to ask with.
    pub fn of_nothing() -> Self {
        Self {
            status: 401,
            blames_bearer: false,
            is_explicit: true,
            mark: Self::UNASKED,
        }
    }

    /// Whether it is a *definite refusal* when a token's own refresh endpoint answers so: 400 or 401.
    pub fn is_definite(self) -> bool {
        matches!(self.status, 400 | 401)
    }
}

/// Why an answer gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotGranted {
    /// The platform said no.
    Refused(Refusal),
    /// A fault: nothing is known of the token, and nothing may be given up.
    Fault(SessionError),
}

/// The codes with which the gateway blames the bearer, and nothing else (docs/platform.md §8): their fingerprints, which are
/// fewer bytes than the texts.
const BEARER_FAULTS: [Fingerprint; 3] = [
    fingerprint("oauth.v2.InvalidAccessToken"),
    fingerprint("keymanagement.service.access_token_expired"),
    fingerprint("keymanagement.service.invalid_access_token"),
];

/// An answer that worked and says nothing that can be used.
pub fn garbled(answer: &Response) -> SessionError {
    let message = "the answer is not what this endpoint gives";
    fault(answer, Code::Protocol, message)
}

fn fault(answer: &Response, code: Code, message: &'static str) -> SessionError {
    SessionError::passing(code, message)
        .with_status(answer.status)
        .with_retry_after(answer.retry_after)
}

/// Judges an answer by its status, and a refusal by its form: what is not the platform's own says nothing.
pub fn judge<J: Json>(answer: Result<Response, Unanswered>) -> Result<Response, NotGranted> {
    let error = match answer {
        Err(Unanswered::Late) => SessionError::late(),
        Err(Unanswered::Unreached) => {
            SessionError::passing(Code::Network, "the platform could not be reached")
        }
        Ok(answer) => match answer.status {
            200..300 => return Ok(answer),
            400 | 401 | 403 => match refusal::<J>(&answer) {
                Some(refusal) => return Err(NotGranted::Refused(refusal)),
                None => fault(
                    &answer,
                    Code::Server,
                    "something between here and the platform refuses the call",
                ),
            },
            429 => fault(&answer, Code::RateLimited, "the platform wants fewer calls"),
            _ => fault(&answer, Code::Server, "the platform is in trouble"),
        },
    };
    Err(NotGranted::Fault(error))
}

/// The refusal, where its body has one of the forms that the platform's have (docs/platform.md): an object, a text that is
/// no markup, or nothing.
fn refusal<J: Json>(answer: &Response) -> Option<Refusal> {
    let body = answer.body.trim_ascii();
    let json = J::parse(body);
    let has = |name| json.as_ref().is_some_and(|json| json.field(name).is_some());
    let is_explicit = has("fault") || (has("message") && (has("code") || has("status")));
    let is_bare = match &json {
        Some(json) => body.starts_with('{') || json.text().is_some(),
        // Whoever writes no JSON writes no markup either.
        None => body.bytes().all(|byte| byte != b'<'),
    };
    let errorcode = || {
        let detail = json.as_ref()?.field("fault")?.field("detail")?;
        detail.text_at(&["errorcode"])
    };
    let code = errorcode().unwrap_or_default();
    (is_explicit || is_bare).then(|| Refusal {
        status: answer.status,
        blames_bearer: answer.status == 401 && BEARER_FAULTS.contains(&fingerprint(&code)),
        is_explicit,
        mark: fingerprint(if code.is_empty() { body } else { &code }),
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::Value;

    fn judged(status: u16, body: &str) -> Result<String, NotGranted> {
        let answer = Response {
            status,
            retry_after: Some(7_000),
            body: body.into(),
        };
        let answer = judge::<Value>(Ok(answer))?;
        match &*answer.body {
            "good" => Ok(answer.body),
            _ => Err(NotGranted::Fault(garbled(&answer))),
        }
    }

    /// Every error body of docs/platform.md §8.
    const BODIES: [&str; 11] = [
        r#"{"fault":{"faultstring":"Invalid access token","detail":{"errorcode":"oauth.v2.InvalidAccessToken"}}}"#,
        r#"{"fault":{"faultstring":"Access Token expired","detail":{"errorcode":"keymanagement.service.access_token_expired"}}}"#,
        r#"{"fault":{"faultstring":"Invalid Access Token","detail":{"errorcode":"keymanagement.service.invalid_access_token"}}}"#,
        r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
        r#"{"status":400,"type":"bad_request","message":"no","moreInfo":"","details":[{"field":"email"}]}"#,
        r#"{"code":401,"status":"UNAUTHORIZED","message":"no","details":["Missing required scopes"]}"#,
        r#"{"sessionId":"s","code":404,"message":"Session not found"}"#,
        r#""wrong password""#,
        "{}",
        "Language header validation failed",
        "",
    ];

    #[test]
    fn only_exact_codes_on_a_401_blame_the_bearer() {
        let longer = r#"{"fault":{"faultstring":"no","detail":{"errorcode":"steps.oauth.v2.InvalidAccessToken"}}}"#;
        let Err(NotGranted::Refused(refusal)) = judged(401, longer) else {
            panic!("{longer}");
        };
        assert!(!refusal.blames_bearer);
        for (index, body) in BODIES.iter().enumerate() {
            let Err(NotGranted::Refused(refusal)) = judged(401, body) else {
                panic!("{body}");
            };
            assert_eq!(refusal.blames_bearer, index < 3, "{body}");
            let Err(NotGranted::Refused(refusal)) = judged(400, body) else {
                panic!("{body}");
            };
            assert!(!refusal.blames_bearer, "{body}");
        }
    }

    #[test]
    fn a_refusal_that_is_not_in_the_platforms_form_is_a_fault() {
        for body in [
            "<!doctype html><title>Password</title>",
            " \n<html>",
            "<?xml version=\"1.0\"?><Error/>",
            "\u{a0}<!doctype html><title>Password</title>",
            "Sign in <a href=\"/gate\">here</a>",
            "[]",
            "401",
            "null",
        ] {
            for status in [400, 401, 403] {
                let Err(NotGranted::Fault(error)) = judged(status, body) else {
                    panic!("{status} {body}");
                };
                assert_eq!((error.code, error.retryable), (Code::Server, true));
                assert_eq!(error.status, Some(status));
            }
        }
    }

    #[test]
    fn an_error_object_is_explicit_and_a_bare_body_is_not() {
        for (index, body) in BODIES.iter().enumerate() {
            let Err(NotGranted::Refused(refusal)) = judged(401, body) else {
                panic!("{body}");
            };
            assert_eq!(refusal.is_explicit, index < 7, "{body}");
        }
        for body in [
            r#"{"error":"access_denied"}"#,
            r#"{"message":"Unauthorized"}"#,
        ] {
            let Err(NotGranted::Refused(refusal)) = judged(401, body) else {
                panic!("{body}");
            };
            assert!(!refusal.is_explicit, "{body}");
        }
    }

    #[test]
    fn only_400_and_401_are_definite_whatever_the_body() {
        for body in BODIES {
            for status in [
                200, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504,
            ] {
                let verdict = judged(status, body);
                let definite =
                    matches!(verdict, Err(NotGranted::Refused(refusal)) if refusal.is_definite());
                assert_eq!(definite, matches!(status, 400 | 401), "{status} {body}");
            }
        }
    }

    #[test]
    fn faults_are_passing_and_keep_what_the_platform_asked_for() {
        for (status, code) in [
            (429, Code::RateLimited),
            (503, Code::Server),
            (404, Code::Server),
            (200, Code::Protocol),
        ] {
            let Err(NotGranted::Fault(error)) = judged(status, "<html>") else {
                panic!("{status}");
            };
            assert_eq!((error.code, error.status), (code, Some(status)));
            assert_eq!((error.retryable, error.retry_after), (true, Some(7_000)));
        }
        let Err(NotGranted::Fault(error)) = judge::<Value>(Err(Unanswered::Unreached)) else {
            panic!("an answer");
        };
        assert_eq!((error.code, error.retryable), (Code::Network, true));
    }
}
