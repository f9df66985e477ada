//! Law 3: one token call at a time, and none with a token in whose place another was stored.

use super::wire::Kinds;
use super::{Excuse, Oracle};
use crate::executor::Owner;
use crate::locks::LockManager;
use crate::plan::Locks;
use storefront_session::http::Request;

/// How long a request may be under way before others need not wait for it any more.
pub(super) const UNANSWERED: u64 = 60_000;

impl Oracle {
    /// A token request is sent.
    pub(super) fn check_turn(
        &mut self,
        tab: Owner,
        request: &Request,
        now: u64,
        locks: &LockManager,
    ) {
        let pages = self.tabs.iter().filter(|page| page.alive);
        let others = pages.flat_map(|page| &page.token_calls);
        let (mut waited_for, mut given_up) = (0, 0);
        for sent in others {
            match now - sent < UNANSWERED {
                true => waited_for += 1,
                false => given_up += 1,
            }
        }
        self.tabs[tab].token_calls.push(now);
        if self.locks != Locks::Granted && (waited_for > 0 || locks.is_another_at_work(tab)) {
            // Two tabs' own timers may meet: without locks that is not promised to end well.
            self.overlapped = Some(Excuse::Overlap);
        }
        if waited_for > 0 && locks.is_anybody_robbed() {
            self.overlapped = Some(Excuse::LockTaken);
        }
        self.require(waited_for == 0, 3, || {
            format!("tab {tab} sends {request:?} while another token request is under way")
        });
        // Who is not answered for a minute gives the lock back, and goes on waiting.
        self.require_unless(given_up == 0, &[(true, Excuse::Unanswered)], 3, String::new);
    }

    /// The token that a request consumes is the latest.
    pub(super) fn check_stale(&mut self, tab: Owner, request: &Request, kind: &Kinds) {
        let (Kinds::Guest(Some(token)) | Kinds::Customer { token, .. }) = kind else {
            return;
        };
        let replaced = self.replaced.get(token).copied();
        let excuse = replaced.flatten().map(|excuse| (true, excuse));
        self.require_unless(replaced.is_none(), excuse.as_slice(), 3, || {
            format!(
                "tab {tab} sends a refresh token in whose place another was stored: {request:?}"
            )
        });
    }
}
