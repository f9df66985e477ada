//! What is known of each page, and what its listeners hear.

use super::{Excuse, Oracle, Page};
use double::Owner;
use storefront_session::session::{Event, Snapshot};

impl Oracle {
    pub fn tab_opened(&mut self, tab: Owner) {
        self.tabs.resize_with(tab + 1, Page::default);
        self.tabs[tab].alive = true;
    }

    pub fn began(&mut self, tab: Owner, snapshot: Snapshot) {
        self.check_shown(tab, &snapshot);
        self.check_beginning(tab, &snapshot);
        self.tabs[tab].snapshot = Some(snapshot);
    }

    pub fn tab_killed(&mut self, tab: Owner) {
        self.tabs[tab].alive = false;
        self.came_between(tab);
        if !self.tabs[tab].token_calls.is_empty() {
            self.coverage.note("killed in a token request");
        }
    }

    /// The tab is killed, or loses the lock, and may not have written yet what was granted to it.
    pub fn came_between(&mut self, tab: Owner) {
        let page = &mut self.tabs[tab];
        page.was_robbed = true;
        let owed = page.owes.take().into_iter().chain(page.owes_late.drain(..));
        let lost: Vec<_> = owed.collect();
        for owed in lost {
            if !self.is_kept(&owed) {
                self.renewed.insert(owed.consumed, Some(Excuse::Killed));
            }
        }
    }

    /// It is shown again, or its timer has run out.
    pub fn tab_woken(&mut self, tab: Owner) {
        self.tabs[tab].has_reason = true;
    }

    pub fn tab_froze(&mut self, tab: Owner) {
        if !self.tabs[tab].token_calls.is_empty() {
            self.coverage.note("frozen in a token request");
        }
    }

    /// The tab goes on: those who waited meanwhile are judged by the clock from now on.
    pub fn tab_thawed(&mut self, tab: Owner, now: u64) {
        self.stirred(now);
        for call in self.calls.iter_mut().filter(|call| call.tab == tab) {
            call.since = now;
        }
    }

    /// A prerendered page is shown: only now its calls begin.
    pub fn tab_shown(&mut self, tab: Owner, now: u64) {
        self.stirred(now);
        for call in self.calls.iter_mut().filter(|call| call.tab == tab) {
            call.since = now;
            call.begun = now;
        }
    }

    pub fn clock_moved(&mut self, by: i64) {
        self.clock_was_wrong |= by != 0;
    }

    /// The machine has slept until now.
    pub fn slept(&mut self, now: u64) {
        self.awake_since = now;
        for call in &mut self.calls {
            call.since = now;
        }
    }
}

impl Oracle {
    pub fn heard(&mut self, tab: Owner, event: &Event) {
        self.coverage
            .note(format!("event {:?} {:?}", event.kind, event.origin));
        if let Some(trace) = &mut self.trace {
            let line = format!(
                "tab {tab} event {:?} {:?} {:?}",
                event.kind, event.reason, event.origin
            );
            trace.push(format!("{:>12} {line}", ""));
        }
        self.check_words("an event", &format!("{event:?}"));
        self.check_shown(tab, &event.snapshot);
        self.check_event_chain(tab, event);
        self.check_event_kind(tab, event);
        self.check_login_event(tab, event);
        self.tabs[tab].snapshot = Some(event.snapshot.clone());
    }
}
