/** Where a page gets the WebAssembly from when the file beside the script is not to be had. The other files of this name are for other hosts. */

import { retried } from "./retried.js";

export const advice = "Is the file beside the script? Give its address as the option wasm where it is not, or import storefront-session/inline";

const load = retried(() => import("./storefront_session_bytes.js"), "bytes");

/** A file of its own, which nobody else loads. */
export const spare = async () => (await load()).bytes();
