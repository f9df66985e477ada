//! Simulated lives as text, for the package's light part (`npm/record.js`, `npm/session-manager.js`): what storage, channel and
//! clock showed, and what Rust makes of every record. `tests/light/` puts them through the shipped file.

use crate::plan::Plan;
use crate::run::run;
use double::{API, Area};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use storefront_session::session::{Freshness, Moment, Record};

const LIVES: usize = 2_000;

thread_local! {
    static NOTED: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Notes something that happened at that time, while a life is written down.
pub fn note(kind: &str, at: u64, what: impl Into<Value>) {
    NOTED.with_borrow_mut(|noted| {
        if let Some(noted) = noted {
            noted.push(json!([kind, at, what.into()]));
        }
    });
}

/// A record, and what Rust says of it at that time, by the wall clock.
fn judged(text: &str, wall: u64) -> Value {
    let now = Moment {
        wall,
        mono: 1 << 40,
    };
    let Ok(record) = Record::decode::<Value>(text, API, now) else {
        return json!({ "text": text, "wall": wall });
    };
    let mut snapshot = serde_json::to_value(record.snapshot(true).fields()).unwrap();
    // JavaScript has one kind of number.
    for field in ["expiresAt", "saasExpiresAt"] {
        if let Some(end) = snapshot.get(field).and_then(Value::as_f64) {
            snapshot[field] = (end as u64).into();
        }
    }
    let pair = record.pair();
    let freshness = pair.map(|pair| pair.freshness(now));
    let good = pair.filter(|_| freshness != Some(Freshness::Expired));
    json!({
        "text": text,
        "wall": wall,
        "isFresh": freshness == Some(Freshness::Fresh),
        "snapshot": snapshot,
        "token": good.map(|pair| pair.access.token.expose()),
        "saas": record.saas_token(now).map(|saas| saas.expose()),
    })
}

/// The record with something spoiled: cut off, of another schema or address, each part gone or something else.
fn spoiled(text: &str, turn: usize) -> Vec<String> {
    let record: Value = serde_json::from_str(text).unwrap();
    let mut places = Vec::new();
    find_places(&record, "", &mut places);
    let strange = [
        json!(null),
        json!(""),
        json!(" "),
        json!("undefined"),
        json!("null"),
        json!("a b"),
        json!("\u{e9}"),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(9.0e15),
        json!(9.1e15),
        json!(2),
        json!(true),
        json!([]),
        json!({}),
        json!("x".repeat(8_193)),
        json!("anonymous"),
        json!("http://sandbox/"),
        json!("https://elsewhere.example"),
    ];
    let mut texts = vec![
        text[..text.len() / 2].to_owned(),
        format!("{text}}}"),
        format!("[{text}]"),
        "null".into(),
        String::new(),
    ];
    for (number, place) in places.iter().enumerate() {
        let mut gone = record.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        gone.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name);
        texts.push(gone.to_string());
        // Some of them in each record: all together in few.
        for strange in strange.iter().skip((turn + number) % 3).step_by(3) {
            let mut other = record.clone();
            *other.pointer_mut(place).unwrap() = strange.clone();
            texts.push(other.to_string());
        }
    }
    texts
}

fn find_places(value: &Value, path: &str, places: &mut Vec<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        find_places(inner, &path, places);
        places.push(path);
    }
}

fn noted(plan: &Plan) -> Vec<Value> {
    NOTED.set(Some(Vec::new()));
    let outcome = run(plan, false);
    assert!(outcome.violation.is_none(), "seed {}", plan.seed);
    NOTED.take().unwrap()
}

/// `LIGHT_LIVES` names the folder. Only lives whose pages share what is stored: all else is left to the core.
#[test]
#[ignore = "writes what tests/light/ reads"]
fn write_lives() {
    let folder = std::env::var("LIGHT_LIVES").unwrap();
    let create = |name: &str| {
        BufWriter::new(File::create(Path::new(&folder).join(format!("{name}.jsonl"))).unwrap())
    };
    let [mut lives, mut records, mut spoils] = ["lives", "records", "spoiled"].map(create);
    let mut known = BTreeSet::new();
    let is_shared = |plan: &Plan| plan.setup.area == Area::Shared;
    for plan in (0..).map(Plan::of).filter(is_shared).take(LIVES) {
        let events = noted(&plan);
        for event in &events {
            let (Some("stored"), Some(text)) = (event[0].as_str(), event[2].as_str()) else {
                continue;
            };
            if !known.insert(text.to_owned()) {
                continue;
            }
            let turn = known.len();
            let at = event[1].as_u64().unwrap();
            // Soon after, somewhere in its life, or before its time.
            let wall = match turn % 5 {
                0 => at.saturating_sub(60_000),
                1 => at + [30_000, 240_000, 3_000_000][turn / 5 % 3],
                _ => at + 5,
            };
            writeln!(records, "{}", judged(text, wall)).unwrap();
            if turn.is_multiple_of(500) {
                for text in spoiled(text, turn / 500) {
                    writeln!(spoils, "{}", judged(&text, wall)).unwrap();
                }
            }
        }
        writeln!(lives, "{}", json!({ "seed": plan.seed, "events": events })).unwrap();
    }
}
