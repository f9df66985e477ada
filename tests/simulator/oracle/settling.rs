//! Law 7: nothing hangs, nothing loops; and law 10: nothing is renewed that nobody needs.

use super::Oracle;
use crate::world::World;
use double::Owner;
use storefront_session::session::Code;

/// What a method may take at most before it settles: each wait in it is bounded by the callers' patience.
const LIMIT: u64 = 90_000;

/// The time in which token requests are counted.
const STORM: u64 = 20_000;

impl Oracle {
    /// A token request is sent: nobody pays for a page that has been opened, and nothing more.
    pub(super) fn check_reason(&mut self, tab: Owner) {
        let has_reason = self.tabs[tab].has_reason;
        self.require(has_reason, 10, || {
            format!("tab {tab} sends a token request, and was only opened")
        });
    }

    /// A token request is sent: on a host nothing begins behind the answer.
    pub(super) fn check_somebody_waits(&mut self, tab: Owner) {
        let mut calls = self.calls.iter();
        let waits = calls.any(|call| call.tab == tab && !call.done);
        let goes_on = self.tabs[tab].was_given_up;
        self.require(!self.is_served || waits || goes_on, 10, || {
            format!("host {tab} sends a token request, and nobody waits for it")
        });
    }

    /// A token request is sent.
    pub(super) fn check_storm(&mut self, now: u64) {
        self.recent.retain(|(at, _)| now - at < STORM);
        let begun = self.calls_begun;
        self.recent.push((now, begun));
        // Every call may renew once and try again once, with a few bearers at most; beyond that there are the timers.
        let waiting = self.calls.iter().filter(|call| !call.done).count() as u64;
        let calls = waiting + self.recent.first().map_or(0, |(_, then)| begun - then);
        let (sent, most) = (self.recent.len() as u64, 12 * (calls + 4));
        self.require(sent <= most, 7, || {
            format!("{sent} token requests within 20 s, for {calls} calls: a storm")
        });
    }

    pub(super) fn check_error(&mut self, code: Code, text: &str) {
        self.require(code != Code::Internal, 7, || {
            format!("internal error: {text}")
        });
    }
}

impl World {
    /// A page that stands still settles nothing; once it goes on, its time begins anew.
    pub(super) fn check_settled(&self) {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        let late = oracle.calls.iter().find(|call| {
            !call.done
                && oracle.tabs[call.tab].alive
                && !self.executor.is_frozen(call.tab)
                && !self.is_prerendering(call.tab)
                && now.saturating_sub(call.since) > LIMIT
        });
        let late = late.map(|call| (call.tab, call.call.clone()));
        if let Some((tab, call)) = late {
            oracle.broken(7, || format!("tab {tab}: {call:?} has not settled"));
        }
    }
}
