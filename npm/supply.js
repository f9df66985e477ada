/** Where a page gets the WebAssembly from when the file beside the script is not to be had. The other files of this name are for other hosts. */

export const advice = "Is the file beside the script? Give its address as the option wasm where it is not, or import storefront-session/inline";

/** A file of its own, which nobody else loads. */
export const spare = async () => (await import("./storefront_session_bytes.js")).bytes();
