import { readFile } from "node:fs/promises";

import { preload as preloadCore } from "./chunk.js";
import { Manager, open } from "./instances.js";

export { SessionError } from "./session-error.js";

/** For servers: Node's fetch does not read files. */
const locate = () => readFile(new URL("./storefront_session_bg.wasm", import.meta.url));

export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, locate, options);
  }
}

export const preload = () => preloadCore(locate);
