//! The lifecycle in a real browser, against the sandbox over HTTP and CORS. Run by `npm test -- wasm`, which starts both.
#![cfg(target_arch = "wasm32")]

use gloo_net::http::Request;
use gloo_storage::{LocalStorage, Storage};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use storefront_session::js::SessionManager;
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::AbortController;

wasm_bindgen_test_configure!(run_in_browser);

fn key() -> String {
    format!("storefront-session:acme:storefront:{}", sandbox(""))
}

fn sandbox(path: &str) -> String {
    let address = option_env!("SANDBOX_URL").unwrap_or("http://127.0.0.1:8787");
    format!("{address}{path}")
}

fn js(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |object, name| {
        Reflect::get(&object, &name.into()).unwrap_or_default()
    })
}

fn text(object: &JsValue, path: &str) -> String {
    get(object, path).as_string().unwrap_or_default()
}

fn open(options: JsValue, listener: Function) -> Promise {
    let life = AbortController::new().unwrap().signal();
    promised(|done| SessionManager::open(options, listener, life, done))
}

/// What the module tells when it is done, as the npm package makes a promise of it.
fn promised(work: impl FnOnce(Function)) -> Promise {
    let mut work = Some(work);
    Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |is_ok: bool, value: JsValue| {
            let settle = if is_ok { resolve } else { reject };
            settle.call1(&JsValue::UNDEFINED, &value).unwrap();
        });
        if let Some(work) = work.take() {
            work(done.unchecked_into());
        }
    })
}

async fn control(call: &str, body: &str) -> JsValue {
    let request = Request::post(&sandbox(&format!("/_sandbox/{call}")))
        .header("content-type", "application/json")
        .body(body)
        .unwrap();
    let answer = request.send().await.unwrap();
    assert!(answer.ok(), "{call}");
    JSON::parse(&answer.text().await.unwrap()).unwrap_or_default()
}

/// The API calls so far: method, path without tenant, bearer, status. Preflights are the browser's own.
async fn requests() -> Vec<String> {
    let answer = Request::get(&sandbox("/_sandbox/requests")).send().await;
    let rows = JSON::parse(&answer.unwrap().text().await.unwrap()).unwrap();
    let line = |row: JsValue| {
        let path = text(&row, "path").replace("/acme", "");
        let status = get(&row, "status").as_f64().unwrap_or_default();
        format!(
            "{} {path} {} {status}",
            text(&row, "method"),
            text(&row, "bearer")
        )
    };
    let rows = Array::from(&rows);
    rows.iter()
        .map(line)
        .filter(|line| !line.starts_with("OPTIONS"))
        .collect()
}

/// The methods of the npm package's class, as far as they are needed here.
trait Methods {
    fn ask(&self, method: &str, arguments: &[JsValue]) -> JsValue;

    fn promise(&self, method: &str, arguments: &[JsValue]) -> Promise;

    fn access_token(&self) -> Promise {
        self.promise("accessToken", &[])
    }

    fn login(&self, credentials: JsValue) -> Promise {
        self.promise("login", &[credentials])
    }

    fn refresh(&self) -> Promise {
        self.promise("refresh", &[])
    }

    fn switch_legal_entity(&self, id: JsValue) -> Promise {
        self.promise("switchLegalEntity", &[id])
    }

    fn companies(&self) -> Promise {
        let path = "/customer-management/acme/legal-entities";
        self.promise("inquire", &[path.into()])
    }

    fn validate(&self) -> Promise {
        let path = "/customer/acme/validateauthtoken";
        self.promise("inquire", &[path.into()])
    }

    fn logout(&self) -> Promise {
        self.promise("logout", &[])
    }

    fn snapshot(&self) -> JsValue {
        self.ask("getSnapshot", &[])
    }

    fn saas_token(&self) -> Option<String> {
        self.ask("saasToken", &[]).as_string()
    }
}

impl Methods for SessionManager {
    fn ask(&self, method: &str, arguments: &[JsValue]) -> JsValue {
        let done = JsValue::UNDEFINED.unchecked_into();
        self.call(method.into(), arguments.iter().collect(), done)
    }

    fn promise(&self, method: &str, arguments: &[JsValue]) -> Promise {
        let arguments = arguments.iter().collect();
        promised(|done| {
            self.call(method.into(), arguments, done);
        })
    }
}

/// A page of this storefront, and what its listener hears.
struct Page {
    session: SessionManager,
    events: Array,
}

impl Page {
    async fn open() -> Self {
        Self::open_with("{}").await.unwrap()
    }

    async fn open_with(more: &str) -> Result<Self, JsValue> {
        let options = js(r#"{"tenant":"acme","clientId":"storefront","place":"page"}"#);
        Reflect::set(&options, &"apiUrl".into(), &sandbox("").into())?;
        let more: Object = js(more).unchecked_into();
        for entry in Object::entries(&more) {
            let entry = Array::from(&entry);
            Reflect::set(&options, &entry.get(0), &entry.get(1))?;
        }
        let events = Array::new();
        let heard = events.clone();
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |event| {
            heard.push(&event);
        });
        let listener: Function = listener.into_js_value().unchecked_into();
        let session = JsFuture::from(open(options, listener)).await?;
        let session = SessionManager::try_from_js_value(session).unwrap();
        Ok(Self { session, events })
    }

