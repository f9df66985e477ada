//! What the clocks of the machine show.

use crate::browser::Browser;
use crate::executor::Owner;
use std::cell::Cell;
use storefront_session::session::{Millis, Moment};

#[derive(Default)]
pub struct Clock {
    /// How wrong the wall clock is.
    skew: Cell<i64>,
    /// The time that the pages' own clocks have missed.
    slept: Cell<u64>,
    /// Whether these stand still while the machine sleeps.
    pub stops_asleep: Cell<bool>,
}

impl Browser {
    pub fn now(&self) -> u64 {
        self.executor.now()
    }

    /// Time jumps, and nothing happens meanwhile: the machine was asleep.
    pub fn jump(&self, time: Millis) {
        if self.clock.stops_asleep.get() {
            self.clock.slept.set(self.clock.slept.get() + time);
        }
        self.executor.jump(time);
    }

    /// The machine's wall clock is set wrong by so much.
    pub fn set_clock_wrong(&self, by: i64) {
        self.clock.skew.set(by);
    }

    /// The same for one page alone, as if it were another machine's.
    pub fn set_clock_of_page_wrong(&self, tab: Owner, by: i64) {
        self.with_page(tab, |page| page.skew = by);
    }

    /// What the clocks show in a page.
    pub fn moment(&self, tab: Owner) -> Moment {
        let skew = self.clock.skew.get() + self.with_page(tab, |page| page.skew);
        Moment {
            wall: self.now().saturating_add_signed(skew),
            mono: (self.now() - self.clock.slept.get()) as i64,
        }
    }
}
