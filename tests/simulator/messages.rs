//! Messages between sessions: late, lost, unheard by pages that are left.

use crate::browser::World;
use crate::executor::Owner;
use crate::plan::Area;
use std::rc::Rc;
use storefront_session::session::Millis;

/// The longest time for which a message is on its way.
pub const MESSAGE: Millis = 30;

impl World {
    /// Tells all others of this record.
    pub fn post(self: &Rc<Self>, tab: Owner, text: Rc<str>) {
        self.tabs.borrow_mut()[tab].known = Some(Rc::clone(&text));
        self.send_to_others(tab, move |world, other| {
            world.tabs.borrow_mut()[other].known = Some(Rc::clone(&text));
            world.tell(other, Some(&text));
        });
    }

    /// Where each page has a copy, others may have what this one's does not show.
    pub fn ask(self: &Rc<Self>, tab: Owner) {
        if self.setup.area != Area::Cloned {
            return;
        }
        self.send_to_others(tab, |world, other| {
            let known = world.tabs.borrow()[other].known.clone();
            let copy = world.stored_for(other).ok().flatten().map(Rc::from);
            // Whoever hears one text twice learns nothing.
            let copy = copy.filter(|it| Some(it) != known.as_ref());
            let answers = known.into_iter().chain(copy);
            answers.for_each(|text| world.post_again(other, text));
        });
    }

    fn post_again(self: &Rc<Self>, tab: Owner, text: Rc<str>) {
        self.send_to_others(tab, move |world, other| {
            world.tabs.borrow_mut()[other].known = Some(Rc::clone(&text));
            world.tell(other, Some(&text));
        });
    }

    fn send_to_others(self: &Rc<Self>, tab: Owner, hear: impl Fn(&Rc<Self>, Owner) + 'static) {
        if !self.hears(tab) {
            return;
        }
        let hear = Rc::new(hear);
        let count = self.tabs.borrow().len();
        for other in 0..count {
            let lost = self.executor.chance(self.setup.lost_messages);
            if other == tab || lost || !self.hears(other) {
                continue;
            }
            let (world, hear) = (Rc::clone(self), Rc::clone(&hear));
            let delay = self.executor.draw(MESSAGE);
            self.spawn(other, async move {
                world.executor.sleep(delay).await;
                hear(&world, other);
            });
        }
    }
}
