//! `bind FILE FOLDER`: writes the JavaScript that the WebAssembly in FILE needs, and the WebAssembly that fits it, to
//! FOLDER. wasm-bindgen's own command does the same, but takes twice as long to compile.

use std::process::Termination;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> impl Termination {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(folder)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: bind FILE FOLDER");
    };
    Bindgen::new()
        .input_path(file)
        .web(true)?
        // npm/ has the types, and tells where the WebAssembly lies.
        .typescript(false)
        .omit_default_module_path(true)
        // Lets the module start again after a trap.
        .reset_state_function(true)
        .generate(folder)
}
