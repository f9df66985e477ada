//! The class.

use super::error;
use super::options::Options;
use super::value::to_js;
use crate::browser::{Browser, Listening};
use crate::json::Json;
use crate::lifecycle::{Endpoint, Lifecycle};
use crate::session::{Event, Result};
use js_sys::{Function, Promise};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

/// The session of one storefront, in one page. Methods take `&self` and clone what they need, so that none is in the
/// way of another. Promises are rejected with the fields of the error, `{ code, message, field?, … }`.
#[wasm_bindgen]
pub struct SessionManager {
    lifecycle: Rc<Lifecycle<Browser>>,
    // Dropped with the object, and with them the listeners.
    _listening: Vec<Listening>,
}

#[wasm_bindgen]
impl SessionManager {
    /// Restores what is stored; makes no request. `listener` is called with each event, after the change. `life` is to be
    /// ended when the module has failed: the browser then lets go of what the module cannot let go of any more.
    pub fn open(options: JsValue, listener: Function, life: AbortSignal) -> Promise {
        settle(async move {
            let Options {
                platform,
                supplies,
                patience,
            } = Options::read(&options)?;
            let browser = Browser::new(platform.record_key(), supplies, life);
            let tell = move |event: &Event| {
                // What a listener throws is its own affair; the package reports it.
                let _ = listener.call1(&JsValue::UNDEFINED, &to_js(event));
            };
            let lifecycle = Lifecycle::open(browser, platform, patience, tell).await;
            let waking = Rc::downgrade(&lifecycle);
            let hearing = Weak::clone(&waking);
            let wake = move || {
                if let Some(lifecycle) = waking.upgrade() {
                    lifecycle.wake();
                }
            };
            let hear = move |record: String| {
                if let Some(lifecycle) = hearing.upgrade() {
                    lifecycle.hear(&record);
                }
            };
            let listening = lifecycle.host().listen(Rc::new(wake), hear);
            lifecycle.wake();
            Ok(Self {
                lifecycle,
                _listening: listening,
            }
            .into())
        })
    }

    /// Who the visitor is.
    #[wasm_bindgen(js_name = getSnapshot)]
    pub fn snapshot(&self) -> JsValue {
        to_js(&self.lifecycle.snapshot())
    }

    /// A token that is good, as a string.
    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(&self) -> Promise {
        self.run(async |lifecycle| Ok(lifecycle.access_token().await?.expose().into()))
    }

    /// For how many milliseconds this token may be handed out again without asking: zero where it is none of now.
    pub fn lease(&self, token: &str) -> f64 {
        self.lifecycle.lease(token) as f64
    }

    /// A call that began under this identity got a 401 with this token: another token for one more try, or
    /// `undefined` where the 401 is the caller's.
    #[wasm_bindgen(js_name = tokenInstead)]
    pub fn token_instead(
        &self,
        refused: String,
        identity: String,
        method: String,
        path: String,
    ) -> Promise {
        self.run(async move |lifecycle| {
            let endpoint = Endpoint { method, path };
            let token = lifecycle
                .token_instead(&refused, &identity, &endpoint)
                .await?;
            Ok(token.map_or(JsValue::UNDEFINED, |token| token.expose().into()))
        })
    }

    /// The other token got a 401 too.
    #[wasm_bindgen(js_name = refusedAgain)]
    pub fn refused_again(&self, method: String, path: String) {
        self.lifecycle.note_resistance(Endpoint { method, path });
    }

    /// Signs a customer in.
    pub fn login(&self, credentials: JsValue) -> Promise {
        self.run(async move |lifecycle| {
            let text = |name: &'static str| credentials.field(name)?.text();
            let (email, password) = (text("email"), text("password"));
            lifecycle
                .login(email.unwrap_or_default(), password.unwrap_or_default())
                .await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Renews the tokens now.
    pub fn refresh(&self) -> Promise {
        self.run(async |lifecycle| {
            lifecycle.refresh().await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Chooses a company, or none with `null`.
    #[wasm_bindgen(js_name = switchLegalEntity)]
    pub fn switch_legal_entity(&self, id: JsValue) -> Promise {
        self.run(async move |lifecycle| {
            let chosen = if id.is_null() {
                None
            } else {
                Some(id.as_string().unwrap_or_default())
            };
            lifecycle.switch_legal_entity(chosen).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The customer's companies.
    #[wasm_bindgen(js_name = legalEntities)]
    pub fn legal_entities(&self) -> Promise {
        self.run(async |lifecycle| Ok(to_js(&lifecycle.legal_entities().await?)))
    }

    /// What the platform says of the customer's token.
    pub fn validate(&self) -> Promise {
        self.run(async |lifecycle| Ok(to_js(&lifecycle.validate().await?)))
    }

    /// Whether the token has the scope; `undefined` until `validate`.
    #[wasm_bindgen(js_name = hasScope)]
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        self.lifecycle.has_scope(scope)
    }

    /// The saas token, as long as it is good.
    #[wasm_bindgen(js_name = saasToken)]
    pub fn saas_token(&self) -> Option<String> {
        self.lifecycle.saas_token()
    }

    /// Ends the session.
    pub fn logout(&self) -> Promise {
        self.run(async |lifecycle| {
            lifecycle.logout().await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Lets go. A token request under way goes on, and its answer is stored.
    pub fn close(&self) {
        self.lifecycle.close();
    }

    fn run<W>(&self, work: W) -> Promise
    where
        W: AsyncFnOnce(&Lifecycle<Browser>) -> Result<JsValue> + 'static,
    {
        let lifecycle = Rc::clone(&self.lifecycle);
        settle(async move { work(&lifecycle).await })
    }
}

/// One way out for all promises: each exported async function would bring a copy of its own.
fn settle(work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    type Work = Pin<Box<dyn Future<Output = Result<JsValue>>>>;
    fn settle(work: Work) -> Promise {
        future_to_promise(async { work.await.map_err(|error| error::to_js(&error)) })
    }
    settle(Box::pin(work))
}
