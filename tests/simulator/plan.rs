//! What happens in a run, drawn from its seed: the world it takes place in, and a list of acts.

use crate::act::{Act, act};
use crate::setup::Setup;
use double::Locks;
use fastrand::Rng;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

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

/// In one life of so many a refresh token that lives is refused by mistake, once.
const MISTAKES: u8 = 4;

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
        let mut acts: Vec<_> = (0..length)
            .map(|_| {
                let act = act(&mut rng, &setup, calm);
                let act = if is_served { act.on_hosts() } else { act };
                (gap(&mut rng, &setup), act)
            })
            .collect();
        // By a lot of its own, for the same reason.
        let mut lot = Rng::with_seed(!seed);
        if lot.u8(..MISTAKES) == 0 {
            let mistake = Act::Mistake(one(&mut lot, &[400, 401]));
            acts.insert(lot.usize(..length), (0, mistake));
        }
        Self { seed, setup, acts }
    }
}

pub fn one<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// The first mostly, one of the others now and then: a run in which everything is strange at once tests little.
pub fn mostly<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    if rng.u8(..3) > 0 { of[0] } else { one(rng, of) }
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
