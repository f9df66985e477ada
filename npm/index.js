import { preload as preloadCore } from "./chunk.js";
import { Manager, open } from "./instances.js";

export { SessionError } from "./session-error.js";

/** For browsers and bundlers: the WebAssembly lies beside this file. */
const locate = () => fetch(new URL("./storefront_session_bg.wasm", import.meta.url));

export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, locate, options);
  }
}

export const preload = () => preloadCore(locate);
