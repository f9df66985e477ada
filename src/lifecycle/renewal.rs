//! A token that is good, for one caller or a thousand: when it is renewed, and that it is renewed once.

use super::{Flight, Lifecycle, Purpose, Work};
use crate::host::Host;
use crate::session::secret::Fingerprint;
use crate::session::{
    AccessToken, Freshness, Millis, Moment, Reason, Record, Result, SessionError,
};

/// Why a renewal is wanted, and thereby when somebody else's will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// There must be a token that has not expired.
    Good,
    /// The tokens near their end.
    Ahead,
    /// There must be another token than this one, which the platform refused.
    NotRefused(Fingerprint),
    /// Somebody asked for another token than this one.
    Another(Option<Fingerprint>),
}

impl Need {
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Good => Reason::Needed,
            Self::Ahead => Reason::Due,
            Self::NotRefused(_) => Reason::Refused,
            Self::Another(_) => Reason::Requested,
        }
    }

    /// Whether the access token still serves if it cannot be renewed.
    pub(super) fn spares(self, pair_freshness: Freshness) -> bool {
        match self {
            Self::Good | Self::NotRefused(_) => false,
            Self::Ahead | Self::Another(_) => pair_freshness != Freshness::Expired,
        }
    }
}

/// How many renewals somebody waits for who finds that others wanted something else.
const JOINED: usize = 3;

/// Renewals that failed, and when the next may be tried.
#[derive(Default)]
pub(super) struct Cooldown {
    failures: u32,
    until: i64,
    error: Option<SessionError>,
}

impl Cooldown {
    /// The failure that is still in force, with the time it has left.
    fn in_force(&self, now: Moment) -> Option<SessionError> {
        let error = self.error.as_ref()?;
        let left = u64::try_from(self.until.saturating_sub(now.mono)).ok()?;
        (left > 0).then(|| error.clone().with_retry_after(Some(left)))
    }

    fn failed(&mut self, error: &SessionError, now: Moment, random: u32) {
        const CAP: Millis = 60_000;
        // Full jitter: anywhere between nothing and twice as much as the last time.
        let most = (1_000_u64 << self.failures.min(6)).min(CAP);
        let jitter = most * u64::from(random >> 16) / 0xffff;
        let wait = error.retry_after.unwrap_or(0).min(10 * CAP).max(jitter);
        self.failures = self.failures.saturating_add(1);
        self.until = now.mono.saturating_add(i64::try_from(wait).unwrap_or(0));
        self.error = Some(error.clone());
    }
}

/// What a caller can have without waiting.
enum AtHand {
    Good(AccessToken),
    Aging(AccessToken),
    Nothing,
}

impl<H: Host> Lifecycle<H> {
    /// A token that is good. Renews or starts the session where there is none, and waits for that.
    pub async fn access_token(&self) -> Result<AccessToken> {
        self.token_for(Purpose::Call).await
    }

    /// The same, for a purpose that may be refused before anything is asked for: see [`saas_for`](Self::saas_for), which tells
    /// afterwards what goes with the token.
    pub async fn token_for(&self, purpose: Purpose) -> Result<AccessToken> {
        self.look_now_and_then().await;
        self.deliver();
        self.saas_for(purpose)?;
        match self.at_hand() {
            AtHand::Good(token) => Ok(token),
            AtHand::Aging(_) if self.host.is_served() => {
                // Where it cannot be renewed it still serves.
                let _renewed = self.renewed(Need::Ahead).await;
                self.present_token()
            }
            AtHand::Aging(token) => {
                self.renew_detached();
                Ok(token)
            }
            AtHand::Nothing => {
                self.renewed(Need::Good).await?;
                self.present_token()
            }
        }
    }

