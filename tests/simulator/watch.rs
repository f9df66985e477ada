//! The oracle is told what happens in the browser.

use crate::oracle::{Excuse, decode};
use crate::world::World;
use double::{Observer, Owner, Way};
use sandbox::Answer;
use storefront_session::http::{Request, Response, Unanswered};
use storefront_session::session::{Event, Snapshot};

impl Observer for World {
    fn met(&self, what: &'static str) {
        self.oracle.borrow_mut().coverage.note(what);
    }

    fn opened(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_opened(tab);
    }

    fn began(&self, tab: Owner, snapshot: Snapshot) {
        self.oracle.borrow_mut().began(tab, snapshot);
    }

    fn heard(&self, tab: Owner, event: &Event) {
        self.oracle.borrow_mut().heard(tab, event);
    }

    fn shown(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_shown(tab, self.now());
    }

    fn woken(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_woken(tab);
    }

    fn visited(&self, tab: Owner) {
        let world = self.me.upgrade();
        world.into_iter().for_each(|it| it.ask_for_token(tab));
    }

    fn froze(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_froze(tab);
    }

    fn thawed(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_thawed(tab, self.now());
    }

    fn killed(&self, tab: Owner) {
        self.oracle.borrow_mut().tab_killed(tab);
    }

    fn sent(&self, tab: Owner, request: &Request) {
        Self::sent(self, tab, request);
    }

    fn way(&self, request: &Request) -> Way {
        self.trouble_for(request)
    }

    fn worked(&self, request: &Request, answer: &Answer) {
        Self::worked(self, request, answer);
    }

    fn answered(
        &self,
        tab: Owner,
        request: &Request,
        sent: u64,
        answer: &Result<Response, Unanswered>,
    ) {
        Self::answered(self, tab, request, sent, answer);
    }

    fn settled(&self, tab: Owner, sent: u64) {
        self.oracle.borrow_mut().settled(tab, sent);
    }

    fn announced(&self, _tab: Owner, text: &str) {
        self.became_known(text);
    }

    fn kept(&self, text: &str) {
        Self::kept(self, text);
    }

    fn handed_over(&self, text: &str) {
        self.became_known(text);
    }

    fn gave_up_writing(&self, text: &str) {
        Self::gave_up_writing(self, text);
    }

    fn wrote_behind(&self, _tab: Owner) {
        self.oracle.borrow_mut().distrust(Excuse::CopyBehind);
    }

    fn wrote(&self, tab: Owner, text: &str, succeeded: bool) {
        Self::wrote(self, tab, text, succeeded);
    }

    fn released(&self, tab: Owner) {
        Self::released(self, tab);
    }

    fn taken(&self, by: Owner, from: Owner) {
        let mut oracle = self.oracle.borrow_mut();
        oracle.came_between(from);
        oracle.note(self.now(), || {
            format!("tab {by} takes the lock from tab {from}")
        });
    }

    fn forgot(&self, former: Option<&str>) {
        let mut oracle = self.oracle.borrow_mut();
        oracle.coverage.note("store forgot the last write");
        oracle.forgotten(self.now(), former.and_then(decode));
    }
}
