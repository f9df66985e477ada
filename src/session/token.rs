//! Tokens as they are held: with their time of receipt and the life the platform gave them.

use super::secret::{AccessToken, Fingerprint, RefreshToken};

/// Milliseconds.
pub type Millis = u64;

/// Now, on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970, as the machine believes. It may be wrong and it may jump.
    pub wall: Millis,
    /// Milliseconds since some start of this page's own. It never goes back, but it may stand still while the machine
    /// sleeps, and it means nothing to another page. What was received before this page began has a negative one.
    pub mono: i64,
}

/// A wall clock is set back by this much in ordinary life, and nobody should pay a renewal for it.
const WOBBLE: Millis = 2_000;

/// How much of a token's life is left, as far as this machine can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Good.
    Fresh,
    /// Good still, and worth renewing before it ends.
    Due,
    /// Ended; or of unknown age, because the clock stands before its receipt.
    Expired,
}

/// When a token was received, and for how long it lives from then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// When it was received.
    pub received: Moment,
    /// How long it lives; `None` where the platform did not say, and it is good until refused.
    pub lives: Option<Millis>,
}

impl Life {
    /// A life from the `expires_in` of an answer, in seconds. What is not positive says nothing.
    pub fn from_answer(received: Moment, seconds: Option<i64>) -> Self {
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        Self::of_seconds(received, seconds.filter(|&seconds| seconds > 0))
    }

    /// A life of so many seconds. Ten years are for ever, and a number that JavaScript can hold.
    pub fn of_seconds(received: Moment, seconds: Option<u64>) -> Self {
        const TEN_YEARS: u64 = 10 * 365 * 86_400;
        let lives = seconds.map(|seconds| seconds.min(TEN_YEARS) * 1000);
        Self { received, lives }
    }

    /// A life of which the platform has told the end, by the wall clock; without an end it is good until refused.
    pub fn until(now: Moment, end: Option<Millis>) -> Self {
        Self {
            received: now,
            lives: end.map(|end| end.saturating_sub(now.wall).max(1)),
        }
    }

    /// The life of a token that is not to be handed out, because it is not known yet which company it speaks for.
    pub fn make_unchecked(&mut self) {
        self.lives = Some(0);
    }

    /// Whether the token is not to be handed out. No life that the platform has told is as short.
    pub fn is_unchecked(&self) -> bool {
        self.lives == Some(0)
    }

    /// A life read back from storage: the page's own clock goes on from the age that the wall clock tells.
    pub fn from_record(wall: Millis, lives: Option<Millis>, now: Moment) -> Self {
        let age = i64::try_from(now.wall.saturating_sub(wall)).unwrap_or(i64::MAX);
        let received = Moment {
            wall,
            mono: now.mono.saturating_sub(age),
        };
        Self { received, lives }
    }

    /// Whether this life, which follows the former, ends as much later as it began later. `None` where too little time
    /// lies between them to tell that from the rounding of seconds.
    fn extends(&self, former: &Self) -> Option<bool> {
        const TELLING: Millis = 60_000;
        let later = self.received.wall.checked_sub(former.received.wall)?;
        let moved = self.ends()?.saturating_sub(former.ends()?);
        (later >= TELLING).then_some(moved > later / 2)
    }

    /// When it ends by the wall clock, in milliseconds since 1970.
    pub fn ends(&self) -> Option<Millis> {
        self.lives
            .map(|lives| self.received.wall.saturating_add(lives))
    }

    /// Its age: the greater of what both clocks say; `None` when the wall clock stands before the receipt.
    fn age(&self, now: Moment) -> Option<Millis> {
        let mono = u64::try_from(now.mono.saturating_sub(self.received.mono)).unwrap_or(0);
        let wall = now
            .wall
            .saturating_add(WOBBLE)
            .checked_sub(self.received.wall)?
            .saturating_sub(WOBBLE);
        Some(wall.max(mono))
    }

    /// How fresh it is. Renewal is due a tenth of its life before the end, and never more than a minute before.
    pub fn freshness(&self, now: Moment) -> Freshness {
        let Some(lives) = self.lives else {
            return Freshness::Fresh;
        };
        match self.age(now) {
            Some(age) if age < lives => match self.until_due(now) {
                Some(0) => Freshness::Due,
                _ => Freshness::Fresh,
            },
            _ => Freshness::Expired,
        }
    }

