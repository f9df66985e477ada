//! The `wasm-bindgen` command; wasm-pack asks it for its version.

use std::process::Termination;

fn main() -> impl Termination {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
