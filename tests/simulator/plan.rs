//! What happens in a run, drawn from its seed: the world it takes place in, and a list of acts.

use fastrand::Rng;
use sandbox::{
    ContextDocument, ExpiresInType, FieldStyle, ForeignBearerSession, LegalEntityRefusal, Lifetime,
    LogoutKills, OmittedLegalEntity, Profile, RefreshBearer, RefreshLifetime, RefusedSwitch, Reuse,
    Rotation, SaasClaims, Survival,
};
use serde_json::json;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Which tab an act is about: this number modulo the tabs that are open.
pub type Pick = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    North,
    South,
    /// One that the customer does not buy for.
    Strange,
}

/// A company, or none.
const COMPANIES: [Option<Company>; 4] = [
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

/// How the way to the platform is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Good,
    /// So many requests of a hundred go wrong.
    Bad(u64),
    Offline,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Lost before the platform saw it.
    Drop,
    /// The work was done, the answer is lost.
    LostAnswer,
    /// The answer is slow: so many milliseconds.
    Slow(u64),
    /// A status of the gateway's own, and what `Retry-After` says.
    Status(u16, Option<u64>),
    /// A captive portal's 200.
    Garbage,
    /// Something between the page and the platform refuses whatever is asked: with this status, in these words.
    Gate(u16, &'static str),
}

/// What such gates say.
const GATES: [&str; 6] = [
    "<!doctype html><title>Password</title>",
    "Unauthorized",
    "",
    "{}",
    r#"{"error":"access_denied"}"#,
    r#"{"message":"Forbidden"}"#,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    Works,
    Full,
    Blocked,
}

/// Damage to the stored record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    Wiped,
    Corrupted,
    /// By a later version of the module.
    NewerSchema,
    /// What hosts share has lost what was written last.
    Forgotten,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A page, and a session in it.
    Open,
    /// One more session in a page.
    OpenBeside(Pick),
    /// A page that nobody looks at yet, which may come in the place of this one.
    Prerender(Pick),
    /// A prerendered page is shown.
    Show,
    Kill(Pick),
    /// Whether the page is told before.
    Freeze(Pick, bool),
    Thaw(Pick),
    Close(Pick),
    Wake(Pick),
    /// So many callers want a token.
    Token(Pick, u8),
    /// Whether the password is right.
    Login(Pick, Who, bool),
    Adopt(Pick, Brought),
    Switch(Pick, Option<Company>),
    /// The guest's cart is merged at login, and that company restored.
    SignIn(Pick, Option<Company>),
    SwitchVerified(Pick, Option<Company>),
    /// The session's context says another site.
    ChangeSite(Pick),
    Refresh(Pick),
    Logout(Pick),
    Validate(Pick),
    LegalEntities(Pick),
    /// An API call, with one retry after a 401.
    Call(Pick),
    /// The machine sleeps for so long.
    Sleep(u64),
    /// The wall clock is set wrong by so much.
    Clock(i64),
    Network(Network),
    /// Requests to token endpoints go wrong in this way: so many, after so many that go well.
    Trouble(Trouble, u8, u8),
    /// For so long all requests are refused by something between the page and the platform.
    Gate(Trouble, u64),
    Storage(Storage),
    Damage(Damage),
    Revoke {
        access: bool,
        refresh: bool,
        guest: bool,
    },
}

impl Act {
    /// What comes closest to it where hosts are in the place of pages: nobody leaves one, nor looks at it.
    fn on_hosts(self) -> Self {
        match self {
            Self::Damage(_) => Self::Damage(Damage::Forgotten),
            Self::Prerender(_) | Self::Show => Self::Open,
            Self::Freeze(tab, _) => Self::Freeze(tab, false),
            act => act,
        }
    }

    /// For how long the platform may have asked to be left alone, or an answer may be on its way.
    pub fn asks_for_rest(self) -> u64 {
        match self {
            Self::Trouble(Trouble::Slow(time), ..) => time,
            Self::Trouble(Trouble::Status(_, Some(seconds)), ..) => SECOND * seconds,
            _ => 0,
        }
    }
}

