import { readFile } from "node:fs/promises";

import { SessionServer as Server } from "./server/session-server.js";

export { SessionError } from "./session-error.js";
export { memoryStore } from "./server/memory-store.js";

/** Node's fetch does not read files. */
const locate = () => readFile(new URL("./storefront_session_bg.wasm", import.meta.url));

export class SessionServer extends Server {
  constructor(options) {
    super(options, locate);
  }
}
