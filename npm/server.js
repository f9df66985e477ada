import { SessionServer as Server } from "./server/session-server.js";
import { bytes } from "./storefront_session_bytes.js";

export { SessionError } from "./session-error.js";
export { memoryStore } from "./server/memory-store.js";

export class SessionServer extends Server {
  constructor(options) {
    super(options, bytes);
  }
}
