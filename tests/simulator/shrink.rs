//! The shortest plan that still breaks the same law.

use crate::plan::Plan;
use crate::run::run;
use crate::setup::Setup;
use double::Locks;
use sandbox::Profile;

/// Leaves out what the failure does not need: acts, strange readings, trouble of the world.
pub fn shrink(plan: &Plan, law: u8) -> Plan {
    let breaks = |plan: &Plan| run(plan, false).violation.is_some_and(|it| it.law == law);
    let mut least = plan.clone();
    let mut size = least.acts.len();
    while size > 0 {
        let mut start = 0;
        while start < least.acts.len() {
            let mut shorter = least.clone();
            let end = (start + size).min(shorter.acts.len());
            // The time passes nevertheless.
            let gap: u64 = shorter.acts.drain(start..end).map(|(gap, _)| gap).sum();
            if let Some((next, _)) = shorter.acts.get_mut(start) {
                *next += gap;
            }
            if breaks(&shorter) {
                least = shorter;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    for index in 0..least.acts.len() {
        for gap in [0, 1_000, 60_000] {
            let mut sooner = least.clone();
            // What must not overlap keeps its distance.
            let is_apart = plan.setup.locks == Locks::Granted || gap >= 60_000;
            if gap < sooner.acts[index].0 && is_apart {
                sooner.acts[index].0 = gap;
                if breaks(&sooner) {
                    least = sooner;
                    break;
                }
            }
        }
    }
    let simpler: [fn(&mut Setup); 6] = [
        |setup| setup.profile = Profile::default(),
        |setup| setup.lag = 0,
        |setup| setup.lost_messages = 0,
        |setup| setup.mono_sleeps = false,
        |setup| setup.latency = 5,
        |setup| setup.epochs_before = 0,
    ];
    for simplify in simpler {
        let mut simple = least.clone();
        simplify(&mut simple.setup);
        if breaks(&simple) {
            least = simple;
        }
    }
    least
}
