import { readFile } from "node:fs/promises";

import { Manager, open } from "./instances.js";

export { SessionError } from "./session-error.js";

/** For servers: Node's fetch does not read files. */
export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, () => readFile(new URL("./storefront_session_bg.wasm", import.meta.url)), options);
  }
}
