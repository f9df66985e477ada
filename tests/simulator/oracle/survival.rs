//! Law 6: whatever has happened, whoever comes now gets a token that works.

use super::Excuse;
use crate::world::World;
use double::Owner;

impl World {
    /// Whether tokens live for a second.
    pub(super) fn tokens_end_on_their_way(&self) -> bool {
        let profile = &self.setup.profile;
        let lives = [&profile.anonymous_expires_in, &profile.customer_expires_in];
        lives.iter().any(|it| it.as_given().as_u64() == Some(1))
    }

    /// After all faults have ended: what somebody got who wanted a token, and how often he had to ask.
    pub fn check_probe(&self, tab: Owner, outcome: Option<Result<(), String>>, asked: usize) {
        let hides_errors = !self.setup.profile.cors_on_errors;
        let mut oracle = self.oracle.borrow_mut();
        let excuses = [
            (self.tokens_end_on_their_way(), Excuse::BriefLife),
            (hides_errors, Excuse::HiddenErrors),
        ];
        let is_well = outcome == Some(Ok(()));
        oracle.require_unless(is_well, &excuses, 6, || {
            format!("all is well again, and tab {tab} gets no token that works: {outcome:?}")
        });
        let excuses = [(true, Excuse::AskedAgain)];
        oracle.require_unless(asked <= 1 || !is_well, &excuses, 6, String::new);
    }
}
