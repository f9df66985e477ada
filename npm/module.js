import { __wbg_reset_state as resetState, initSync, SessionManager as Core } from "./storefront_session.js";

import { redacted } from "./cause.js";
import { retried } from "./retried.js";
import { advice, spare } from "./supply.js";
import { wasTrapped } from "./trap.js";

let loading;
const loadExplain = retried(() => import("./explain.js"), "explain");

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
    .catch(async (error) => {
      loading = undefined;
      throw await explained(error);
    });
  await loading;
  if (wasTrapped()) resetState();
  return Core;
}

/** `wasm` gives the module's address, its answer, its bytes, or the module. What is known of a failure is an object of fields for `explain.js`. */
async function compile(wasm) {
  // The last that the oldest browsers got of what is needed; a page of Jest's has no `Request`.
  if (!globalThis.WebAssembly || !globalThis.Request || !globalThis.AbortSignal?.prototype.throwIfAborted) {
    throw { lacks: true };
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
  throw { kind };
}

/** By a policy, a host's or a page's. Chromium and WebKit name 'unsafe-eval'. */
const isRefused = (error) => /unsafe-eval|blocked by CSP|by embedder/.test(error?.message);

/** The fields of the error that the package makes of it. Where the explanation cannot be had either, nothing is to be had. */
async function explained(error) {
  const { explain } = await loadExplain().catch(() => ({}));
  const cause = redacted(error);
  if (explain) return explain(error, { cause, isRefused: isRefused(error), advice });
  return { code: "network", message: "storefront_session_bg.wasm could not be loaded", retryable: true, cause };
}
