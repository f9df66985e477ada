//! The platform's time: the host's time plus what a control call has added to it.

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

/// The date format of every Emporix document: `2026-01-01T00:00:00.000Z`.
pub(crate) fn iso(ms: u64) -> String {
    let (days, of_day) = (ms / 86_400_000, ms % 86_400_000);
    let (year, month, day) = civil(days);
    let (hours, minutes, seconds) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z",
        of_day % 1000
    )
}

/// Howard Hinnant's `civil_from_days` for days since 1970: years begin in March, so that the leap day comes last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(START_MS), "2026-01-01T00:00:00.000Z");
        assert_eq!(iso(1_709_210_096_789), "2024-02-29T12:34:56.789Z");
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