    /// How long until it ends, whatever the wall clock says: where that stands before the receipt, the page's own counts.
    /// Zero when it has ended, `None` when it has no end.
    pub fn until_end(&self, now: Moment) -> Option<Millis> {
        let by_page = || u64::try_from(now.mono.saturating_sub(self.received.mono)).unwrap_or(0);
        let age = self.age(now).unwrap_or_else(by_page);
        Some(self.lives?.saturating_sub(age))
    }

    /// How long until three quarters of it are over; zero when they are, `None` when that cannot be told.
    pub fn until_three_quarters(&self, now: Moment) -> Option<Millis> {
        let lives = self.lives?;
        Some((lives - lives / 4).saturating_sub(self.age(now)?))
    }

    /// How long until renewal is due; zero when it is, `None` when that cannot be told.
    pub fn until_due(&self, now: Moment) -> Option<Millis> {
        let lives = self.lives?;
        Some((lives - (lives / 10).min(60_000)).saturating_sub(self.age(now)?))
    }
}

/// A token and its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<T> {
    /// The token.
    pub token: T,
    /// Its life.
    pub life: Life,
}

impl<T: PartialEq> Held<T> {
    /// Carries over what the page's own clock knows of a token that both are. A renewal may bring the same token once more,
    /// with a new life.
    pub fn keep_clock_of(&mut self, known: &Self) {
        let (mine, theirs) = (&mut self.life.received, &known.life.received);
        if self.token == known.token && mine.wall == theirs.wall {
            mine.mono = theirs.mono;
        }
    }
}

/// An access token and what renews it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// For API calls.
    pub access: Held<AccessToken>,
    /// For the next pair. `None` where the platform gave none, or has refused it.
    pub refresh: Option<Held<RefreshToken>>,
    /// Whether the last renewal moved the refresh token's end. Where the platform counts one end down, renewing early
    /// buys nothing and is not tried again.
    pub extends: bool,
}

impl Pair {
    /// The tokens of a first answer.
    pub fn first(access: Held<AccessToken>, refresh: Option<Held<RefreshToken>>) -> Self {
        Self {
            access,
            refresh,
            extends: true,
        }
    }

    /// Puts the tokens of a renewal in place. One without a refresh token keeps the one that served.
    pub fn renew(&mut self, access: Held<AccessToken>, refresh: Option<Held<RefreshToken>>) {
        self.access = access;
        self.extends = match (&self.refresh, &refresh) {
            (Some(old), Some(new)) => new.life.extends(&old.life).unwrap_or(self.extends),
            _ => false,
        };
        if refresh.is_some() {
            self.refresh = refresh;
        }
    }

    /// Carries over what the page's own clock knows of tokens that both pairs hold.
    pub fn keep_clock_of(&mut self, known: &Self) {
        self.access.keep_clock_of(&known.access);
        if let (Some(mine), Some(known)) = (&mut self.refresh, &known.refresh) {
            mine.keep_clock_of(known);
        }
    }

    /// Stands for the refresh token.
    pub fn refresh_fingerprint(&self) -> Option<Fingerprint> {
        Some(self.refresh.as_ref()?.token.fingerprint())
    }

