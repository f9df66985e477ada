//! Calls of methods: begun, ended, and the tokens that they hand out.

use super::Running;
use crate::world::World;
use double::{Owner, PATIENCE};
use storefront_session::session::{AccessToken, Code};

/// A call of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    Login,
    Adopt,
    Switch(Option<String>),
    Refresh,
    Logout,
    Other,
}

impl Call {
    /// Whether only a visitor asks for it.
    pub fn is_visitors(&self) -> bool {
        matches!(
            self,
            Self::Login | Self::Adopt | Self::Switch(_) | Self::Logout
        )
    }
}

impl World {
    pub fn begin(&self, tab: Owner, call: Call) -> usize {
        let logouts = self.logouts(tab);
        self.begin_after(tab, call, logouts)
    }

    /// How many logouts have begun in this tab.
    pub fn logouts(&self, tab: Owner) -> usize {
        self.oracle.borrow().tabs[tab].logouts
    }

    /// This call is a logout, which begins now.
    pub fn logs_out(&self, number: usize) {
        let mut oracle = self.oracle.borrow_mut();
        let tab = oracle.calls[number].tab;
        oracle.tabs[tab].logouts += 1;
    }

    /// A call that was asked for after so many logouts, though it begins only now.
    pub fn begin_after(&self, tab: Owner, call: Call, logouts: usize) -> usize {
        let now = self.now();
        let snapshot = self.lifecycle(tab).map(|lifecycle| lifecycle.snapshot());
        let mut oracle = self.oracle.borrow_mut();
        let ends_in = snapshot.map_or(0, |snapshot| {
            let epoch = oracle.epoch_of(&snapshot.identity).unwrap_or(0);
            epoch + u64::from(snapshot.session_id.is_some())
        });
        oracle.calls_begun += 1;
        oracle.tabs[tab].has_reason = true;
        oracle.note(now, || format!("tab {tab} calls {call:?}"));
        oracle.calls.push(Running {
            tab,
            call,
            begun: now,
            since: now,
            logouts,
            ends_in,
            done: false,
        });
        oracle.calls.len() - 1
    }

    /// A call has settled.
    pub fn ended(&self, number: usize, error: Option<(Code, String)>) {
        let now = self.now();
        let left = self.record_left();
        let mut oracle = self.oracle.borrow_mut();
        let (tab, call) = (oracle.calls[number].tab, oracle.calls[number].call.clone());
        oracle.calls[number].done = true;
        oracle.tabs[tab].was_given_up |= now - oracle.calls[number].begun >= PATIENCE;
        oracle.note(now, || format!("tab {tab} {call:?} ends with {error:?}"));
        let outcome = error.as_ref().map_or("ok", |(code, _)| code.as_str());
        let name = match &call {
            Call::Switch(_) => "switch".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        oracle.coverage.note(format!("{name}: {outcome}"));
        if let Some((code, text)) = error {
            oracle.check_error(code, &text);
            oracle.check_words("an error", &text);
        } else if call.is_visitors()
            && let Some(lifecycle) = self.lifecycle(tab)
        {
            let snapshot = lifecycle.snapshot();
            oracle.raise_floor(tab, &snapshot);
            if call == Call::Logout {
                self.check_tombstone(&mut oracle, number, snapshot.durable, left.as_ref());
            }
        }
    }

    /// A token is handed out.
    pub fn handed_out(&self, number: usize, token: &AccessToken) {
        let (tab, begun) = {
            let oracle = self.oracle.borrow();
            (oracle.calls[number].tab, oracle.calls[number].begun)
        };
        let Some(lifecycle) = self.lifecycle(tab) else {
            return;
        };
        let snapshot = lifecycle.snapshot();
        crate::light::note("handed out", self.now(), token.expose());
        let Some(facts) = self.facts(token.expose()) else {
            let mut oracle = self.oracle.borrow_mut();
            return oracle.broken(4, || "a token that the platform never issued".into());
        };
        let mut oracle = self.oracle.borrow_mut();
        oracle.check_company_of(tab, &snapshot, &facts, &self.setup.profile);
        oracle.check_bearer(tab, &snapshot, &facts);
        oracle.check_stored_before_use(tab, &snapshot, token);
        self.check_epoch(&mut oracle, tab, begun, &snapshot, token);
    }
}