/// How the browser's locks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locks {
    Granted,
    /// There are none, and no order of revisions that goes with them.
    Absent,
    /// Some pages' requests are rejected, or never answered.
    Refused,
}

/// Where the record is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// One for all pages.
    Shared,
    /// Each page has its own, which begins as a copy of another page's.
    Cloned,
    /// One for all pages, which the shop supplies: each access takes up to so many milliseconds, and now and then far longer.
    Adapter(u64),
    /// Hosts in the place of pages, and a store that all of them share: each access takes up to so many milliseconds.
    Hosts(u64),
}

/// How this run's browser is.
#[derive(Clone, Debug)]
pub struct Setup {
    pub profile: Profile,
    /// Where locks are not granted the laws are promised for calls that do not overlap, so one act ends before the next begins.
    pub locks: Locks,
    pub area: Area,
    /// The longest time after which another tab's write is seen, in milliseconds.
    pub lag: u64,
    /// How many messages of a hundred are lost.
    pub lost_messages: u64,
    /// Whether the pages' own clocks go on while the machine sleeps.
    pub mono_sleeps: bool,
    /// The longest way to the platform, in milliseconds.
    pub latency: u64,
    /// How many epochs former visitors have left behind.
    pub epochs_before: u64,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub setup: Setup,
    /// What happens, each with the time that passes before it.
    pub acts: Vec<(u64, Act)>,
}

/// Of so many lives one is of hosts: those with this remainder.
pub const HOSTS: u64 = 8;
pub const HOSTS_AT: u64 = 5;

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut setup = Setup::draw(&mut rng);
        // By the number and not by lot: the lives of pages stay as they are.
        let is_served = seed % HOSTS == HOSTS_AT;
        if is_served {
            setup.become_served(seed / HOSTS);
        }
        let length = rng.usize(20..60);
        let calm = rng.u8(..4) == 0;
        let acts = (0..length)
            .map(|_| {
                let act = act(&mut rng, &setup, calm);
                let act = if is_served { act.on_hosts() } else { act };
                (gap(&mut rng, &setup), act)
            })
            .collect();
        Self { seed, setup, acts }
    }
}

fn one<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// The first mostly, one of the others now and then: a run in which everything is strange at once tests little.
fn mostly<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    if rng.u8(..3) > 0 { of[0] } else { one(rng, of) }
}

impl Setup {
    /// Nothing is strange.
    pub fn plain() -> Self {
        Self {
            profile: Profile::default(),
            locks: Locks::Granted,
            area: Area::Shared,
            lag: 0,
            lost_messages: 0,
            mono_sleeps: false,
            latency: 5,
            epochs_before: 0,
        }
    }

    /// A host knows nothing but what the store tells it, in the store's order; and no browser hides answers from it.
    fn become_served(&mut self, number: u64) {
        self.area = Area::Hosts([1, 5, 50, 400][number as usize % 4]);
        self.locks = Locks::Granted;
        self.lag = 0;
        self.lost_messages = 0;
        self.profile.cors_on_errors = true;
        self.profile.expose_retry_after = true;
    }

    fn draw(rng: &mut Rng) -> Self {
        let locks = match rng.u8(..16) {
            0 => Locks::Absent,
            1 => Locks::Refused,
            _ => Locks::Granted,
        };
        let area = match rng.u8(..8) {
            // Without locks there are no revisions either, and nothing tells a copy that comes back that it is behind.
            0 if locks != Locks::Absent => Area::Cloned,
            1 => Area::Adapter(one(rng, &[5, 50, 400])),
            _ => Area::Shared,
        };
        Self {
            profile: profile(rng),
            locks,
            area,
            // Without locks there is no telling when storage is seen; that is not promised.
            lag: match locks {
                Locks::Absent => 0,
                _ if area != Area::Shared => 0,
                _ => one(rng, &[0, 0, 50, 400]),
            },
            // Copies learn from each other by messages alone.
            lost_messages: match area {
                Area::Cloned => 0,
                _ => one(rng, &[0, 0, 10, 100]),
            },
            mono_sleeps: rng.bool(),
            latency: one(rng, &[5, 50, 2_000]),
            epochs_before: one(rng, &[0, 0, 8, 14, 253, 70_000]),
        }
    }
}

