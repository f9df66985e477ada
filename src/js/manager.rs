//! The class.

use super::error;
use super::options::Options;
use super::value::to_js;
use crate::browser::Browser;
use crate::host::Host;
use crate::json::{Fields, Json};
use crate::lifecycle::{Adoption, Change, Endpoint, Inquiry, Lifecycle, Purpose};
use crate::session::{Event, Identity, Result, SaasToken, Snapshot};
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The session of one storefront, in one page. Two doors lead in, because each that is exported brings code of its own on
/// both sides of the border; the npm package has the class with a method for each.
#[wasm_bindgen]
pub struct SessionManager {
    lifecycle: Rc<Lifecycle<Browser>>,
}

#[wasm_bindgen]
impl SessionManager {
    /// Restores what is stored; makes no request. The options are as `npm/options.js` gives them. `listener` is called with
    /// each event, after the change. `life` is to be
    /// ended when the module has failed: the browser then lets go of what the module cannot let go of any more. `done` is
    /// called as in [`call`](Self::call).
    pub fn open(options: JsValue, listener: Function, life: AbortSignal, done: Function) {
        let Options {
            platform,
            area,
            patience,
            known,
        } = Options::read(&options);
        let tell = move |event: &Event| {
            // What a listener throws is its own affair; the package reports it.
            let _ = listener.call1(&JsValue::UNDEFINED, &to_js(&event.fields()));
        };
        let browser = Browser::new(&platform.record_key(), area, &options, &life);
        browser.begin(async move |browser| {
            let lifecycle = Lifecycle::begin(browser, platform, patience, known, tell).await;
            respond(&done, Ok(SessionManager { lifecycle }.into()));
        });
    }

    /// One of the session's methods, with its arguments. Some answer at once. The others call `done` when they are done: with
    /// `true` and the outcome, or with `false` and the fields of the error, `{ code, message, field?, … }`.
    pub fn call(&self, method: String, arguments: Array, done: Function) -> JsValue {
        let lifecycle = Rc::clone(&self.lifecycle);
        match &*method {
            "getSnapshot" => to_js(&lifecycle.snapshot().fields()),
            "saasToken" => lifecycle.saas_token().into(),
            "refusedAgain" => {
                lifecycle.note_refused_again(endpoint(&arguments, 0));
                JsValue::UNDEFINED
            }
            "logout" => {
                // It begins at once: the page may be gone a moment later.
                let host = self.lifecycle.host();
                let logout = lifecycle.logout();
                host.spawn(Box::pin(async move {
                    respond(&done, logout.await.map(|()| JsValue::UNDEFINED));
                }));
                JsValue::UNDEFINED
            }
            _ => {
                let host = self.lifecycle.host();
                // A logout may be asked for before the task runs.
                let began = lifecycle.epoch();
                let signs_in = matches!(&*method, "login" | "adopt");
                let signing_in = signs_in.then(|| lifecycle.begin_sign_in());
                host.spawn(Box::pin(async move {
                    respond(&done, perform(lifecycle, began, method, arguments).await);
                    drop(signing_in);
                }));
                JsValue::UNDEFINED
            }
        }
    }
}

/// Lets go. A token request under way goes on, and its answer is stored.
impl Drop for SessionManager {
    fn drop(&mut self) {
        self.lifecycle.close();
    }
}

async fn perform(
    lifecycle: Rc<Lifecycle<Browser>>,
    began: u64,
    method: String,
    arguments: Array,
) -> Result<JsValue> {
    let text = |index| arguments.get(index).as_string().unwrap_or_default();
    let change = match &*method {
        // The token, whose it is, for how long it may be handed out without asking again, and for a checkout the saas token: of
        // one moment.
        "accessToken" => {
            let purpose = match &*text(0) {
                "checkout" => Purpose::Checkout,
                "customer" => Purpose::CustomersCheckout,
                _ => Purpose::Call,
            };
            let token = lifecycle.token_for(purpose).await?;
            let saas = lifecycle.saas_for(purpose)?;
            let mut fields = Fields::default();
            let Snapshot { identity, .. } = lifecycle.snapshot();
            fields.text("token", token.expose());
            fields.text_some("saas", saas.as_ref().map(SaasToken::expose));
            fields.text("identity", identity.as_str());
            fields.number("lease", lifecycle.lease(token.expose()));
            return Ok(to_js(&fields));
        }
        // A call that began under this identity got a 401 with this token: another token for one more try, or
        // `undefined` where the 401 is the caller's.
        "tokenInstead" => {
            let token = lifecycle
                .token_instead(&text(0), &text(1), endpoint(&arguments, 2))
                .await?;
            return Ok(token.map_or(JsValue::UNDEFINED, |token| token.expose().into()));
        }
        "login" => {
            let credentials = arguments.get(0);
            let text = |name| credentials.field(name).and_then(|it| it.text());
            let (email, password) = (text("email"), text("password"));
            Change::login(email.unwrap_or_default(), password.unwrap_or_default())?
        }
        // As `npm/adopt.js` gives them.
        "adopt" => {
            let company = arguments.get(1).as_string();
            let is_checked = arguments.get(2).is_truthy();
            let now = lifecycle.host().now();
            let adoption = Adoption::read::<JsValue>(&text(0), company, is_checked, now)?;
            Change::Adopt(Box::new(adoption))
        }
        "refresh" => Change::Refresh,
        "switchLegalEntity" => {
            let is_chosen = !arguments.get(0).is_null();
            Change::switch(is_chosen.then(|| text(0)), arguments.get(1).is_truthy())?
        }
        // What the platform answers to whoever the visitor is to be, of this identity or any customer, and who that was.
        "inquire" => {
            let inquiry = Inquiry {
                path: text(0),
                of: Identity::new(text(1)),
                body: arguments.get(2).as_string(),
            };
            let (identity, answer) = lifecycle.inquire(inquiry).await?;
            let mut fields = Fields::default();
            fields.text("identity", identity.as_str());
            fields.text("body", &answer.body);
            return Ok(to_js(&fields));
        }
        // For all tabs to know about the visitor of this identity.
        "note" => {
            if let Some(of) = Identity::new(text(0)) {
                lifecycle.note(of, text(1)).await?;
            }
            return Ok(JsValue::UNDEFINED);
        }
        _ => return Ok(JsValue::UNDEFINED),
    };
    lifecycle.change(began, change).await?;
    Ok(JsValue::UNDEFINED)
}

fn endpoint(arguments: &Array, from: u32) -> Endpoint {
    let text = |index| arguments.get(index).as_string().unwrap_or_default();
    Endpoint::new(&text(from), &text(from + 1))
}

/// One way out for all that takes time.
fn respond(done: &Function, outcome: Result<JsValue>) {
    let is_ok = outcome.is_ok();
    let value = outcome.unwrap_or_else(|error| error::to_js(&error));
    // The package's own function, which does not throw.
    let _ = done.call2(&JsValue::UNDEFINED, &is_ok.into(), &value);
}
