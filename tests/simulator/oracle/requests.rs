//! What is sent, what comes of it, and what is heard.

use super::wire::{Kinds, access_token_of};
use super::{Excuse, Oracle, TokenCall, access_of, turns};
use crate::act::Trouble;
use crate::world::World;
use double::Owner;
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::Record;

impl World {
    /// A tab sends.
    pub fn sent(&self, tab: Owner, request: &Request) {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(now, || format!("tab {tab} sends {request:?}"));
        let Some(kind) = Kinds::of(request) else {
            return;
        };
        let access = access_of(oracle.asked_with(&kind)).map(str::to_owned);
        oracle.tabs[tab]
            .asked_with
            .extend(access.map(|it| (now, it)));
        oracle.check_storm(now);
        oracle.check_reason(tab);
        oracle.check_somebody_waits(tab);
        let call = TokenCall {
            sent: now,
            consumes: kind.consumes().map(str::to_owned),
            may_renew: self.is_live(kind.consumes()),
        };
        oracle.check_turn(tab, request, call, &self.locks);
        oracle.check_stale(tab, request, &kind);
        oracle.check_company_sent(tab, &kind);
        oracle.check_login_sent(tab, request, &kind);
    }

    /// Whether nobody is about to replace the tokens that are stored.
    pub fn is_quiet(&self) -> bool {
        let oracle = self.oracle.borrow();
        let is_pending = |record: &Record| record.pending.is_some();
        self.locks.at_work().is_none()
            && !oracle.stored.as_ref().is_some_and(is_pending)
            && oracle.tabs.iter().all(|page| page.token_calls.is_empty())
    }

    /// How many token requests of this tab are not answered yet.
    pub fn under_way(&self, tab: Owner) -> usize {
        self.oracle.borrow().tabs[tab].token_calls.len()
    }

    /// The platform has answered, and its answer is on its way.
    pub fn worked(&self, request: &Request, answer: &sandbox::Answer) {
        if let Some(Kinds::Guest(Some(token)) | Kinds::Customer { token, .. }) = Kinds::of(request)
            && answer.status < 300
        {
            let mut oracle = self.oracle.borrow_mut();
            let lost = Some(Excuse::AnswerLost);
            oracle.renewed.entry(token).or_insert(lost);
        }
    }

    /// An answer reaches the tab.
    pub fn answered(
        &self,
        tab: Owner,
        request: &Request,
        sent: u64,
        answer: &Result<Response, Unanswered>,
    ) {
        let now = self.now();
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(now, || format!("tab {tab} hears {answer:?} to {request:?}"));
        let Ok(answer) = answer else { return };
        let Some(kind) = Kinds::of(request) else {
            return;
        };
        match &kind {
            Kinds::Guest(_) => oracle.tabs[tab].guest_granted = access_token_of(&answer.body),
            Kinds::Customer { .. } if answer.status == 401 => {
                self.note_misled(&mut oracle, tab, request);
            }
            _ => {}
        }
        if let Kinds::Guest(Some(token)) | Kinds::Customer { token, .. } = &kind
            && answer.is_ok()
            && let Some(access) = access_token_of(&answer.body)
        {
            let is_trusted = oracle.distrusted.is_none() && oracle.storage.is_none();
            // Another host has the lease that this one asked under: it cannot store what it hears.
            let is_taken = oracle.is_served && self.locks.is_robbed(tab);
            // It knows of a logout that is not stored yet.
            let known = self
                .lifecycle(tab)
                .and_then(|it| oracle.epoch_of(&it.snapshot().identity));
            let is_over = known > oracle.stored.as_ref().map(|record| record.epoch);
            let times = (sent, now - sent);
            let is_owed = !is_taken && !is_over && oracle.note_owed(tab, &kind, access, times);
            let excuse = match is_trusted {
                false => Some(oracle.distrusts().1),
                true if is_taken => Some(Excuse::LockTaken),
                // The lock was given back, and another tab may have sent the token too.
                true if now - sent >= turns::UNANSWERED => Some(Excuse::Unanswered),
                // The record has gone on without it. Who has not seen that may still hold the former one.
                true => (!is_owed).then_some(Excuse::LogoutUnseen),
            };
            oracle.renewed.insert(token.clone(), excuse);
        }
    }
}

impl Oracle {
    /// Something goes wrong with a request.
    pub fn trouble(&mut self, trouble: Trouble) {
        self.coverage.note(match trouble {
            Trouble::Drop => "request dropped",
            Trouble::LostAnswer => "answer lost",
            Trouble::Slow(_) => "answer slow",
            Trouble::Status(..) => "fault status",
            Trouble::Garbage => "garbage",
            Trouble::Gate(..) => "refused by a gate",
        });
    }

    /// A token request of this tab has come to its end.
    pub fn settled(&mut self, tab: Owner, sent: u64) {
        let calls = &mut self.tabs[tab].token_calls;
        if let Some(position) = calls.iter().position(|it| it.sent == sent) {
            calls.remove(position);
        }
    }
}
