//! What an answer means: granted, refused, or a fault that says nothing of the token (docs/platform.md §8, and the laws).

use crate::http::{Response, Unanswered};
use crate::json::Json;
use crate::session::{Code, SessionError};

/// A refusal: the platform understood and said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 400, 401 or 403.
    pub status: u16,
    /// Whether the body says, by an exact code, that the bearer is the one to blame.
    pub blames_bearer: bool,
}

impl Refusal {
    /// Nothing was left to ask with.
    pub fn of_nothing() -> Self {
        Self {
            status: 401,
            blames_bearer: false,
        }
    }

    /// Whether it is a *definite refusal* when a token's own refresh endpoint answers so: 400 or 401, whatever the body.
    pub fn is_definite(self) -> bool {
        matches!(self.status, 400 | 401)
    }
}

/// Why an answer gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The platform said no.
    Refused(Refusal),
    /// A fault: nothing is known of the token, and nothing may be given up.
    Fault(SessionError),
}

/// The codes with which the gateway blames the bearer, and nothing else (docs/platform.md §8).
const BEARER_FAULTS: [&str; 3] = [
    "oauth.v2.InvalidAccessToken",
    "keymanagement.service.access_token_expired",
    "keymanagement.service.invalid_access_token",
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

/// Judges an answer by its status.
pub fn judge<J: Json>(answer: Result<Response, Unanswered>) -> Result<Response, Denial> {
    let error = match answer {
        Err(Unanswered::Late) => SessionError::late(),
        Err(Unanswered::Unreached) => {
            SessionError::passing(Code::Network, "the platform could not be reached")
        }
        Ok(answer) => match answer.status {
            200..300 => return Ok(answer),
            400 | 401 | 403 => {
                return Err(Denial::Refused(Refusal {
                    status: answer.status,
                    blames_bearer: answer.status == 401 && blames_bearer::<J>(&answer.body),
                }));
            }
            429 => fault(&answer, Code::RateLimited, "the platform wants fewer calls"),
            _ => fault(&answer, Code::Server, "the platform is in trouble"),
        },
    };
    Err(Denial::Fault(error))
}

fn blames_bearer<J: Json>(body: &str) -> bool {
    let code = || {
        J::parse(body)?
            .field("fault")?
            .field("detail")?
            .text_at(&["errorcode"])
    };
    code().is_some_and(|code| BEARER_FAULTS.contains(&&*code))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::Value;

    fn judged(status: u16, body: &str) -> Result<String, Denial> {
        let answer = Response {
            status,
            retry_after: Some(7_000),
            body: body.into(),
        };
        let answer = judge::<Value>(Ok(answer))?;
        match &*answer.body {
            "good" => Ok(answer.body),
            _ => Err(Denial::Fault(garbled(&answer))),
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
        for (index, body) in BODIES.iter().enumerate() {
            let Err(Denial::Refused(refusal)) = judged(401, body) else {
                panic!("{body}");
            };
            assert_eq!(refusal.blames_bearer, index < 3, "{body}");
            let Err(Denial::Refused(refusal)) = judged(400, body) else {
                panic!("{body}");
            };
            assert!(!refusal.blames_bearer, "{body}");
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
                    matches!(verdict, Err(Denial::Refused(refusal)) if refusal.is_definite());
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
            let Err(Denial::Fault(error)) = judged(status, "<html>") else {
                panic!("{status}");
            };
            assert_eq!((error.code, error.status), (code, Some(status)));
            assert_eq!((error.retryable, error.retry_after), (true, Some(7_000)));
        }
        let Err(Denial::Fault(error)) = judge::<Value>(Err(Unanswered::Unreached)) else {
            panic!("an answer");
        };
        assert_eq!((error.code, error.retryable), (Code::Network, true));
    }
}
