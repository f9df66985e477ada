//! A platform and the steps that most tests begin with.

use sandbox::{Answer, Platform, Request, Status};
use serde_json::{Value, json};

pub const HOUR: u64 = 3_600_000;
pub const DAY: u64 = 24 * HOUR;

/// What a token endpoint has given.
#[derive(Clone, Debug)]
pub struct Pair {
    pub access: String,
    pub refresh: String,
    pub session: String,
}

pub struct Shop {
    pub platform: Platform,
}

impl Shop {
    /// As documented.
    pub fn open() -> Self {
        Self::with(json!({}))
    }

    /// Under other readings.
    pub fn with(readings: Value) -> Self {
        let mut platform = Platform::new(42);
        let patch = readings.as_object().expect("an object");
        platform.patch_profile(patch).expect("a profile");
        Self { platform }
    }

    pub fn get(&mut self, target: &str, bearer: &str) -> Answer {
        self.platform.handle(&Request::get(target).bearer(bearer))
    }

    pub fn post(&mut self, target: &str, bearer: &str, body: Value) -> Answer {
        self.platform
            .handle(&Request::post(target, &body).bearer(bearer))
    }

    pub fn send(&mut self, method: &str, target: &str, bearer: &str, body: Value) -> Answer {
        let request = Request::new(method, target).json(&body).bearer(bearer);
        self.platform.handle(&request)
    }

    pub fn delete(&mut self, target: &str, bearer: &str) -> Answer {
        let request = Request::new("DELETE", target).bearer(bearer);
        self.platform.handle(&request)
    }

    /// A token of the backend.
    pub fn backend(&mut self) -> String {
        let answer = self.platform.handle(&Request {
            body: "grant_type=client_credentials&client_id=backend&client_secret=backend-secret"
                .to_owned(),
            ..Request::new("POST", "/oauth/token")
        });
        answer.json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    /// The token of the last mail to that address.
    pub fn mailed(&self, to: &str) -> String {
        let mails = self.platform.state().mails;
        let mail = mails.into_iter().rfind(|mail| mail.to == to);
        mail.expect("a mail").token
    }

    pub fn guest(&mut self) -> Pair {
        let target = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
        pair(&self.platform.handle(&Request::get(target)))
    }

    pub fn try_guest_refresh(&mut self, refresh: &str) -> Answer {
        self.platform.handle(&Request::get(format!(
            "/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=storefront&refresh_token={refresh}"
        )))
    }

    pub fn guest_refresh(&mut self, refresh: &str) -> Pair {
        pair(&self.try_guest_refresh(refresh))
    }

    pub fn try_login(&mut self, bearer: &str, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post("/customer/acme/login", bearer, body)
    }

    pub fn login(&mut self, guest: &Pair, email: &str) -> Pair {
        pair(&self.try_login(&guest.access, email, "sandbox-pass"))
    }

    /// A guest and the buyer that the guest has become.
    pub fn buyer(&mut self) -> (Pair, Pair) {
        let guest = self.guest();
        let buyer = self.login(&guest, "buyer@example.com");
        (guest, buyer)
    }

    pub fn try_refresh(&mut self, bearer: &str, refresh: &str, company: Option<&str>) -> Answer {
        let company = company.map_or(String::new(), |id| format!("&legalEntityId={id}"));
        let target = format!("/customer/acme/refreshauthtoken?refreshToken={refresh}{company}");
        self.get(&target, bearer)
    }

    pub fn refresh(&mut self, bearer: &str, refresh: &str, company: Option<&str>) -> Pair {
        pair(&self.try_refresh(bearer, refresh, company))
    }

    pub fn validate(&mut self, bearer: &str) -> Answer {
        self.get("/customer/acme/validateauthtoken", bearer)
    }

    pub fn company_of(&mut self, bearer: &str) -> Option<String> {
        let answer = self.validate(bearer);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["legalEntityId"].as_str().map(str::to_owned)
    }

    pub fn status(&self, secret: &str) -> Status {
        self.platform.token(secret).expect("an issued token").status
    }

    pub fn is_live(&self, secret: &str) -> bool {
        self.status(secret) == Status::Live
    }
}

/// The pair in an answer in snake case.
pub fn pair(answer: &Answer) -> Pair {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let session = if body["sessionId"].is_string() {
        "sessionId"
    } else {
        "session_id"
    };
    Pair {
        access: text("access_token"),
        refresh: text("refresh_token"),
        session: text(session),
    }
}

pub fn error_code(answer: &Answer) -> String {
    let body = answer.json();
    body["fault"]["detail"]["errorcode"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
