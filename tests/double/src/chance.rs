//! What is left to chance.

use std::cell::Cell;
use storefront_session::session::Millis;

pub trait Chance {
    /// A number below the limit: which of so many comes next.
    fn below(&self, limit: u64) -> u64;

    /// How long something takes that takes at most this.
    fn time(&self, longest: Millis) -> Millis;

    /// Whether something happens that happens so many times of so many.
    fn happens(&self, times: u64, of: u64) -> bool;

    /// What a page draws for itself.
    fn number(&self) -> u32;
}

/// Nothing is: the first comes first, all takes as long as it may, and only what is certain happens.
#[derive(Default)]
pub struct Certain(Cell<u32>);

impl Chance for Certain {
    fn below(&self, _limit: u64) -> u64 {
        0
    }

    fn time(&self, longest: Millis) -> Millis {
        longest
    }

    fn happens(&self, times: u64, of: u64) -> bool {
        times >= of
    }

    fn number(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get().wrapping_mul(0x9e37_79b9)
    }
}
