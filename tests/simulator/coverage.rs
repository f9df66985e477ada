//! What the runs have met: a search that never meets a lost answer proves nothing about lost answers.

use std::collections::BTreeMap;

#[derive(Clone, Default)]
pub struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    pub fn note(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what.clone()).or_default() += count;
        }
    }

    pub fn lines(&self) -> Vec<String> {
        let entries: Vec<_> = self
            .0
            .iter()
            .map(|(what, count)| format!("{what} {count}"))
            .collect();
        entries.chunks(6).map(|chunk| chunk.join(", ")).collect()
    }
}