    /// For how long callers may go on with this token without asking again.
    pub fn lease(&self, token: &str) -> Millis {
        let replica = self.replica.borrow();
        let pair = replica.record.pair();
        let present = pair.filter(|pair| pair.access.token.expose() == token);
        present.map_or(0, |pair| {
            let until_due = pair.access.life.until_due(self.host.now());
            let until_look = self.until_look();
            until_due.map_or(until_look, |due| due.min(until_look))
        })
    }

    /// The token that speaks for the visitor, however fresh it is.
    ///
    /// # Errors
    /// `timeout` where a switch is to be verified first.
    pub(super) fn present_token(&self) -> Result<AccessToken> {
        let replica = self.replica.borrow();
        match replica.record.pair() {
            None => Err(SessionError::overtaken()),
            Some(pair) if pair.access.life.is_unchecked() => Err(SessionError::late()),
            Some(pair) => Ok(pair.access.token.clone()),
        }
    }

    pub(super) fn present_fingerprint(&self) -> Option<Fingerprint> {
        let replica = self.replica.borrow();
        replica
            .record
            .pair()
            .map(|pair| pair.access.token.fingerprint())
    }

    fn at_hand(&self) -> AtHand {
        let now = self.host.now();
        let replica = self.replica.borrow();
        let Some(pair) = replica.record.pair() else {
            return AtHand::Nothing;
        };
        let token = pair.access.token.clone();
        match pair.freshness(now) {
            Freshness::Expired => AtHand::Nothing,
            _ if is_due(&replica.record, now) => AtHand::Aging(token),
            Freshness::Due | Freshness::Fresh => AtHand::Good(token),
        }
    }

    /// Waits until the need is met: by a renewal of ours, or by one that is under way.
    pub(super) async fn renewed(&self, need: Need) -> Result<()> {
        for _ in 0..JOINED {
            let is_ours = self.under_way().is_none();
            let flight = self.renewal_for(need);
            self.wait_for(flight).await?;
            if is_ours || self.is_met(need) {
                break;
            }
        }
        Ok(())
    }

    /// Renews while nobody waits; unless it failed a moment ago.
    pub(super) fn renew_detached(&self) {
        let cooling = self.cooldown.borrow().in_force(self.host.now()).is_some();
        if !cooling {
            self.renewal_for(Need::Ahead);
        }
    }

    fn under_way(&self) -> Option<Flight> {
        let last = self.renewal.borrow().clone();
        last.filter(|flight| !flight.is_complete())
    }

    /// The renewal under way, or a new one.
    fn renewal_for(&self, need: Need) -> Flight {
        if let Some(flight) = self.under_way() {
            return flight;
        }
        let flight = match self.cooling_down(need) {
            Some(error) => Flight::failed(error),
            None => self.run_locked(Work::Renewal(need)),
        };
        self.renewal.replace(Some(flight.clone()));
        flight
    }

    fn cooling_down(&self, need: Need) -> Option<SessionError> {
        let cooldown = self.cooldown.borrow();
        // Who presses a button is not made to wait for our own backoff, only for what the platform asked for.
        let asked = cooldown.error.as_ref().and_then(|error| error.retry_after);
        match (need, asked) {
            (Need::Another(_), None | Some(0)) => None,
            _ => cooldown.in_force(self.host.now()),
        }
    }

    pub(super) fn learn_from(&self, outcome: &Result<()>) {
        let mut cooldown = self.cooldown.borrow_mut();
        match outcome {
            Err(error) if error.retryable => {
                cooldown.failed(error, self.host.now(), self.host.random());
            }
            _ => *cooldown = Cooldown::default(),
        }
    }

    /// Whether the record, as it is now, meets the need: another caller or another tab may have seen to it.
    pub(super) fn is_met(&self, need: Need) -> bool {
        let now = self.host.now();
        let replica = self.replica.borrow();
        let pair = replica.record.pair();
        let is_other =
            |than| pair.is_some_and(|pair| Some(pair.access.token.fingerprint()) != than);
        match need {
            Need::Good => pair.is_some_and(|pair| pair.freshness(now) != Freshness::Expired),
            Need::Ahead => !is_due(&replica.record, now),
            Need::NotRefused(refused) => is_other(Some(refused)),
            Need::Another(than) => is_other(than),
        }
    }

