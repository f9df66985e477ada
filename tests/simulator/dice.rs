//! What is left to chance, drawn from a seed.

use double::Chance;
use fastrand::Rng;
use std::cell::RefCell;
use storefront_session::session::Millis;

pub struct Dice(RefCell<Rng>);

impl Dice {
    pub fn with_seed(seed: u64) -> Self {
        Self(RefCell::new(Rng::with_seed(seed)))
    }
}

impl Chance for Dice {
    fn below(&self, limit: u64) -> u64 {
        self.0.borrow_mut().u64(..limit.max(1))
    }

    fn time(&self, longest: Millis) -> Millis {
        self.below(longest)
    }

    fn happens(&self, times: u64, of: u64) -> bool {
        times > 0 && self.below(of) < times
    }

    fn number(&self) -> u32 {
        self.below(1 << 32) as u32
    }
}
