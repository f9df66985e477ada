//! Messages between sessions: late, lost, unheard by pages that are left.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::storage::Area;
use std::cell::Cell;
use std::rc::Rc;
use storefront_session::session::Millis;

#[derive(Default)]
pub struct Channel {
    /// The longest time for which a message is on its way.
    pub takes: Cell<Millis>,
    /// How many of a hundred are lost.
    pub lost: Cell<u64>,
}

impl Browser {
    /// Tells all others of this record.
    pub(crate) fn post(self: &Rc<Self>, tab: Owner, text: Rc<str>) {
        self.sessions.borrow_mut()[tab].known = Some(Rc::clone(&text));
        self.send_to_others(tab, move |browser, other| {
            browser.sessions.borrow_mut()[other].known = Some(Rc::clone(&text));
            browser.let_hear(other, Some(&text));
        });
    }

    /// Where each page has a copy, others may have what this one's does not show, or lack what this one's does.
    pub(crate) fn ask(self: &Rc<Self>, tab: Owner) {
        if self.storage.area.get() != Area::Cloned {
            return;
        }
        self.answer(tab);
        self.send_to_others(tab, |browser, other| browser.answer(other));
    }

    fn answer(self: &Rc<Self>, tab: Owner) {
        let known = self.sessions.borrow()[tab].known.clone();
        let copy = self.stored_for(tab).ok().flatten().map(Rc::from);
        // Whoever hears one text twice learns nothing.
        let copy = copy.filter(|it| Some(it) != known.as_ref());
        let texts = known.into_iter().chain(copy);
        texts.for_each(|text| self.post_again(tab, text));
    }

    fn post_again(self: &Rc<Self>, tab: Owner, text: Rc<str>) {
        self.send_to_others(tab, move |browser, other| {
            browser.sessions.borrow_mut()[other].known = Some(Rc::clone(&text));
            browser.let_hear(other, Some(&text));
        });
    }

    fn send_to_others(self: &Rc<Self>, tab: Owner, hear: impl Fn(&Rc<Self>, Owner) + 'static) {
        if !self.hears(tab) {
            return;
        }
        let hear = Rc::new(hear);
        let key = self.key_of(tab);
        let count = self.sessions.borrow().len();
        for other in 0..count {
            let lost = self.executor.chance.happens(self.channel.lost.get(), 100);
            if other == tab || lost || self.key_of(other) != key || !self.hears(other) {
                continue;
            }
            let (browser, hear) = (Rc::clone(self), Rc::clone(&hear));
            let delay = self.executor.chance.time(self.channel.takes.get());
            self.spawn(other, async move {
                browser.executor.sleep(delay).await;
                hear(&browser, other);
            });
        }
    }
}
