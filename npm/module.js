import { __wbg_reset_state as resetState, initSync, SessionManager as Core } from "./storefront_session.js";

import { SessionError } from "./session-error.js";
import { wasTrapped } from "./trap.js";

let loading;

/** Loads the WebAssembly, once; a load that failed can be tried again. Resolves with the class inside. */
export async function load(wasm) {
  loading ??= compile(wasm)
    .then((module) => initSync({ module }))
    .catch((error) => {
      loading = undefined;
      throw explain(error);
    });
  await loading;
  if (wasTrapped()) resetState();
  return Core;
}

/** `wasm` gives the module's address, its answer, its bytes, or the module. */
async function compile(wasm) {
  let source = await wasm();
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL || source instanceof Request) source = await fetch(source);
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`${source.url} answers ${source.status}`);
  // A server that does not know the type is no reason to fail; it is slower.
  const isNamed = source.headers.get("content-type") === "application/wasm";
  return isNamed ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
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