    /// How fresh the access token is.
    pub fn freshness(&self, now: Moment) -> Freshness {
        self.access.life.freshness(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn at(wall: u64, mono: i64) -> Moment {
        Moment { wall, mono }
    }

    fn hour() -> Life {
        Life::from_answer(at(HOUR, 0), Some(3600))
    }

    #[test]
    fn a_token_is_due_a_minute_before_its_end() {
        assert_eq!(hour().freshness(at(HOUR, 0)), Freshness::Fresh);
        assert_eq!(hour().freshness(at(2 * HOUR - 60_001, 0)), Freshness::Fresh);
        assert_eq!(hour().freshness(at(2 * HOUR - 60_000, 0)), Freshness::Due);
        assert_eq!(hour().freshness(at(2 * HOUR, 0)), Freshness::Expired);
    }

    #[test]
    fn a_short_life_is_due_at_nine_tenths() {
        let life = Life::from_answer(at(0, 0), Some(10));
        assert_eq!(life.freshness(at(8_999, 0)), Freshness::Fresh);
        assert_eq!(life.freshness(at(9_000, 0)), Freshness::Due);
        assert_eq!(life.until_due(at(8_000, 0)), Some(1_000));
    }

    #[test]
    fn it_is_expired_when_either_clock_says_so() {
        assert_eq!(hour().freshness(at(2 * HOUR, 0)), Freshness::Expired);
        assert_eq!(hour().freshness(at(HOUR, HOUR as i64)), Freshness::Expired);
    }

    #[test]
    fn a_clock_before_the_receipt_tells_nothing() {
        assert_eq!(hour().freshness(at(HOUR - 2_001, 0)), Freshness::Expired);
        assert_eq!(hour().freshness(at(HOUR - 2_000, 0)), Freshness::Fresh);
        assert_eq!(hour().until_due(at(0, 0)), None);
    }

    #[test]
    fn absurd_lifetimes_are_tamed() {
        for seconds in [None, Some(0), Some(-1), Some(i64::MIN)] {
            assert_eq!(Life::from_answer(at(0, 0), seconds).lives, None);
        }
        let longest = Life::from_answer(at(0, 0), Some(i64::MAX)).lives.unwrap();
        assert_eq!(longest, 315_360_000_000);
    }

    #[test]
    fn only_an_end_that_moved_on_with_the_renewal_is_extended() {
        const DAY: i64 = 86_400;
        let former = Life::from_answer(at(HOUR, 0), Some(DAY));
        let after = |time: u64, seconds| {
            let life = Life::from_answer(at(HOUR + time, 0), Some(seconds));
            life.extends(&former)
        };
        assert_eq!(after(HOUR, DAY), Some(true));
        assert_eq!(after(HOUR, DAY - 3600), Some(false));
        // Counted down, and rounded up.
        assert_eq!(after(HOUR, DAY - 3599), Some(false));
        assert_eq!(after(60_000, DAY), Some(true));
        assert_eq!(after(59_999, DAY), None);
    }

    #[test]
    fn a_token_of_which_the_platform_has_told_the_end_is_not_unchecked() {
        assert!(!hour().is_unchecked());
        for end in [None, Some(2 * HOUR), Some(HOUR), Some(0)] {
            assert!(!Life::until(at(HOUR, 0), end).is_unchecked(), "{end:?}");
        }
        let mut life = hour();
        life.make_unchecked();
        assert!(life.is_unchecked());
        assert_eq!(life.freshness(at(HOUR, 0)), Freshness::Expired);
    }

    #[test]
    fn a_token_that_is_read_again_keeps_its_clock_and_another_has_its_own() {
        let pair = |access: &str, refresh: &str, wall, mono| {
            let life = Life::from_answer(at(wall, mono), Some(3600));
            let access = AccessToken::new(access.into()).map(|token| Held { token, life });
            let refresh = RefreshToken::new(refresh.into()).map(|token| Held { token, life });
            Pair::first(access.unwrap(), refresh)
        };
        let known = pair("access", "refresh", HOUR, 7);
        for (access, refresh, wall, clocks) in [
            ("access", "refresh", HOUR, (7, 7)),
            ("access", "other", HOUR, (7, 9)),
            ("other", "refresh", HOUR, (9, 7)),
            // Given once more, by a renewal.
            ("access", "refresh", HOUR + 1, (9, 9)),
        ] {
            let mut read = pair(access, refresh, wall, 9);
            read.keep_clock_of(&known);
            let refresh = read.refresh.unwrap().life;
            let access = read.access.life;
            assert_eq!((access.received.mono, refresh.received.mono), clocks);
        }
    }

    #[test]
    fn a_page_that_loads_a_record_goes_on_from_its_age() {
        let life = Life::from_record(HOUR, Some(HOUR), at(HOUR + HOUR / 2, 10));
        // The wall clock is set back now, and the page's own clock still knows.
        assert_eq!(
            life.freshness(at(HOUR, 10 + HOUR as i64 / 2)),
            Freshness::Expired
        );
        assert_eq!(life.freshness(at(HOUR, 10)), Freshness::Fresh);
    }
}
