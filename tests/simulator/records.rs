//! What the lives of a session leave in storage, as lines of JSON: for `tests/e2e/record.test.mjs`, which puts every record
//! through the reader in JavaScript (`npm/record.js`) and compares it with what the core makes of it.

use crate::browser::API;
use crate::plan::Plan;
use crate::run;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use storefront_session::session::{Freshness, Moment, Record};

/// The lines of one life.
pub fn of_life(seed: u64, mut tell: impl FnMut(Value)) {
    let mut random = fastrand::Rng::with_seed(seed);
    let texts: BTreeSet<_> = run::stored(&Plan::of(seed)).into_iter().collect();
    for text in texts {
        let now = moment(&text, &mut random);
        tell(read(&text, now));
        if random.u8(..) < 32 {
            tell(read(&spoiled(&text, &mut random), now));
        }
    }
}

/// Some time in the life of the record's tokens, a moment before it, or after it.
fn moment(text: &str, random: &mut fastrand::Rng) -> u64 {
    let record = Record::decode::<Value>(text, API, Moment::default()).ok();
    let life = record.and_then(|record| Some(record.pair()?.access.life));
    let Some(life) = life else { return 0 };
    // A customer's refresh token is over long before the longest of access tokens.
    let lives = life
        .lives
        .unwrap_or(3_600_000)
        .min(random.u64(1..100_000_000));
    let age = match random.u8(..8) {
        0 => lives,
        1 => lives.saturating_sub(random.u64(..120_000)),
        _ => random.u64(..=lives),
    };
    let before = u64::from(random.u8(..16) == 0) * random.u64(..10_000);
    (life.received.wall + age).saturating_sub(before)
}

/// With one character in the place of another, one that is missing, or one more.
fn spoiled(text: &str, random: &mut fastrand::Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    let index = random.usize(..characters.len());
    let other = random
        .choice(b"019-\"{}:,anul ")
        .map(|&byte| char::from(byte))
        .unwrap_or(' ');
    match random.u8(..3) {
        0 => characters[index] = other,
        1 => drop(characters.remove(index)),
        _ => characters.insert(index, other),
    }
    characters.into_iter().collect()
}

/// What the core makes of it.
fn read(text: &str, wall: u64) -> Value {
    let now = Moment { wall, mono: 0 };
    let record = Record::decode::<Value>(text, API, now).ok();
    let known = record.and_then(|record| {
        let pair = record.pair()?;
        let freshness = pair.freshness(now);
        let token = (freshness != Freshness::Expired).then(|| pair.access.token.expose());
        let refresh = pair
            .refresh
            .as_ref()
            .filter(|_| pair.extends && record.customer.is_some());
        let is_due = refresh.is_some_and(|it| it.life.until_three_quarters(now) == Some(0));
        let saas = record
            .saas_token(now)
            .map(|token| token.expose().to_owned());
        Some(json!({
            "snapshot": record.snapshot(true).fields(),
            "token": token,
            "isGood": freshness == Freshness::Fresh && !is_due,
            "saas": saas,
        }))
    });
    json!({ "text": text, "apiUrl": API, "now": wall, "core": known })
}