fn lifetime(rng: &mut Rng, documented: u64) -> Lifetime {
    let value = match rng.u8(..16) {
        0..8 => json!(documented),
        8 => json!(1),
        9..12 => json!(one(rng, &[30, 90, 300, 3_600])),
        12 => json!(0),
        13 => json!(-1),
        14 => json!(null),
        _ => json!(9_007_199_254_740_992_u64),
    };
    Lifetime::try_from(value).unwrap()
}

fn profile(rng: &mut Rng) -> Profile {
    use {ForeignBearerSession as Foreign, LegalEntityRefusal as Refusal};
    Profile {
        anonymous_expires_in: lifetime(rng, 3_600),
        anonymous_refresh_expires_in: lifetime(rng, 86_400),
        customer_expires_in: lifetime(rng, 2_592_000),
        customer_refresh_expires_in: lifetime(rng, 86_400),
        saas_expires_in: lifetime(rng, 14_400),
        saas_claims: SaasClaims::IatExp,
        rotation: mostly(rng, &[Rotation::Strict, Rotation::Lenient, Rotation::Same]),
        reuse: mostly(rng, &[Reuse::Reject, Reuse::RevokeSession]),
        refresh_bearer: one(
            rng,
            &[
                RefreshBearer::Anonymous,
                RefreshBearer::Customer,
                RefreshBearer::Either,
            ],
        ),
        omitted_legal_entity: mostly(
            rng,
            &[OmittedLegalEntity::Clears, OmittedLegalEntity::Keeps],
        ),
        field_style: mostly(
            rng,
            &[FieldStyle::Snake, FieldStyle::Camel, FieldStyle::Both],
        ),
        expires_in_type: mostly(rng, &[ExpiresInType::Number, ExpiresInType::String]),
        refresh_lifetime: mostly(rng, &[RefreshLifetime::Reset, RefreshLifetime::Countdown]),
        old_access_after_refresh: mostly(rng, &[Survival::Lives, Survival::Dies]),
        foreign_bearer_session: mostly(rng, &[Foreign::Keeps, Foreign::Adopts, Foreign::Refused]),
        guest_after_login: mostly(rng, &[Survival::Lives, Survival::Dies]),
        logout_kills: mostly(rng, &[LogoutKills::Access, LogoutKills::Session]),
        refused_switch: mostly(rng, &[RefusedSwitch::Spares, RefusedSwitch::Spends]),
        legal_entity_refusal: one(
            rng,
            &[
                Refusal::BadRequest,
                Refusal::Unauthorized,
                Refusal::Forbidden,
            ],
        ),
        context_document: mostly(rng, &[ContextDocument::AtLogin, ContextDocument::AtCart]),
        expose_retry_after: rng.bool(),
        cors_on_errors: mostly(rng, &[true, false]),
    }
}

fn gap(rng: &mut Rng, setup: &Setup) -> u64 {
    let gap = match rng.u8(..20) {
        0..6 => 0,
        6..10 => rng.u64(..20),
        10..13 => rng.u64(..600),
        13..16 => rng.u64(..5 * SECOND),
        16..18 => rng.u64(..MINUTE),
        18 => rng.u64(..HOUR),
        _ => rng.u64(..30 * HOUR),
    };
    // A tab that keeps a brief token alive for hours does the same thing a thousand times.
    let renewals = setup
        .profile
        .customer_refresh_expires_in
        .as_given()
        .as_u64();
    let gap = match renewals {
        Some(seconds @ 1..=3_600) => gap.min(2 * SECOND * seconds.max(30)),
        _ => gap,
    };
    match setup.locks {
        Locks::Granted => gap,
        _ => gap + MINUTE,
    }
}

