//! The `wasm-pack` command, without its search for a newer version.

use std::process::Termination;

use clap::Parser;

fn main() -> impl Termination {
    wasm_pack::command::run_wasm_pack(wasm_pack::Cli::parse().cmd)
}
