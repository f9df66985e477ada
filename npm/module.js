import { __wbg_reset_state as resetState, initSync, SessionManager as Core } from "./storefront_session.js";

import { redacted } from "./cause.js";
import { advice, spare } from "./supply.js";
import { wasTrapped } from "./trap.js";

let loading;

/**
 * Loads the WebAssembly, once; a load that failed can be tried again. Resolves with the class inside. What the page has
 * `given` is all there is; otherwise the bytes in the script serve where the file beside it is not to be had.
 */
export async function load(wasm, given) {
  loading ??= compile(wasm)
    .catch(async (error) => {
      if (given || !spare || isRefused(error)) throw error;
      return compile(spare).catch((other) => {
        // Where there is no file beside the script, the policy shows here.
        throw isRefused(other) ? other : error;
      });
    })
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
    const where = "switched off by a lockdown mode, hidden by Jest's jsdom (jest-fixed-jsdom shows it)";
    throw lasting(`WebAssembly or a part of fetch is missing: ${where}, or older than ${oldest}`);
  }
  let source = await wasm();
  // Another realm's is no instance of this one's.
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source;
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

/** What trying again does not mend. */
const lasting = (message, cause) => ({ code: "internal", message, cause });

/** By a policy, a host's or a page's. Chromium and WebKit name 'unsafe-eval'. */
const isRefused = (error) => /unsafe-eval|blocked by CSP|by embedder/.test(error?.message);

/** The fields of the error that the package makes of it. */
function explain(error) {
  // An error of another realm, as Jest has them, is no instance of this one's, and may have a code.
  if (error?.constructor === Object) return error;
  const cause = redacted(error);
  const { message, code } = cause;
  // The cause is without what stands in quotes.
  if (isRefused(error)) {
    const page = "this page's Content-Security-Policy refuses WebAssembly: add 'wasm-unsafe-eval' to its script-src";
    const host = "this host compiles no bytes: give the option wasm a module that was imported from storefront-session/storefront_session_bg.wasm";
    return lasting(/embedder/.test(message) ? host : page, cause);
  }
  const told = `storefront_session_bg.wasm could not be loaded: ${message}. ${advice}`;
  // Node names what its file system refuses.
  return code ? lasting(told, cause) : { code: "network", message: told, retryable: true, cause };
}
