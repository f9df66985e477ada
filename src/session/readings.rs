//! What has been learned of this platform, where its documentation contradicts itself or is silent.

use super::token::{Millis, Moment};

/// Which bearer a customer's refresh is made with. The documentation says both (docs/platform.md §10, row 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// The guest's access token.
    Anonymous,
    /// The customer's own access token.
    Customer,
}

/// What a refresh without a company does to the chosen one. The documentation is silent (docs/platform.md §10, row 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omission {
    /// It returns to B2C.
    Clears,
    /// The company stays.
    Keeps,
}

/// What has been learned of this platform. Where one of them does not hold any more, the bearer shows by itself; the
/// omission does not, so it is learned anew after a day and after a login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// The bearer that a customer's refresh was accepted with.
    pub refresh_bearer: Option<Bearer>,
    /// What an omitted company was seen to do, and when, by the wall clock.
    pub omission: Option<(Omission, Millis)>,
}

impl Readings {
    /// What an omitted company does, where that was seen within the last day.
    pub fn omission(&self, now: Moment) -> Option<Omission> {
        const DAY: Millis = 86_400_000;
        let (omission, learned) = self.omission?;
        (now.wall.abs_diff(learned) < DAY).then_some(omission)
    }
}
