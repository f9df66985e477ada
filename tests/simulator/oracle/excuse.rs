//! What the oracle forgives. Each time a law would be broken but for one of these is counted, and each has a bound: an
//! oracle that forgives more and more sees less and less.

use std::fmt;
use std::sync::LazyLock;

/// Why something that looks like a broken law is none. It counts where it forgives, not where it might.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// Without Web Locks operations of several tabs have met, and nothing more is judged in this run.
    Overlap,
    /// A tab that stood still goes on without the lock that was taken from it, while another is at work; nothing more is judged.
    LockTaken,
    /// Storage had a fault or was damaged, and not every tab has been seen to know what is stored now.
    Distrust,
    /// Somebody has brought tokens back in whose place others had been stored.
    BroughtBack,
    /// A page's copy of the record is behind: no page that could tell it is there, or moves, or its session was closed.
    CopyBehind,
    /// The tab lives on in memory, and knows so.
    InMemory,
    /// What is stored cannot be read by this version.
    Unreadable,
    /// The bearer that was got for a customer's refresh ended or was revoked on its way: its refusal looks like the customer's.
    BearerLost,
    /// The platform cannot be asked whether it accepts a guest's token: what is known of its life tells alone.
    GuestUnasked,
    /// A refresh token that lives was refused by mistake where nobody asks twice: of the guest behind a customer, in the middle of
    /// a switch, after an answer that was lost, or where it is taken to have ended.
    Mistaken,
    /// The platform spent a refresh token, and its answer was lost on the way or has not come yet.
    AnswerLost,
    /// The platform spent a refresh token for a switch that it refused.
    SpentByRefusal,
    /// A tab was killed, or stood still until the lock was taken from it, between an answer and the write.
    Killed,
    /// A logout did not get the lock, or the one before it waits for the lock, and did not see what its holder wrote.
    LogoutUnseen,
    /// A logout waited in vain for the lock; on a host, its machine slept before it could store.
    LogoutLate,
    /// Two tabs ended one epoch, one of them without the lock; or two hosts, and at most a guest came between.
    TwoEnds,
    /// A refresh token that is never rotated was moved to another company by a switch whose answer was lost.
    SilentSwitch,
    /// What hosts share has lost what was written last, as where a replica takes over that lacks it.
    Forgotten,
    /// A tab looked at the record within the last second.
    LookedBefore,
    /// A request has been under way for a minute: nobody waits for it any more.
    Unanswered,
    /// Answers about two tokens are late, and the record tells other tabs of one.
    TwoLate,
    /// An answer has come after more than five minutes, and the token that it replaces was refused to another request.
    VeryLate,
    /// The platform's tokens end on their way.
    BriefLife,
    /// The page may not read errors: a refusal looks like no answer, and ends nothing.
    HiddenErrors,
    /// Whoever came after all faults had to ask more than once.
    AskedAgain,
}

impl Excuse {
    pub const ALL: [Self; 25] = [
        Self::Overlap,
        Self::LockTaken,
        Self::Distrust,
        Self::BroughtBack,
        Self::CopyBehind,
        Self::InMemory,
        Self::Unreadable,
        Self::BearerLost,
        Self::GuestUnasked,
        Self::Mistaken,
        Self::AnswerLost,
        Self::SpentByRefusal,
        Self::Killed,
        Self::LogoutUnseen,
        Self::LogoutLate,
        Self::TwoEnds,
        Self::SilentSwitch,
        Self::Forgotten,
        Self::LookedBefore,
        Self::Unanswered,
        Self::TwoLate,
        Self::VeryLate,
        Self::BriefLife,
        Self::HiddenErrors,
        Self::AskedAgain,
    ];

    /// Whether it forgives anything: the one that `SIM_UNFORGIVEN` names does not, which shows what it hides.
    pub fn forgives(self) -> bool {
        static UNFORGIVEN: LazyLock<String> =
            LazyLock::new(|| std::env::var("SIM_UNFORGIVEN").unwrap_or_default());
        UNFORGIVEN.is_empty() || self.to_string() != *UNFORGIVEN
    }

    /// In how many of a thousand seeds it may forgive something: about twice as many as were seen in 20,000.
    pub fn bound(self) -> f64 {
        match self {
            Self::Overlap => 12.0,
            Self::LockTaken => 5.0,
            Self::Distrust => 100.0,
            Self::BroughtBack => 1.0,
            Self::CopyBehind => 4.0,
            Self::InMemory => 50.0,
            Self::Unreadable => 50.0,
            Self::BearerLost => 1.0,
            Self::GuestUnasked => 6.0,
            Self::Mistaken => 30.0,
            Self::AnswerLost => 60.0,
            Self::SpentByRefusal => 30.0,
            Self::Killed => 1.0,
            Self::LogoutUnseen => 8.0,
            Self::LogoutLate => 1.2,
            Self::TwoEnds => 3.5,
            Self::SilentSwitch => 1.0,
            Self::Forgotten => 1.5,
            Self::LookedBefore => 25.0,
            Self::Unanswered => 75.0,
            Self::TwoLate => 0.5,
            Self::VeryLate => 1.0,
            Self::BriefLife => 22.0,
            Self::HiddenErrors => 60.0,
            Self::AskedAgain => 200.0,
        }
    }
}

impl fmt::Display for Excuse {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

/// How often each excuse has forgiven something, and in how many seeds.
#[derive(Clone, Default)]
pub struct Excuses {
    times: [u64; Excuse::ALL.len()],
    seeds: [u64; Excuse::ALL.len()],
}

impl Excuses {
    pub fn note(&mut self, excuse: Excuse) {
        let at = excuse as usize;
        self.times[at] += 1;
        self.seeds[at] = 1;
    }

    pub fn add(&mut self, other: &Self) {
        for at in 0..Excuse::ALL.len() {
            self.times[at] += other.times[at];
            self.seeds[at] += other.seeds[at];
        }
    }

    /// Each excuse: how often, in how many seeds, and what share of them.
    pub fn lines(&self, seeds: u64) -> Vec<String> {
        let line = |excuse: Excuse| {
            format!(
                "  {:<14} {:>9} times in {:>7} seeds: {:>6.2} of a thousand, at most {}",
                excuse.to_string(),
                self.times[excuse as usize],
                self.seeds[excuse as usize],
                self.share(excuse, seeds),
                excuse.bound(),
            )
        };
        Excuse::ALL.into_iter().map(line).collect()
    }

    /// Those that have forgiven more than they may.
    pub fn beyond_bounds(&self, seeds: u64) -> Vec<Excuse> {
        let is_beyond = |excuse: &Excuse| self.share(*excuse, seeds) > excuse.bound();
        Excuse::ALL.into_iter().filter(is_beyond).collect()
    }

    fn share(&self, excuse: Excuse, seeds: u64) -> f64 {
        self.seeds[excuse as usize] as f64 * 1000.0 / seeds.max(1) as f64
    }
}
