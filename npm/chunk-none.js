/** The same as `chunk.js`, for hosts to which a file more is no gain: the core is in the script. */

import { Core } from "./core.js";

export const loadCore = async (wasm) => ({ Core, wasm });

export const preload = (wasm) => void Core.load(wasm).catch(() => {});
