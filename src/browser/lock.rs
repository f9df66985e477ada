//! One at a time: across tabs by Web Locks, within this page where there are none.

use super::{field, global};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

// web-sys has Web Locks behind a compiler flag that every user of the crate would have to set.
#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &Function,
    ) -> Result<Promise, JsValue>;

    type LockOptions;

    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &LockOptions, signal: &JsValue);
}

/// The lock of one storefront.
pub(super) struct Lock {
    name: Option<String>,
    line: Rc<Line>,
    life: AbortSignal,
}

/// The lock is held until this is dropped.
pub struct Guard {
    _shared: Option<Shared>,
    _turn: Turn,
}

impl Lock {
    /// A lock that is shared with the other tabs under this name, or this page's own.
    pub(super) fn new(name: Option<String>, life: AbortSignal) -> Self {
        Self {
            name,
            line: Rc::default(),
            life,
        }
    }

    /// Whether the other tabs wait for it too.
    pub(super) fn is_shared(&self) -> bool {
        self.name.is_some() && manager().is_some()
    }

    /// Waits for the lock. `None` where the browser has Web Locks and refuses them.
    pub(super) async fn wait(&self) -> Option<Guard> {
        let turn = self.line.turn().await;
        let shared = match (&self.name, manager()) {
            (Some(name), Some(locks)) => {
                Some(Shared::wait(locks.unchecked_ref(), name, &self.life).await?)
            }
            _ => None,
        };
        Some(Guard {
            _shared: shared,
            _turn: turn,
        })
    }
}

fn manager() -> Option<JsValue> {
    field(&global("navigator")?, "locks")
}

/// A Web Lock, asked for or held. Dropped in either state it is given back.
struct Shared {
    release: Function,
    give_up: AbortController,
    life: AbortSignal,
}

impl Shared {
    async fn wait(locks: &LockManager, name: &str, life: &AbortSignal) -> Option<Self> {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let shared = Self {
            release: release?,
            give_up: AbortController::new().ok()?,
            life: life.clone(),
        };
        let _ = life.add_event_listener_with_callback("abort", &shared.release);
        let options: LockOptions = js_sys::Object::new().unchecked_into();
        options.set_signal(&shared.give_up.signal());
        let mut request = Err(JsValue::UNDEFINED);
        // The callback's promise is what holds the lock; that the callback was called is what we wait for. The
        // request's own promise settles much later, or at once with the reason why there is no lock.
        let granted = Promise::new(&mut |resolve, reject| {
            let held = held.clone();
            let callback = Closure::once_into_js(move |_lock: JsValue| {
                let _ = resolve.call0(&JsValue::UNDEFINED);
                held
            });
            request = locks.request(name, &options, callback.unchecked_ref());
            if let Ok(request) = request.clone() {
                wasm_bindgen_futures::spawn_local(async move {
                    if let Err(error) = JsFuture::from(request).await {
                        let _ = reject.call1(&JsValue::UNDEFINED, &error);
                    }
                });
            }
        });
        if request.is_err() {
            return None;
        }
        JsFuture::from(granted).await.ok()?;
        Some(shared)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
        let _ = self
            .life
            .remove_event_listener_with_callback("abort", &self.release);
        self.give_up.abort();
    }
}

/// Those of this page who want the lock. They queue here first, so that a page asks for the shared lock once.
#[derive(Default)]
struct Line {
    taken: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

struct Turn(Rc<Line>);

impl Line {
    async fn turn(self: &Rc<Self>) -> Turn {
        poll_fn(|context| {
            if self.taken.replace(true) {
                self.waiting.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(Turn(Rc::clone(self)))
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.taken.set(false);
        let waiting = self.0.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}
