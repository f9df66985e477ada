//! Law 1: one session id from the first guest to the last company, and each change is told.

use super::{Excuse, Oracle, Step, session_of};
use double::Owner;
use storefront_session::session::{Event, Kind, Snapshot};

impl Oracle {
    /// An epoch is one identity.
    pub(super) fn check_one_identity(&mut self, step: &Step) {
        // A logout that waited in vain for the lock, and its holder who ended the session too: the logout wins.
        let is_logout = step.to.began == Kind::Logout || step.from.began == Kind::Logout;
        // A host does not begin it without the lease, but it may stand still then; or it looked before the other had stored: then
        // nobody is in either, or a guest who began after the other's logout. Of hosts that is the simulator's own, which has one
        // key: in the shop a logout takes the name along, and that guest has another.
        let has_begun_anew = step.from.customer.is_none() && step.from.began == Kind::Logout;
        let is_second = step.to.is_blank() && (step.from.is_blank() || has_begun_anew);
        let excuse = match self.is_served && !is_second {
            true => (
                is_logout && self.tabs[step.tab].was_robbed,
                Excuse::LockTaken,
            ),
            false => (is_logout, Excuse::TwoEnds),
        };
        self.covered = is_logout.then(|| step.from.clone());
        // A host of the simulator lives on with a tombstone that it could not store, and knows so; a real one ends with it.
        let snapshot = self.tabs[step.tab].snapshot.as_ref();
        let is_unstored = self.is_served && snapshot.is_some_and(|it| !it.durable);
        let excuses = [
            self.distrusts(),
            excuse,
            (
                is_unstored && step.to.began == Kind::Logout,
                Excuse::InMemory,
            ),
        ];
        self.require_unless(false, &excuses, 1, || {
            format!("tab {}: one epoch, two identities", step.tab)
        });
    }

    /// The session id stays; another is the platform's own word, or the session has come to its end.
    pub(super) fn check_session(&mut self, step: &Step) {
        let (from, to) = (step.from, step.to);
        let is_named = session_of(to).map(str::to_owned) == step.named;
        // Who comes after a logout that slow storage has not seen yet has no session before the platform names one.
        let is_after_logout = to.epoch > from.epoch + 1 && session_of(to).is_none();
        let holds = match to.began {
            _ if !step.moves_session() => true,
            _ if step.is_same_epoch() => is_named && to.customer.is_some(),
            Kind::Login => is_named || is_after_logout,
            Kind::Switched => is_named,
            Kind::Expired => from.customer.is_none() || to.guest.is_none(),
            Kind::Logout => true,
            _ => false,
        };
        let excuses = [self.distrusts(), (self.robbed_wrote, Excuse::LockTaken)];
        self.require_unless(holds, &excuses, 1, || {
            format!(
                "tab {}: the session id changes from {:?} to {:?} at {:?}",
                step.tab,
                session_of(from),
                session_of(to),
                to.began
            )
        });
        let begins = matches!(
            to.began,
            Kind::Login | Kind::Switched | Kind::Logout | Kind::Expired
        );
        let holds = step.is_same_epoch() || begins;
        self.require_unless(holds, &[self.distrusts()], 1, || {
            format!("tab {}: an epoch began with {:?}", step.tab, to.began)
        });
    }

    /// A page begins where its events have led.
    pub(super) fn check_beginning(&mut self, tab: Owner, snapshot: &Snapshot) {
        let last = self.tabs[tab].snapshot.clone();
        let holds = last.as_ref().is_none_or(|last| last == snapshot);
        self.require(holds, 1, || {
            format!("tab {tab} begins with {snapshot:?} after {last:?}")
        });
    }

    /// Each event follows on the last one.
    pub(super) fn check_event_chain(&mut self, tab: Owner, event: &Event) {
        let last = self.tabs[tab].snapshot.clone();
        let holds = last.as_ref().is_none_or(|last| *last == event.previous);
        self.require(holds, 1, || {
            format!(
                "tab {tab}: {:?} does not follow on the last event:\n{last:?}\n{:?}",
                event.kind, event.previous
            )
        });
    }
}
