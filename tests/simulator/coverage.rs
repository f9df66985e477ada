//! What the runs have met: a search that never meets a lost answer proves nothing about lost answers.

use crate::oracle::Excuses;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a search of some length must have met.
const NEEDED: [&str; 41] = [
    "request dropped",
    "answer lost",
    "answer slow",
    "answered late",
    "fault status",
    "garbage",
    "refused by a gate",
    "refused by mistake",
    "record damaged",
    "killed in a token request",
    "frozen in a token request",
    "left",
    "lock refused",
    "lock never answered",
    "lock taken from its holder",
    "went on without its lock",
    "two sessions in a page",
    "page duplicated",
    "heard record kept in a copy",
    "prerendered page shown",
    "lock asked for by a prerendered page",
    "adapter hangs",
    "writes interleaved in an adapter",
    "adopt: ok",
    "adopt: invalid_credentials",
    "adopt: invalid_state",
    "login: invalid_state",
    "signed in again",
    "signed in again for a company",
    "became known",
    "lease run out",
    "lease regained",
    "write refused by the store",
    "store dropped a connection",
    "store forgot the last write",
    "guest's cart merged",
    "merge failed",
    "company restored",
    "company needed",
    "switch verified",
    "site changed",
];

#[derive(Clone, Default)]
pub struct Coverage {
    met: BTreeMap<Cow<'static, str>, u64>,
    pub excuses: Excuses,
}

impl Coverage {
    pub fn note(&mut self, what: impl Into<Cow<'static, str>>) {
        *self.met.entry(what.into()).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.met {
            *self.met.entry(what.clone()).or_default() += count;
        }
        self.excuses.add(&other.excuses);
    }

    /// What was never met, and should have been.
    pub fn unmet(&self) -> Vec<&'static str> {
        let is_unmet = |what: &&str| !self.met.contains_key(*what);
        NEEDED.into_iter().filter(is_unmet).collect()
    }

    pub fn lines(&self) -> Vec<String> {
        let met = self.met.iter();
        let entries: Vec<_> = met.map(|(what, count)| format!("{what} {count}")).collect();
        entries.chunks(6).map(|chunk| chunk.join(", ")).collect()
    }
}
