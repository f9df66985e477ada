//! The latest revision of each record, in the one place whose order the lock keeps: IndexedDB. Its many callbacks take
//! fewer bytes in JavaScript.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// The last whole number before JavaScript begins to leave some out.
const LAST: f64 = 9_007_199_254_740_991.0;

#[wasm_bindgen(module = "/npm/revisions.js")]
extern "C" {
    #[wasm_bindgen(js_name = latestRevision)]
    fn latest_revision(key: &str, next: Option<f64>) -> Promise;
}

/// The latest revision that was made known, raised to the next one where that is given. `None` where there is no
/// IndexedDB, or none that serves.
pub(super) async fn latest(key: &str, next: Option<u64>) -> Option<u64> {
    let latest = latest_revision(key, next.map(|next| next as f64));
    let latest = super::answer(latest).await.ok()?.as_f64()?;
    (0.0..=LAST).contains(&latest).then_some(latest as u64)
}
