import { Manager, open } from "./instances.js";

export { SessionError } from "./session-error.js";

/** For browsers and bundlers: the WebAssembly lies beside this file. */
export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, () => new URL("./storefront_session_bg.wasm", import.meta.url), options);
  }
}