fn act(rng: &mut Rng, setup: &Setup, calm: bool) -> Act {
    let tab = rng.usize(..64);
    let trouble = !calm && rng.u8(..3) == 0;
    if trouble {
        return match rng.u8(..18) {
            0 => Act::Kill(tab),
            1 | 2 => Act::Freeze(tab, rng.bool()),
            3 | 4 => Act::Thaw(tab),
            5 => Act::Sleep(one(rng, &[MINUTE, HOUR, 9 * HOUR, 20 * HOUR, 26 * HOUR])),
            6 => {
                let most = one(
                    rng,
                    &[5 * MINUTE as i64, 2 * HOUR as i64, 800 * HOUR as i64],
                );
                Act::Clock(rng.i64(-most..=most))
            }
            7 | 8 => Act::Network(one(
                rng,
                &[
                    Network::Good,
                    Network::Bad(30),
                    Network::Bad(70),
                    Network::Offline,
                ],
            )),
            9..12 => {
                let after = one(rng, &[0, 0, 1, 2]);
                Act::Trouble(trouble_of(rng), rng.u8(1..4), after)
            }
            12 => {
                let time = one(rng, &[20, 200, 1_000, 3 * SECOND, MINUTE, HOUR]);
                Act::Gate(gate(rng), time)
            }
            13 => Act::Storage(one(rng, &[Storage::Works, Storage::Full, Storage::Blocked])),
            14 if rng.u8(..4) == 0 => Act::Damage(one(
                rng,
                &[
                    Damage::Wiped,
                    Damage::Wiped,
                    Damage::Corrupted,
                    Damage::NewerSchema,
                ],
            )),
            14 => Act::Storage(Storage::Works),
            15 | 16 => Act::Revoke {
                access: rng.bool(),
                refresh: rng.bool(),
                guest: rng.bool(),
            },
            _ => Act::Close(tab),
        };
    }
    let act = match rng.u8(..28) {
        0 => Act::Open,
        1 if rng.bool() => Act::OpenBeside(tab),
        1 => Act::Open,
        2 => match rng.u8(..4) {
            0 => Act::Prerender(tab),
            1 | 2 => Act::Show,
            _ => Act::Wake(tab),
        },
        3..8 => Act::Token(tab, one(rng, &[1, 1, 2, 20])),
        8..11 => Act::Login(tab, who(rng), rng.u8(..5) > 0),
        11 => Act::Adopt(tab, brought(rng)),
        12..16 => Act::Switch(tab, one(rng, &COMPANIES)),
        16..19 => Act::Refresh(tab),
        19 => Act::Logout(tab),
        20 => Act::Validate(tab),
        21 => Act::LegalEntities(tab),
        22 | 23 => Act::SignIn(tab, one(rng, &COMPANIES)),
        24 => Act::SwitchVerified(tab, one(rng, &COMPANIES)),
        25 => Act::ChangeSite(tab),
        _ => Act::Call(tab),
    };
    match act {
        Act::Token(tab, 20) if setup.locks != Locks::Granted => Act::Token(tab, 1),
        act => act,
    }
}

fn who(rng: &mut Rng) -> Who {
    match rng.u8(..8) {
        0 => Who::Solo,
        _ => Who::Buyer,
    }
}

fn brought(rng: &mut Rng) -> Brought {
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

fn gate(rng: &mut Rng) -> Trouble {
    let status = one(rng, &[400, 401, 401, 403]);
    Trouble::Gate(status, one(rng, &GATES))
}

fn trouble_of(rng: &mut Rng) -> Trouble {
    let after = one(rng, &[None, Some(1), Some(30), Some(4_000)]);
    match rng.u8(..12) {
        10 | 11 => gate(rng),
        0 | 1 => Trouble::Drop,
        2..5 => Trouble::LostAnswer,
        5 => Trouble::Slow(one(
            rng,
            &[3 * SECOND, 15 * SECOND, 70 * SECOND, 20 * MINUTE, 9 * HOUR],
        )),
        6 => Trouble::Garbage,
        7 => Trouble::Status(429, after),
        _ => Trouble::Status(one(rng, &[403, 404, 500, 502, 503]), after),
    }
}
