//! The deterministic simulator: the shipped lifecycle in many tabs of a browser that fails in every way we know of,
//! against the sandbox's rules, with an oracle that knows the platform's truth and checks the laws at each step.
//!
//! * `double`, a crate of its own: the browser, virtual time, and the way to the platform
//! * `world`: a browser, and what stands around it; `dice`: what is left to chance; `watch`: what the oracle is told
//! * `weather`: what goes wrong on the way to the platform
//! * `plan`: what happens in a run, drawn from a seed: `setup`, the world that it takes place in, and `act`, what may happen there;
//!   `customer`: who signs in
//! * `run`: carries a plan out; `perform`: one act; `call`: a call of a method; `elsewhere`: tokens that are brought
//! * `shop`: what the npm package does for a customer beside tokens
//! * `scenarios`: scenes that are set up
//! * `oracle`: the laws
//! * `light`: lives as text, for the light part of the npm package
//! * `shrink`: the shortest plan that still breaks a law
//!
//! `SIM_SEED=7 cargo test --test simulator` replays one seed with its trace, `SIM_SEEDS=100000` tries more of them,
//! and with `SIM_UNFORGIVEN=LockTaken` that excuse forgives nothing. `soak` takes `SIM_FIRST` and `SIM_SEEDS`; with `SIM_HOSTS=1`
//! they count the lives of hosts alone.

#![cfg(not(target_arch = "wasm32"))]

mod act;
mod call;
mod coverage;
mod customer;
mod dice;
mod elsewhere;
mod light;
mod oracle;
mod perform;
mod plan;
mod run;
mod scenarios;
mod search;
mod setup;
mod shop;
mod shrink;
mod watch;
mod weather;
mod world;

use search::Search;
use std::time::Duration;

/// Debug builds are for looking at one failure; the optimised profile (`--profile sim`) is for searching.
const SEEDS: u64 = if cfg!(debug_assertions) { 500 } else { 20_000 };

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a number")),
    )
}

#[test]
fn the_laws_hold() {
    match number("SIM_SEED") {
        Some(seed) => search::replay(seed),
        None => Search::over(0, number("SIM_SEEDS").unwrap_or(SEEDS)).assert_clean(),
    }
}

/// `npm run soak` runs this.
#[test]
#[ignore = "runs for SIM_MINUTES, or SIM_SEEDS seeds, from a random seed"]
fn soak() {
    let first = number("SIM_FIRST").unwrap_or_else(|| fastrand::u64(..1 << 40));
    let search = match number("SIM_SEEDS") {
        Some(seeds) if std::env::var_os("SIM_HOSTS").is_some() => Search::over_hosts(first, seeds),
        Some(seeds) => Search::over(first, seeds),
        None => {
            let minutes = number("SIM_MINUTES").unwrap_or(1);
            Search::during(first, Duration::from_secs(60 * minutes))
        }
    };
    search.assert_clean();
}
