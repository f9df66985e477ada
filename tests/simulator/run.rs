//! Carries a plan out, and asks at its end whether the session can still be used.

use crate::act::{Act, Network};
use crate::call::{call, call_api};
use crate::coverage::Coverage;
use crate::oracle::{Call, Violation};
use crate::perform::perform;
use crate::plan::Plan;
use crate::world::World;
use double::{Owner, Tab};
use sandbox::Status;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use storefront_session::lifecycle::Lifecycle;
use storefront_session::session::AccessToken;

const MINUTE: u64 = 60_000;

/// A plan that comes to little is followed by what an idle shop does.
const LEAST_STEPS: u64 = 200;

pub struct Outcome {
    pub violation: Option<Violation>,
    pub steps: u64,
    pub coverage: Coverage,
    pub trace: Vec<String>,
}

/// Runs a plan to its end, or to the first broken law.
pub fn run(plan: &Plan, traced: bool) -> Outcome {
    let world = World::new(plan.seed, plan.setup.clone(), traced);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        world.open();
        for &(gap, act) in &plan.acts {
            world.pass(gap);
            world.check_waiting();
            if world.oracle.borrow().has_failed() {
                return;
            }
            perform(&world, act);
        }
        world.pass(1_000);
        let asked = plan.acts.iter().map(|(_, act)| act.asks_for_rest()).max();
        // No cool-down is longer than ten minutes, whatever the platform asks for.
        come_to_rest(&world, asked.unwrap_or(0).min(10 * MINUTE) + 2 * MINUTE);
        while world.executor.steps.get() < LEAST_STEPS && !world.oracle.borrow().has_failed() {
            perform(&world, Act::Call(0));
            world.pass(MINUTE);
        }
    }))
    .err();
    let mut oracle = world.oracle.borrow_mut();
    let mut violation = oracle.failure.take();
    if let Some(panic) = panicked {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
        let what = format!("panic: {}", text.unwrap_or_default());
        violation = violation.or(Some(Violation { law: 7, what }));
    }
    let outcome = Outcome {
        violation,
        steps: world.executor.steps.get(),
        coverage: oracle.coverage.clone(),
        trace: oracle.trace(),
    };
    drop(oracle);
    world.tear_down();
    outcome
}

/// All faults end. Whatever has happened, somebody who comes now must get a token that the platform accepts, and all
/// tabs must agree on whose.
fn come_to_rest(world: &Rc<World>, rest: u64) {
    world.set_network(Network::Good);
    world.leases.drops.set(0);
    world.weather.ordered.borrow_mut().clear();
    if let Some((_, time)) = &mut *world.weather.gate.borrow_mut() {
        time.end = time.end.min(world.now());
    }
    world.weather.mistake.set(None);
    world.set_storage(None);
    world.thaw_all();
    for tab in world.open_tabs() {
        world.wake(tab);
    }
    world.pass(rest);
    world.check_waiting();
    if world.open_tabs().is_empty() {
        world.open();
        world.pass(MINUTE);
    }
    // Where the clock was set back, what is unanswered seems to have been asked for a short while ago.
    world.pass(world.reckoned_with());
    for tab in world.open_tabs() {
        if !world.oracle.borrow().has_failed() {
            probe(world, tab);
        }
    }
    // With the shortest lives there is always somebody who has just renewed, or ended, what the others know.
    for round in 0..10 {
        for tab in world.open_tabs() {
            world.wake(tab);
        }
        world.pass(12_000 + 1_000 * round);
        if round > 0 && world.agrees() {
            break;
        }
    }
    world.check_waiting();
    world.check_agreement();
    world.oracle.borrow_mut().check_late_grants();
}

fn probe(world: &Rc<World>, tab: Owner) {
    let done: Rc<RefCell<Option<std::result::Result<(), String>>>> = Rc::default();
    let result = Rc::clone(&done);
    let asked: Rc<Cell<usize>> = Rc::default();
    let count = Rc::clone(&asked);
    call(
        world,
        Some(tab),
        Call::Other,
        async move |it: Rc<Lifecycle<Tab>>, world: &World, number| {
            let mut last = Ok(());
            // One token may end on its way, the next call tire of waiting, another end a session that is over; then comes the
            // next session, whose first token may be as unlucky.
            for _ in 0..5 {
                count.set(count.get() + 1);
                match call_api(&it, world, number).await {
                    Ok(Some(token)) if world.accepts(&token) => {
                        result.replace(Some(Ok(())));
                        return Ok(());
                    }
                    Ok(_) => {}
                    Err(error) => last = Err(error),
                }
            }
            result.replace(Some(last.clone().map_err(|error| format!("{error:?}"))));
            last
        },
    );
    for patience in [100, 1_000, 10_000, MINUTE, 5 * MINUTE] {
        if done.borrow().is_none() {
            world.pass(patience);
        }
    }
    world.check_probe(tab, done.take(), asked.get());
}

impl World {
    pub fn accepts(&self, token: &AccessToken) -> bool {
        let mut server = self.wire.server.borrow_mut();
        server.set_host_time(self.now());
        let facts = server.token(token.expose());
        facts.is_some_and(|facts| facts.status == Status::Live)
    }
}
