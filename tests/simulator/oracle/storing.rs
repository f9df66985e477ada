//! Law 5: stored before it is used.

use super::{Excuse, Oracle};
use double::Owner;
use storefront_session::session::{AccessToken, Snapshot};

impl Oracle {
    pub(super) fn wrote_nonsense(&mut self, tab: Owner, text: &str) {
        let length = text.len();
        self.broken(5, || {
            format!("tab {tab} writes what nobody can read: {length} bytes")
        });
    }

    /// A token is handed out.
    pub(super) fn check_stored_before_use(
        &mut self,
        tab: Owner,
        snapshot: &Snapshot,
        token: &AccessToken,
    ) {
        let known = self.tokens.get(token.expose());
        // A page lives on in memory where storage does not serve; of a host nobody has what is not stored.
        let may_be_tried = !self.is_served;
        let was_tried =
            known.is_some_and(|known| known.stored || (may_be_tried && known.refused_by_storage));
        let excuses = [
            (may_be_tried && !snapshot.durable, Excuse::InMemory),
            self.distrusts(),
            (self.storage.is_some(), Excuse::Distrust),
        ];
        self.require_unless(was_tried, &excuses, 5, || {
            format!("tab {tab} hands out a token that was not stored")
        });
    }

    /// A page is shown an identity: somebody has written it, or announced it at least.
    pub(super) fn check_shown(&mut self, tab: Owner, snapshot: &Snapshot) {
        let is_known = self.epoch_of(&snapshot.identity).is_some();
        self.require(is_known, 5, || {
            format!("tab {tab} shows {snapshot:?}, which was never written")
        });
    }
}
