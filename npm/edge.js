import module from "./storefront_session_bg.wasm?module";

import { preload as preloadCore } from "./chunk.js";
import { Manager, open } from "./instances.js";

export { SessionError } from "./session-error.js";

/** For Workers and edge functions, which compile nothing while they run: the bundler gives the module. */
const locate = () => module;

export class SessionManager extends Manager {
  static open(options) {
    return open(SessionManager, locate, options);
  }
}

export const preload = () => preloadCore(locate);
