//! How many requests a second the bare platform answers: `cargo run --release -p sandbox --example throughput`.

use sandbox::{Platform, Request};
use std::time::Instant;

const ROUNDS: u32 = 100_000;

fn main() {
    let mut platform = Platform::new(1);
    let login = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
    let mut guest = platform.handle(&Request::get(login)).json();
    let started = Instant::now();
    for _ in 0..ROUNDS {
        let token = guest["refresh_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let target = format!(
            "/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=storefront&refresh_token={token}"
        );
        guest = platform.handle(&Request::get(target)).json();
        let access = guest["access_token"].as_str().unwrap_or_default();
        platform.handle(&Request::get("/customer/acme/me").bearer(access));
        platform.handle(&Request::get("/site/acme/sites/main").bearer(access));
    }
    let requests = f64::from(ROUNDS * 3);
    println!(
        "{:.0} requests/s",
        requests / started.elapsed().as_secs_f64()
    );
}
