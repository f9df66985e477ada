//! The fence: revisions that are made known in an order all tabs keep. The lock is no barrier for storage, and who acts on
//! the former record sends a token that is spent.

use super::Lifecycle;
use crate::host::{Fence, Host};
use crate::session::{Millis, Reason};

/// How long a tab waits for storage to show what the last holder of the lock has written: on a busy page the former
/// record was seen for 400 ms.
const CATCH_UP: Millis = 600;

/// What one pause counts for at most: time in which the page stood still was not waited.
const PAUSE: Millis = 100;

/// The bound where the clock stands still.
const CATCH_UP_PAUSES: u32 = 1_000;

impl<H: Host> Lifecycle<H> {
    /// Looks until the last holder's record is seen, in storage or by message. Bounded, for a record that will never be seen.
    pub(super) async fn catch_up(&self, known: Fence) {
        if known.was_spoiled {
            self.replica.borrow_mut().report(Reason::Corrupt);
        }
        self.look().await;
        let published = known.revision.unwrap_or(0);
        let (mut waited, mut pauses) = (0, 0);
        while self.replica.borrow().revision() < published
            && waited < CATCH_UP
            && pauses < CATCH_UP_PAUSES
        {
            let began = self.host.now().mono;
            self.host.pause().await;
            self.look().await;
            waited += self.host.now().mono.abs_diff(began).min(PAUSE);
            pauses += 1;
        }
        // What did not show by now never will: its writer was killed before it wrote, or storage was cleared.
        self.raise_floor(published);
    }

    /// No number up to this one is given to a record again.
    pub(super) fn raise_floor(&self, revision: u64) {
        let mut replica = self.replica.borrow_mut();
        replica.floor = replica.floor.max(revision);
    }

    /// For how long this tab need not look at the record before it hands out a token.
    pub(super) fn until_look(&self) -> Millis {
        self.replica.borrow().until_look(self.host.now())
    }
}
