import { preload as preloadCore } from "./chunk.js";
import { Manager, open } from "./instances.js";
import { retried } from "./retried.js";

export { SessionError } from "./session-error.js";

/** For who cannot serve a file beside the script: the WebAssembly is in a script too, which is loaded with the core. */
const load = retried(() => import("./storefront_session_bytes.js"), "bytes");
const locate = async () => (await load()).bytes();

export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, locate, options);
  }
}

export const preload = () => preloadCore(locate);
