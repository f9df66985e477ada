//! What may happen in a run, and how often.

use crate::customer::{Brought, COMPANIES, Company, Who, brought, who};
use crate::plan::one;
use crate::setup::Setup;
use double::{Fault, Locks};
use fastrand::Rng;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Which tab an act is about: this number modulo the tabs that are open.
pub type Pick = usize;

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

/// What such gates say that refuse in the platform's own words. They come and go when nobody is in the middle of an operation:
/// otherwise they are told from the platform by nobody.
const WALLS: [&str; 3] = [
    r#"{"code":401,"status":"UNAUTHORIZED","message":"no"}"#,
    r#"{"fault":{"faultstring":"no","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
    r#"{"fault":{"faultstring":"no","detail":{"errorcode":"oauth.v2.InvalidAccessToken"}}}"#,
];

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
    /// The next refresh token that is sent and lives is refused with this status, in the platform's own words.
    Mistake(u16),
    Storage(Option<Fault>),
    Damage(Damage),
    Revoke {
        access: bool,
        refresh: bool,
        guest: bool,
    },
}

impl Act {
    /// What comes closest to it where hosts are in the place of pages: nobody leaves one, nor looks at it.
    pub fn on_hosts(self) -> Self {
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
            // Whose page is gone with its question is waited for five minutes.
            Self::Trouble(Trouble::Slow(time), ..) if time >= MINUTE => time.max(5 * MINUTE),
            Self::Trouble(Trouble::Slow(time), ..) => time,
            Self::Trouble(Trouble::Status(_, Some(seconds)), ..) => SECOND * seconds,
            _ => 0,
        }
    }
}

/// One act, in these circumstances.
pub fn act(rng: &mut Rng, setup: &Setup, calm: bool) -> Act {
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
                let gate = match rng.u8(..3) {
                    0 => gate(rng, &WALLS),
                    _ => gate(rng, &GATES),
                };
                Act::Gate(gate, time)
            }
            13 => Act::Storage(one(rng, &[None, Some(Fault::Full), Some(Fault::Blocked)])),
            14 if rng.u8(..4) == 0 => Act::Damage(one(
                rng,
                &[
                    Damage::Wiped,
                    Damage::Wiped,
                    Damage::Corrupted,
                    Damage::NewerSchema,
                ],
            )),
            14 => Act::Storage(None),
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

fn gate(rng: &mut Rng, bodies: &[&'static str]) -> Trouble {
    let status = one(rng, &[400, 401, 401, 403]);
    Trouble::Gate(status, one(rng, bodies))
}

/// Whether a gate refuses in the platform's own words.
pub fn is_wall(gate: Trouble) -> bool {
    matches!(gate, Trouble::Gate(_, body) if WALLS.contains(&body))
}

fn trouble_of(rng: &mut Rng) -> Trouble {
    let after = one(rng, &[None, Some(1), Some(30), Some(4_000)]);
    match rng.u8(..12) {
        10 | 11 => gate(rng, &GATES),
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
