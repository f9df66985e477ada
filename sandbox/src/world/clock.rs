//! The platform's time: the host's time plus what a control call has added to it.

use std::time::{Duration, UNIX_EPOCH};

/// 2026-01-01T00:00:00Z, so that a platform whose time nobody sets still writes plausible dates.
const START_MS: u64 = 1_767_225_600_000;

/// A clock that only its owner moves.
#[derive(Debug)]
pub(crate) struct Clock {
    host_ms: u64,
    advanced_ms: u64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            host_ms: START_MS,
            advanced_ms: 0,
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.host_ms.saturating_add(self.advanced_ms)
    }

    pub(crate) fn set_host_time(&mut self, ms: u64) {
        self.host_ms = ms;
    }

    pub(crate) fn advance(&mut self, ms: u64) {
        self.advanced_ms = self.advanced_ms.saturating_add(ms);
    }

    /// Back to the host's own time.
    pub(crate) fn reset(&mut self) {
        self.advanced_ms = 0;
    }
}

/// The last moment that has a date: the year 9999 has four digits, the next one has not.
const LAST_MS: u64 = 253_402_300_799_999;

/// The date format of every Emporix document: `2026-01-01T00:00:00.000Z`.
pub(crate) fn iso(ms: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_millis(ms.min(LAST_MS));
    humantime::format_rfc3339_millis(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(START_MS), "2026-01-01T00:00:00.000Z");
        assert_eq!(iso(1_709_210_096_789), "2024-02-29T12:34:56.789Z");
        assert_eq!(iso(LAST_MS), "9999-12-31T23:59:59.999Z");
        assert_eq!(iso(u64::MAX), iso(LAST_MS));
    }

    #[test]
    fn advancing_adds_to_the_hosts_time() {
        let mut clock = Clock::new();
        clock.advance(500);
        clock.set_host_time(10_000);
        assert_eq!(clock.now(), 10_500);
        clock.reset();
        assert_eq!(clock.now(), 10_000);
    }
}
