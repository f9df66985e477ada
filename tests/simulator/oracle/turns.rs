//! Law 3: one token call at a time, and none with a token in whose place another was stored.

use super::wire::Kinds;
use super::{Excuse, Oracle, TokenCall};
use double::Owner;
use double::{LockManager, Locks};
use storefront_session::http::Request;

/// How long a request may be under way before others need not wait for it any more.
pub(super) const UNANSWERED: u64 = 60_000;

impl Oracle {
    /// A token request is sent.
    pub(super) fn check_turn(
        &mut self,
        tab: Owner,
        request: &Request,
        call: TokenCall,
        locks: &LockManager,
    ) {
        let now = call.sent;
        let (mut waited_for, mut given_up, mut taken) = (0, 0, 0);
        for (other, page) in self.tabs.iter().enumerate().filter(|(_, it)| it.alive) {
            // A host whose lease was taken stores nothing of what it has asked for, and is not waited for.
            let is_taken = self.is_served && (locks.is_robbed(tab) || locks.is_robbed(other));
            let sent = page.token_calls.iter().map(|it| it.sent);
            let (late, sent): (Vec<u64>, Vec<u64>) =
                sent.partition(|sent| now - sent >= UNANSWERED);
            given_up += late.len();
            match is_taken {
                true => taken += sent.len(),
                false => waited_for += sent.len(),
            }
        }
        self.tabs[tab].token_calls.push(call);
        if self.locks != Locks::Granted && (waited_for > 0 || locks.is_another_at_work(tab)) {
            // Two tabs' own timers may meet: without locks that is not promised to end well.
            self.overlapped = Some(Excuse::Overlap);
        }
        if waited_for > 0 && locks.is_anybody_robbed() && !self.is_served {
            self.overlapped = Some(Excuse::LockTaken);
        }
        self.require(waited_for == 0, 3, || {
            format!("tab {tab} sends {request:?} while another token request is under way")
        });
        self.require_unless(taken == 0, &[(true, Excuse::LockTaken)], 3, String::new);
        // Who is not answered for a minute gives the lock back, and goes on waiting.
        self.require_unless(given_up == 0, &[(true, Excuse::Unanswered)], 3, String::new);
    }

    /// The token that a request consumes is the latest.
    pub(super) fn check_stale(&mut self, tab: Owner, request: &Request, kind: &Kinds) {
        let (Kinds::Guest(Some(token)) | Kinds::Customer { token, .. }) = kind else {
            return;
        };
        let replaced = self.replaced.get(token).copied();
        let excuse = replaced.flatten().unwrap_or(Excuse::BroughtBack);
        let is_excused = replaced.flatten().is_some() || self.brought.contains(token);
        self.require_unless(replaced.is_none(), &[(is_excused, excuse)], 3, || {
            format!(
                "tab {tab} sends a refresh token in whose place another was stored: {request:?}"
            )
        });
    }
}
