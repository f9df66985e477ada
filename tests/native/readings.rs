//! The whole lifecycle under every reading of the documentation: what each step costs, and that it works.
//!
//! The documentation leaves things open or contradicts itself (docs/platform.md §10); the sandbox can follow each reading. The
//! table in `docs/readings.md` is made by this test: `UPDATE_DOCS=1 cargo test --test native` writes it.
mod cases;

use crate::world::{BUYER, Session, World, code};
use cases::{Case, cases};
use serde_json::Value;
use std::fmt::Write;

const HOUR: u64 = 3_600_000;

/// What each step costs, in requests.
const STEPS: [&str; 12] = [
    "first token",
    "login",
    "refresh",
    "company A",
    "company B",
    "refused company",
    "B2C",
    "B2C again",
    "reload",
    "logout",
    "login, stale guest",
    "refresh, stale guest",
];

/// As documented.
const DOCUMENTED: [usize; 12] = [1, 1, 1, 1, 1, 2, 2, 1, 0, 1, 2, 2];

/// What a login and a renewal cost once the guest's token has expired.
fn with_stale_guest(case: &Case) -> [usize; 2] {
    let world = World::with_profile(case.profile.clone());
    let session = world.open();
    session.token().unwrap();
    world.pass(HOUR);
    world.requests();
    session.login(BUYER).unwrap();
    let login = world.requests();
    session.refresh().unwrap();
    world.pass(HOUR);
    world.requests();
    if session.snapshot().renewable {
        session.refresh().unwrap();
    } else {
        assert_eq!(code(session.refresh()), "not_renewable");
    }
    let refresh = world.requests();
    println!("{} with a stale guest: {login:?} {refresh:?}", case.profile);
    [login.len(), refresh.len()]
}

/// Goes the whole way and counts.
fn walk(case: &Case) -> Vec<usize> {
    let world = World::with_profile(case.profile.clone());
    let session = world.open();
    let mut counts = Vec::new();
    let mut step = |name: &str, session: &Session, work: &dyn Fn(&Session)| {
        work(session);
        let requests = world.requests();
        println!("{} {name}: {requests:?}", case.profile);
        counts.push(requests.len());
        assert!(session.session_id().is_some() || name == "logout");
    };
    step("first token", &session, &|it| drop(it.token().unwrap()));
    let id = session.session_id();
    step("login", &session, &|it| it.login(BUYER).unwrap());
    step("refresh", &session, &|it| it.refresh().unwrap());
    let saas = session.lifecycle.saas_token();
    step("company A", &session, &|it| {
        it.switch(Some("le-north")).unwrap()
    });
    step("company B", &session, &|it| {
        it.switch(Some("le-south")).unwrap()
    });
    step("refused company", &session, &|it| {
        assert_eq!(code(it.switch(Some("le-nobody"))), case.refused);
        assert_eq!(it.company().as_deref(), Some("le-south"));
    });
    for name in ["B2C", "B2C again"] {
        step(name, &session, &|it| match case.no_way_back {
            Some(error) => assert_eq!(code(it.switch(None)), error),
            None => it.switch(None).unwrap(),
        });
        if case.no_way_back.is_none() {
            assert_eq!(session.company(), None);
            session.switch(Some("le-north")).unwrap();
            world.requests();
        }
    }
    assert_eq!(session.lifecycle.saas_token(), saas);
    assert_eq!(session.session_id(), id, "one session id throughout");
    let reloaded = world.open();
    step("reload", &reloaded, &|it| drop(it.token().unwrap()));
    assert_eq!(reloaded.snapshot(), session.snapshot());
    step("logout", &reloaded, &Session::logout);
    assert_eq!(reloaded.session_id(), None);
    counts.extend(with_stale_guest(case));
    counts
}

#[test]
fn no_reading_is_forgotten() {
    let profile = World::new().control("GET", "profile", Value::Null);
    let cases = cases();
    for (name, default) in profile.as_object().unwrap() {
        let values: Vec<_> = cases.iter().filter_map(|it| it.profile.get(name)).collect();
        assert!(values.len() > 1 && values.contains(&default), "{name}");
    }
}

#[test]
fn every_reading_goes_the_whole_way_at_its_price() {
    let mut table = String::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let counts = walk(&case);
        let (reading, value) = case.profile.as_object().unwrap().iter().next().unwrap();
        for (name, count) in STEPS.iter().zip(&counts) {
            if *count != case.expected(name) {
                wrong.push(format!("{reading} {value}: {name} {count}"));
            }
        }
        let counts: Vec<_> = counts
            .iter()
            .zip(DOCUMENTED)
            .map(|(&count, documented)| match count == documented {
                true => count.to_string(),
                false => format!("**{count}**"),
            })
            .collect();
        writeln!(
            table,
            "| `{reading}` | `{value}` | {} | {} |",
            counts.join(" | "),
            case.why
        )
        .unwrap();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    check_docs(&table);
}

fn check_docs(table: &str) {
    let head = STEPS.join(" | ");
    let line = "---:|".repeat(STEPS.len());
    let text = format!(
        "# What each reading costs\n\n\
         Where the documentation is silent or contradicts itself the sandbox can follow either reading, and the module keeps its \
         promises under each.\nRequests per step; made by `UPDATE_DOCS=1 cargo test --test native`. One reading at a time differs \
         from the documented ones, which are\nthe first of each; what then costs something else than usual is bold. A stale guest is one \
         whose token has expired: the last two\nsteps are a visit of their own.\n\n\
         | reading | value | {head} | |\n|---|---|{line}---|\n{table}"
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/readings.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        written, text,
        "docs/readings.md is of another run: UPDATE_DOCS=1 writes it"
    );
}

#[test]
fn a_day_passes_under_every_reading() {
    for case in cases() {
        let world = World::with_profile(case.profile.clone());
        let session = world.open();
        session.login(BUYER).unwrap();
        session.switch(Some("le-north")).unwrap();
        let id = session.session_id();
        world.requests();
        world.pass(20 * HOUR);
        session.token().unwrap();
        let requests = world.requests();
        let (reading, value) = case.profile.as_object().unwrap().iter().next().unwrap();
        println!("{reading} {value}: {} {requests:?}", requests.len());
        assert_eq!(
            session.company().as_deref(),
            Some("le-north"),
            "{reading} {value}"
        );
        assert_eq!(session.session_id(), id, "{reading} {value}");
    }
}
