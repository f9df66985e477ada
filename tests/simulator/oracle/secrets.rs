//! Law 8: secrets stay in, and nothing is left after a logout.

use super::{Call, Excuse, Oracle, Step};
use crate::world::World;
use double::{Owner, PATIENCE};
use storefront_session::session::{Event, Kind, Origin, Record};

impl World {
    /// An earlier epoch comes in the place of a later one.
    pub(super) fn check_step_back(&self, oracle: &mut Oracle, step: &Step) {
        oracle.covered = (step.to.began == Kind::Logout).then(|| step.from.clone());
        // Whoever logs out does not wait for ever for the lock: its holder may not see that yet.
        // Where storage takes its time, it looked some time before; and what it was handed before the machine slept is stored
        // after that.
        let handed = oracle.handed_over.get(&step.to.age());
        let handed = handed.filter(|handed| **handed < oracle.awake_since);
        let looked = *handed.unwrap_or(&self.now()) - self.longest_look();
        let seen = self.epoch_seen_by(step.tab, looked);
        let is_unseen = seen.is_none_or(|seen| seen <= step.to.epoch);
        let excuses = [oracle.distrusts(), (is_unseen, Excuse::LogoutUnseen)];
        oracle.require_unless(false, &excuses, 8, || {
            format!(
                "tab {} stores epoch {} over epoch {}",
                step.tab, step.to.epoch, step.from.epoch
            )
        });
    }

    /// A logout has resolved: nothing of the session is left behind. On a host it has the lease before it begins. `left` is what
    /// is stored by now, where it is a record.
    pub(super) fn check_tombstone(
        &self,
        oracle: &mut Oracle,
        number: usize,
        durable: bool,
        left: Option<&Record>,
    ) {
        let (now, call) = (self.now(), &oracle.calls[number]);
        let (tab, epoch) = (call.tab, call.ends_in);
        let is_served = self.is_served();
        // Who has the lease has waited for nobody, unless the machine slept before he could store.
        let has_waited = !is_served || call.since > call.begun;
        let is_late = has_waited && now - call.begun >= PATIENCE;
        // Who says it twice, in one page or in two, waits until his page finds the tombstone; the first call waits for the lock
        // and writes it once more.
        let is_again = (oracle.calls.iter()).any(|it| {
            let goes_on = oracle.tabs[it.tab].alive && !it.done;
            it.call == Call::Logout && goes_on && it.begun <= call.begun
        });
        let is_unseen = is_again && self.epoch_seen_by(tab, now) >= Some(epoch);
        let is_ended = left.is_some_and(|it| it.began == Kind::Logout && it.is_blank());
        let stored = left.map_or(epoch, |record| record.epoch);
        let excuses = [
            oracle.distrusts(),
            (!durable, Excuse::InMemory),
            (is_late, Excuse::LogoutLate),
            // Another tab that had not seen the latest login yet has ended what was before, and covers it.
            (is_ended && !is_served, Excuse::TwoEnds),
            (is_unseen && !is_served, Excuse::LogoutUnseen),
        ];
        oracle.require_unless(stored >= epoch, &excuses, 8, || {
            format!("tab {tab} has logged out, and epoch {stored} is stored")
        });
    }
}

impl Oracle {
    /// Nobody is signed in after a logout of the same page that was asked for later. A host's logout waits for its lease first.
    pub(super) fn check_login_event(&mut self, tab: Owner, event: &Event) {
        if event.kind != Kind::Login || event.origin != Origin::Local || self.is_served {
            return;
        }
        let logouts = self.tabs[tab].logouts;
        let holds = (self.calls.iter()).any(|it| {
            let signs_in = matches!(it.call, Call::Login | Call::Adopt);
            it.tab == tab && signs_in && it.logouts == logouts
        });
        self.require(holds, 8, || {
            format!("tab {tab} is signed in, and a logout was asked for after the login")
        });
    }

    /// What a page is told.
    pub(super) fn check_words(&mut self, whose: &str, text: &str) {
        self.require(!looks_secret(text), 8, || {
            format!("a secret in {whose}: {text}")
        });
    }
}

/// Tokens are runs of at least 28 letters and digits; ids have dashes in them, or are shorter.
fn looks_secret(text: &str) -> bool {
    let mut run = 0;
    let long = text.bytes().any(|byte| {
        run = if byte.is_ascii_alphanumeric() {
            run + 1
        } else {
            0
        };
        run >= 28
    });
    long || text.contains("sandbox-pass") || text.contains("@example")
}
