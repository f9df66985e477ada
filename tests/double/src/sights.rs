//! What each page sees of storage: late, or a copy of its own.

/// What a page has seen of storage, and will see: from when, and which value.
pub struct Sights {
    all: Vec<(u64, usize)>,
    /// How many of them it has seen.
    seen: usize,
    view: usize,
}

impl Sights {
    /// A page begins with this value.
    pub fn from(now: u64, value: usize) -> Self {
        Self {
            all: vec![(now, value)],
            seen: 1,
            view: value,
        }
    }

    /// Of what others have stored before and this page has not seen, it will not see anything any more.
    pub fn write(&mut self, now: u64, value: usize) {
        self.all.push((now, value));
        self.seen = self.all.len();
        self.view = value;
    }

    pub fn will_see(&mut self, at: u64, value: usize) {
        let before = self.all.last().map_or(0, |(at, _)| *at);
        self.all.push((before.max(at), value));
    }

    pub fn look(&mut self, now: u64) -> usize {
        while let Some((_, value)) = self.all.get(self.seen).filter(|(at, _)| *at <= now) {
            self.view = *value;
            self.seen += 1;
        }
        self.view
    }

    /// What it sees, or will see once it looks.
    pub fn view(&self, now: u64) -> usize {
        self.at(now).unwrap_or(self.view)
    }

    pub fn at(&self, time: u64) -> Option<usize> {
        let seen = self.all.iter().rev().find(|(at, _)| *at <= time)?;
        Some(seen.1)
    }

    /// A page that stood still sees what happened meanwhile no sooner than a busy one.
    pub fn thaw(&mut self, now: u64, lag: impl Fn() -> u64) {
        let mut before = now;
        for (at, _) in self.all.iter_mut().skip(self.seen) {
            before = before.max(*at).max(now + lag());
            *at = before;
        }
    }
}
