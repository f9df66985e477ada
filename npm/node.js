import { preload as preloadCore } from "./chunk.js";
import { Manager, open } from "./instances.js";
import { bytes } from "./storefront_session_bytes.js";

export { SessionError } from "./session-error.js";

/** For servers. Bundlers for them copy no file and give no address that can be read: the WebAssembly is in the script. */
export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, bytes, options);
  }
}

export const preload = () => preloadCore(bytes);
