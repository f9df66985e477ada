import { __wbg_reset_state as resetState, initSync, SessionManager as Core } from "./storefront_session.js";

import { redacted } from "./cause.js";
import { wasTrapped } from "./trap.js";

let loading;

/** Loads the WebAssembly, once; a load that failed can be tried again. Resolves with the class inside. */
export async function load(wasm) {
  loading ??= compile(wasm)
    .then((module) => initSync(module))
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
  // The last that the oldest browsers got of what is needed; a page of Jest's has no `Request`.
  if (!globalThis.WebAssembly || !globalThis.Request || !globalThis.AbortSignal?.prototype.throwIfAborted) {
    const oldest = "Chrome 100, Firefox 102, Safari 16, Node.js 20";
    throw lasting(`WebAssembly or a part of fetch is missing: switched off by a lockdown mode, or older than ${oldest}`);
  }
  let source = await wasm();
  if (source instanceof WebAssembly.Module) return source;
  const address = source.href ?? source;
  if (typeof address === "string" || "method" in source) source = await fetch(address);
  let kind = "something else";
  if (source.arrayBuffer) {
    const { ok, status, url, headers } = source;
    if (!ok) throw new Error(`${url.replace(/[?#].*/, "")} answers ${status}`);
    kind = headers.get("content-type") ?? kind;
    // A server that does not know the type is no reason to fail; it is slower.
    if (kind === "application/wasm" && source instanceof Response) return WebAssembly.compileStreaming(source);
    source = await source.arrayBuffer();
  }
  // WebAssembly begins with a zero.
  if (new Uint8Array(source.buffer ?? source, source.byteOffset)[0] === 0) return WebAssembly.compile(source);
  throw lasting(`${kind} came instead of storefront_session_bg.wasm, as from a server that has a page for every address. ${advice}`);
}

const advice =
  "Is the file beside the script? Give its address as the option wasm where it is not; in Vite, list the package in optimizeDeps.exclude";

/** What trying again does not mend. */
const lasting = (message, cause) => ({ code: "internal", message, cause });

/** The fields of the error that the package makes of it. */
function explain(error) {
  if (!(error instanceof Error) && error?.code) return error;
  const cause = redacted(error);
  const { message, code } = cause;
  // Chromium and WebKit name 'unsafe-eval', in quotes that the cause is without.
  if (/unsafe-eval|blocked by CSP/.test(error?.message)) {
    return lasting("this page's Content-Security-Policy refuses WebAssembly: add 'wasm-unsafe-eval' to its script-src", cause);
  }
  const told = `storefront_session_bg.wasm could not be loaded: ${message}. ${advice}`;
  // Node names what its file system refuses.
  return code ? lasting(told, cause) : { code: "network", message: told, retryable: true, cause };
}
