/** Node has the WebAssembly in the script. */

export const advice = "Leave the option wasm out: in Node.js the module is in the script";

export const spare = undefined;
