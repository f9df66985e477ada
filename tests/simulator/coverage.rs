//! What the runs have met: a search that never meets a lost answer proves nothing about lost answers.

use crate::oracle::Excuses;
use std::borrow::Cow;
use std::collections::BTreeMap;

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

    pub fn lines(&self) -> Vec<String> {
        let met = self.met.iter();
        let entries: Vec<_> = met.map(|(what, count)| format!("{what} {count}")).collect();
        entries.chunks(6).map(|chunk| chunk.join(", ")).collect()
    }
}
