//! Who signs in, and for which company.

use crate::plan::one;
use fastrand::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    North,
    South,
    /// One that the customer does not buy for.
    Strange,
}

/// A company, or none.
pub const COMPANIES: [Option<Company>; 4] = [
    Some(Company::North),
    Some(Company::South),
    Some(Company::Strange),
    None,
];

impl Company {
    pub fn id(self) -> &'static str {
        match self {
            Self::North => "le-north",
            Self::South => "le-south",
            Self::Strange => "le-strange",
        }
    }
}

/// Who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Buys for North and South.
    Buyer,
    /// Buys for no company.
    Solo,
}

impl Who {
    pub fn email(self) -> &'static str {
        match self {
            Self::Buyer => "buyer@example.com",
            Self::Solo => "solo@example.com",
        }
    }
}

/// Where tokens come from that somebody brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Another session.
    Elsewhere,
    /// The session that is stored, signed in to once more.
    Session,
    /// The very tokens that are stored.
    InForce,
}

/// Tokens that somebody brings from somewhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brought {
    pub source: Source,
    pub whose: Who,
    pub company: Option<Company>,
    /// Whether the platform is asked what they are.
    pub is_checked: bool,
    /// Whether they are the platform's.
    pub is_good: bool,
    /// Whether it is said which session they belong to.
    pub tells_session: bool,
}

pub fn who(rng: &mut Rng) -> Who {
    match rng.u8(..8) {
        0 => Who::Solo,
        _ => Who::Buyer,
    }
}

pub fn brought(rng: &mut Rng) -> Brought {
    let whose = who(rng);
    let companies = [None, Some(Company::North), Some(Company::South)];
    let is_good = rng.u8(..8) > 0;
    let sources = [
        Source::Elsewhere,
        Source::Elsewhere,
        Source::Session,
        Source::InForce,
    ];
    let source = one(rng, &sources);
    Brought {
        source,
        whose,
        company: one(rng, &companies).filter(|_| whose == Who::Buyer),
        is_checked: !is_good || source == Source::InForce || rng.u8(..3) > 0,
        is_good,
        tells_session: rng.bool(),
    }
}
