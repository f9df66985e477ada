import init, { __wbg_reset_state as resetState, SessionManager as Core } from "./storefront_session.js";

import { SessionError, internalError } from "./session-error.js";

let loading;
const onTrap = new Set();

/** Loads the WebAssembly, once; a load that failed can be tried again. Resolves with the class inside. */
export function load(wasm) {
  loading ??= init({ module_or_path: wasm }).then(
    () => Core,
    (error) => {
      loading = undefined;
      throw explain(error);
    },
  );
  return loading;
}

/** Calls `trapped` when the module has failed, until the function that is returned is called. */
export function watch(trapped) {
  if (onTrap.size === 0) listen("addEventListener");
  onTrap.add(trapped);
  return () => {
    onTrap.delete(trapped);
    if (onTrap.size === 0) listen("removeEventListener");
  };
}

/**
 * The module has failed: its memory makes no sense any more, and none of its promises will settle. All who use it are
 * told, and the next call begins with an instance of its own.
 */
export function trapped(cause) {
  resetState();
  for (const tell of [...onTrap]) tell(internalError(cause));
}

// A trap in a promise's or a timer's callback has no caller to be thrown to: only the window hears of it.
const listen = (how) => {
  globalThis[how]?.("error", heard);
  globalThis[how]?.("unhandledrejection", heard);
};
const heard = (event) => {
  const error = event.error ?? event.reason;
  if (error instanceof WebAssembly.RuntimeError) trapped(error);
};

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
