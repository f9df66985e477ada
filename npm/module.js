import init, { __wbg_reset_state as resetState, SessionManager as Core } from "./storefront_session.js";

import { SessionError } from "./session-error.js";
import { wasTrapped } from "./trap.js";

let loading;

/** Loads the WebAssembly, once; a load that failed can be tried again. Resolves with the class inside. */
export async function load(wasm) {
  loading ??= init({ module_or_path: wasm() }).catch((error) => {
    loading = undefined;
    throw explain(error);
  });
  await loading;
  if (wasTrapped()) resetState();
  return Core;
}

function explain(cause) {
  const isRefused = cause instanceof WebAssembly.CompileError && /unsafe-eval|content.security/i.test(cause.message);
  return isRefused
    ? new SessionError({
        code: "internal",
        message: "this page's Content-Security-Policy refuses WebAssembly: add 'wasm-unsafe-eval' to its script-src",
        cause,
      })
    : new SessionError({
        code: "network",
        message: "the session's WebAssembly could not be loaded: is storefront_session_bg.wasm served beside the script?",
        retryable: true,
        cause,
      });
}