    /// Whether a signed-in customer's refresh token should be renewed, though nobody asks for anything.
    pub(super) fn is_renewal_due(&self) -> bool {
        let replica = self.replica.borrow();
        until_refresh_due(&replica.record, self.host.now()) == Some(0)
    }

    /// A customer's tab keeps the refresh token alive by itself, and tells when the saas token ends; all else waits until somebody
    /// asks.
    pub(super) fn plan_wake(&self, saas_ends: Option<Millis>) {
        /// Tokens that live shorter than this cannot be kept alive without a storm.
        const LEAST: Millis = 30_000;
        if self.closed.get() {
            return;
        }
        let due = until_refresh_due(&self.replica.borrow().record, self.host.now());
        // Tabs opened together should not all come for the lock at one instant.
        let jitter = u64::from(self.host.random() >> 20);
        let due = due.map(|due| due.max(LEAST).saturating_add(jitter));
        self.host.wake_after(match (due, saas_ends) {
            (Some(due), Some(saas)) => Some(due.min(saas)),
            _ => due.or(saas_ends),
        });
    }
}

/// Whether the tokens should be renewed when somebody asks for one, though they are good still. A refresh token whose
/// last answer was lost may be spent: as long as the access token serves it is not sent again just to be early.
fn is_due(record: &Record, now: Moment) -> bool {
    let Some(pair) = record.pair() else {
        return false;
    };
    let is_pending = record.pending.as_ref().is_some_and(|pending| {
        pending.consumes.is_some() && pending.consumes == pair.refresh_fingerprint()
    });
    let access_nears_end = pair.freshness(now) != Freshness::Fresh && !is_pending;
    let refresh_nears_end = until_refresh_due(record, now) == Some(0);
    pair.refresh.is_some() && (access_nears_end || refresh_nears_end)
}

/// Until three quarters of a customer's refresh token are over; `None` where renewing it early moves nothing, because
/// the platform counts one end down.
fn until_refresh_due(record: &Record, now: Moment) -> Option<Millis> {
    let pair = &record.customer.as_ref()?.pair;
    let refresh = pair.refresh.as_ref().filter(|_| pair.extends)?;
    refresh.life.until_three_quarters(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Code;

    const NOW: Moment = Moment { wall: 0, mono: 0 };

    #[test]
    fn a_cooldown_grows_with_jitter_and_has_a_cap() {
        let error = SessionError::passing(Code::Server, "");
        let mut cooldown = Cooldown::default();
        let mut longest = Vec::new();
        for _ in 0..9 {
            cooldown.failed(&error, NOW, u32::MAX);
            longest.push(cooldown.until);
        }
        assert_eq!(longest[..4], [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(longest[8], 60_000);
        cooldown.failed(&error, NOW, 0);
        assert_eq!(cooldown.in_force(NOW), None);
    }

    #[test]
    fn what_the_platform_asks_for_is_the_least() {
        let mut cooldown = Cooldown::default();
        let error = SessionError::passing(Code::RateLimited, "").with_retry_after(Some(30_000));
        cooldown.failed(&error, NOW, 0);
        let later = Moment {
            mono: 10_000,
            ..NOW
        };
        let in_force = cooldown.in_force(later).unwrap();
        assert_eq!(in_force.retry_after, Some(20_000));
    }

    #[test]
    fn what_the_platform_asks_for_has_a_cap() {
        const DAY: Millis = 24 * 3_600_000;
        let mut cooldown = Cooldown::default();
        let error = SessionError::passing(Code::RateLimited, "").with_retry_after(Some(DAY));
        cooldown.failed(&error, NOW, 0);
        assert_eq!(cooldown.until, 600_000);
    }
}
