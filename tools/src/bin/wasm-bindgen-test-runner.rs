//! The `wasm-bindgen-test-runner` command: runs a WebAssembly test binary in a browser.

use std::process::Termination;

fn main() -> impl Termination {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
