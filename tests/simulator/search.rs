//! Many seeds, on all cores, until one breaks a law.

use crate::coverage::Coverage;
use crate::oracle::Violation;
use crate::plan::{HOSTS, HOSTS_AT, Plan};
use crate::run;
use crate::shrink::shrink;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// With fewer seeds than this nothing is said about how much may be forgiven, and what must be met.
const TELLING: u64 = 5_000;

#[derive(Default)]
pub struct Search {
    /// From one seed to the next.
    stride: u64,
    seeds: u64,
    steps: u64,
    least_steps: Option<u64>,
    coverage: Coverage,
    failed: Option<(u64, Violation)>,
    took: Duration,
}

impl Search {
    /// So many seeds from the first one on.
    pub fn over(first: u64, count: u64) -> Self {
        Self::run(first, 1, |tried, _| tried < count)
    }

    /// So many seeds of hosts, from the first one on.
    pub fn over_hosts(first: u64, count: u64) -> Self {
        let first = first.next_multiple_of(HOSTS) + HOSTS_AT;
        Self::run(first, HOSTS, |tried, _| tried < count)
    }

    /// From the first seed on, for so long.
    pub fn during(first: u64, time: Duration) -> Self {
        Self::run(first, 1, move |_, took| took < time)
    }

    fn run(first: u64, stride: u64, goes_on: impl Fn(u64, Duration) -> bool + Sync) -> Self {
        println!("from seed {first}");
        let begin = Instant::now();
        let next = AtomicU64::new(0);
        let found = Mutex::new(Self::default());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // A panic is a finding like another; its own report would be in the way.
        std::panic::set_hook(Box::new(|_| {}));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let mut mine = Self::default();
                    loop {
                        let turn = next.fetch_add(1, Ordering::Relaxed);
                        if !goes_on(turn, begin.elapsed()) || found.lock().unwrap().failed.is_some()
                        {
                            break;
                        }
                        mine.try_seed(first + turn * stride);
                        if mine.failed.is_some() {
                            break;
                        }
                    }
                    found.lock().unwrap().add(mine);
                });
            }
        });
        let _ = std::panic::take_hook();
        let mut found = found.into_inner().unwrap();
        found.took = begin.elapsed();
        found.stride = stride;
        found
    }

    fn try_seed(&mut self, seed: u64) {
        let outcome = run::run(&Plan::of(seed), false);
        self.seeds += 1;
        self.steps += outcome.steps;
        let least = self.least_steps.unwrap_or(u64::MAX).min(outcome.steps);
        self.least_steps = Some(least);
        self.coverage.add(&outcome.coverage);
        self.failed = outcome.violation.map(|violation| (seed, violation));
    }

    fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.steps += other.steps;
        self.least_steps = self.least_steps.into_iter().chain(other.least_steps).min();
        self.coverage.add(&other.coverage);
        if self.failed.is_none() {
            self.failed = other.failed;
        }
    }

    /// Prints what was done; fails with the seed, and the shortest way to it, where a law was broken.
    #[track_caller]
    pub fn assert_clean(self) {
        for line in self.coverage.lines() {
            println!("{line}");
        }
        println!("forgiven:");
        for line in self.coverage.excuses.lines(self.seeds) {
            println!("{line}");
        }
        let seconds = self.took.as_secs_f64().max(0.001);
        println!(
            "{} seeds, {} steps, {} violations; at least {} steps a seed; {:.0} steps/s, {:.0} s",
            self.seeds,
            self.steps,
            u8::from(self.failed.is_some()),
            self.least_steps.unwrap_or(0),
            self.steps as f64 / seconds,
            seconds,
        );
        if let Some((seed, violation)) = self.failed {
            report(seed, &violation);
        }
        let tells = self.seeds >= TELLING && self.stride == 1;
        let beyond = self.coverage.excuses.beyond_bounds(self.seeds);
        assert!(
            !tells || beyond.is_empty(),
            "the oracle forgives too much: {beyond:?}"
        );
        let unmet = self.coverage.unmet();
        assert!(
            !tells || unmet.is_empty(),
            "the search never meets {unmet:?}"
        );
    }
}

/// Replays one seed, with its trace.
pub fn replay(seed: u64) {
    let outcome = run::run(&Plan::of(seed), true);
    match outcome.violation {
        None => {
            println!("{}", outcome.trace.join("\n"));
            println!("seed {seed} breaks no law in {} steps", outcome.steps);
        }
        Some(violation) => report(seed, &violation),
    }
}

fn report(seed: u64, violation: &Violation) -> ! {
    std::panic::set_hook(Box::new(|_| {}));
    let least = shrink(&Plan::of(seed), violation.law);
    let _ = std::panic::take_hook();
    let outcome = run::run(&least, true);
    let found = outcome.violation.unwrap_or_else(|| violation.clone());
    panic!(
        "law {} is broken: {}\n\n{:?}\n\n{}\n\nreplay with SIM_SEED={seed}",
        found.law,
        found.what,
        least.setup,
        outcome.trace.join("\n"),
    );
}