    /// After everything was reset and nothing is stored.
    async fn fresh() -> Self {
        LocalStorage::delete(key());
        control("reset", "").await;
        Self::open().await
    }

    fn snapshot(&self, field: &str) -> String {
        text(&self.session.snapshot(), field)
    }

    async fn token(&self) -> String {
        let grant = JsFuture::from(self.session.access_token()).await.unwrap();
        let token = text(&grant, "token");
        assert!(!token.is_empty());
        token
    }

    async fn login(&self, password: &str) -> Result<JsValue, JsValue> {
        let credentials = format!(r#"{{"email":"buyer@example.com","password":"{password}"}}"#);
        JsFuture::from(self.session.login(js(&credentials))).await
    }

    async fn switch(&self, company: &str) -> Result<JsValue, JsValue> {
        JsFuture::from(self.session.switch_legal_entity(company.into())).await
    }

    /// An API call with the session's token.
    async fn api(&self, method: &str, path: &str, body: &str) -> JsValue {
        let builder = match method {
            "POST" => Request::post(&sandbox(path)),
            _ => Request::get(&sandbox(path)),
        };
        let bearer = format!("Bearer {}", self.token().await);
        let builder = builder
            .header("authorization", &bearer)
            .header("content-type", "application/json");
        let answer = match body {
            "" => builder.send().await.unwrap(),
            body => builder.body(body).unwrap().send().await.unwrap(),
        };
        let (status, answer) = (answer.status(), answer.text().await.unwrap());
        assert!(status < 300, "{method} {path}: {status} {answer}");
        JSON::parse(&answer).unwrap_or_default()
    }

    fn kinds(&self) -> Vec<String> {
        self.events
            .iter()
            .map(|event| text(&event, "type"))
            .collect()
    }
}

async fn code(outcome: Promise) -> String {
    text(&JsFuture::from(outcome).await.unwrap_err(), "code")
}

#[wasm_bindgen_test]
async fn the_whole_way_over_http_with_one_session_id() {
    let page = Page::fresh().await;
    assert_eq!(requests().await, [""; 0]);

    page.token().await;
    assert_eq!(
        requests().await,
        ["GET /customerlogin/auth/anonymous/login none 200"]
    );
    let session_id = page.snapshot("sessionId");
    assert!(!session_id.is_empty());

    let guest_cart = page
        .api(
            "POST",
            "/cart/acme/carts",
            r#"{"siteCode":"main","currency":"EUR"}"#,
        )
        .await;
    let products = page.api("GET", "/product/acme/products", "").await;
    let product = Array::from(&products).get(0);
    let price = JSON::stringify(&get(&product, "price")).unwrap();
    let price = String::from(price);
    let yrn = text(&product, "yrn");
    let item = format!(r#"{{"itemYrn":"{yrn}","price":{price},"quantity":2}}"#);
    let guest_cart = text(&guest_cart, "cartId");
    page.api(
        "POST",
        &format!("/cart/acme/carts/{guest_cart}/items?siteCode=main"),
        &item,
    )
    .await;
    let before = requests().await.len();

    page.login("sandbox-pass").await.unwrap();
    assert_eq!(
        requests().await[before..],
        ["POST /customer/login anonymous 200"]
    );
    assert_eq!(page.snapshot("sessionId"), session_id);
    assert_eq!(page.snapshot("kind"), "customer");
    let saas = page.session.saas_token();
    assert!(saas.is_some());

    let cart = page
        .api("GET", "/cart/acme/carts?siteCode=main&create=true", "")
        .await;
    let cart = text(&cart, "id");
    let merge = format!(r#"{{"carts":["{guest_cart}"]}}"#);
    page.api("POST", &format!("/cart/acme/carts/{cart}/merge"), &merge)
        .await;
    let items = page
        .api(
            "GET",
            &format!("/cart/acme/carts/{cart}/items?siteCode=main"),
            "",
        )
        .await;
    assert_eq!(
        get(&Array::from(&items).get(0), "quantity").as_f64(),
        Some(2.0)
    );

    let before = requests().await.len();
    JsFuture::from(page.session.refresh()).await.unwrap();
    for company in ["le-north", "le-south"] {
        page.switch(company).await.unwrap();
        assert_eq!(page.snapshot("legalEntityId"), company);
    }
    let refresh = "GET /customer/refreshauthtoken anonymous 200";
    assert_eq!(requests().await[before..], [refresh; 3]);
    assert_eq!(page.session.saas_token(), saas);
    assert_eq!(page.snapshot("sessionId"), session_id);

    let before = requests().await.len();
    let reloaded = Page::open().await;
    assert_eq!(reloaded.token().await, page.token().await);
    assert_eq!(reloaded.snapshot("sessionId"), session_id);
    assert_eq!(reloaded.snapshot("legalEntityId"), "le-south");
    assert_eq!(requests().await.len(), before);

    let token = page.token().await;
    JsFuture::from(page.session.logout()).await.unwrap();
    assert_eq!(
        requests().await[before..],
        ["GET /customer/logout customer 204"]
    );
    let stored = LocalStorage::raw().get_item(&key()).unwrap().unwrap();
    for secret in [&*token, &saas.unwrap(), &session_id, "\"token\""] {
        assert!(!stored.contains(secret));
    }
    assert_eq!(
        page.kinds(),
        [
            "started",
            "login",
            "renewed",
            "switched",
            "switched",
            "logout",
            "revocation"
        ]
    );
    assert_eq!(text(&page.events.get(6), "remote"), "done");
}

#[wasm_bindgen_test]
async fn bad_input_leaves_the_session_untouched() {
    let page = Page::fresh().await;
    let session = &page.session;
    for credentials in [
        "7",
        "null",
        "{}",
        r#"{"email":"","password":"x"}"#,
        r#"{"email":7,"password":"x"}"#,
        r#"{"email":"x"}"#,
    ] {
        assert_eq!(
            code(session.login(js(credentials))).await,
            "invalid_argument"
        );
    }
    for company in [JsValue::UNDEFINED, "".into(), JsValue::from(7)] {
        let refused = session.switch_legal_entity(company);
        assert_eq!(code(refused).await, "invalid_argument");
    }
    assert_eq!(
        code(session.switch_legal_entity(JsValue::NULL)).await,
        "login_required"
    );
    assert_eq!(code(session.companies()).await, "login_required");
    assert_eq!(code(session.validate()).await, "login_required");
    assert_eq!(requests().await, [""; 0]);
    assert_eq!(page.kinds(), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_wrong_password_costs_one_login() {
    let page = Page::fresh().await;
    page.token().await;
    let before = requests().await.len();
    let error = page.login("wrong-pass").await.unwrap_err();
    assert_eq!(text(&error, "code"), "invalid_credentials");
    assert_eq!(requests().await.len(), before + 1);
    assert_eq!(page.snapshot("kind"), "anonymous");
    page.login("sandbox-pass").await.unwrap();
    assert_eq!(
        code(page.session.login(js(r#"{"email":"a","password":"b"}"#))).await,
        "invalid_state"
    );
}

#[wasm_bindgen_test]
async fn a_refused_company_leaves_the_former_one() {
    let page = Page::fresh().await;
    page.login("sandbox-pass").await.unwrap();
    page.switch("le-north").await.unwrap();
    let identity = page.snapshot("identity");
    let error = page.switch("le-nobody").await.unwrap_err();
    assert_eq!(text(&error, "code"), "legal_entity_refused");
    assert_eq!(page.snapshot("identity"), identity);
    let told = JsFuture::from(page.session.validate()).await.unwrap();
    assert_eq!(text(&told, "identity"), identity);
    assert_eq!(text(&js(&text(&told, "body")), "legalEntityId"), "le-north");
}

#[wasm_bindgen_test]
async fn a_corrupt_record_is_reported_and_replaced() {
    Page::fresh().await;
    LocalStorage::raw()
        .set_item(&key(), "{\"schema\":1,")
        .unwrap();
    let page = Page::open().await;
    assert_eq!(page.kinds(), ["storage"]);
    assert_eq!(text(&page.events.get(0), "reason"), "corrupt");
    page.token().await;
    assert_eq!(
        Page::open().await.snapshot("sessionId"),
        page.snapshot("sessionId")
    );
}

#[wasm_bindgen_test]
async fn two_tabs_of_one_storefront_share_one_renewal() {
    let one = Page::fresh().await;
    let two = Page::open().await;
    let (first, second) = (one.session.access_token(), two.session.access_token());
    let tokens = Promise::all(&Array::of2(&first, &second));
    let tokens = Array::from(&JsFuture::from(tokens).await.unwrap());
    let token = |index| text(&tokens.get(index), "token");
    assert!(!token(0).is_empty());
    assert_eq!(token(0), token(1));
    assert_eq!(requests().await.len(), 1);
}

#[wasm_bindgen_test]
async fn faults_come_back_as_errors_that_may_pass() {
    for (fault, expected) in [
        (r#""kind":"status","status":503"#, "server"),
        (
            r#""kind":"status","status":429,"retryAfter":7"#,
            "rate_limited",
        ),
        (r#""kind":"drop""#, "network"),
        (r#""kind":"garbage""#, "protocol"),
    ] {
        let page = Page::fresh().await;
        let path = "/customerlogin/auth/anonymous/login";
        control(
            "faults",
            &format!(r#"[{{"path":"{path}","times":1,{fault}}}]"#),
        )
        .await;
        let error = JsFuture::from(page.session.access_token())
            .await
            .unwrap_err();
        assert_eq!(text(&error, "code"), expected, "{fault}");
        assert_eq!(get(&error, "retryable"), JsValue::TRUE, "{fault}");
        if expected == "rate_limited" {
            assert_eq!(get(&error, "retryAfterMs").as_f64(), Some(7000.0));
        }
        JsFuture::from(page.session.refresh()).await.ok();
        control("reset", "").await;
    }
}
