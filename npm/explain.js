/** Why the WebAssembly could not be loaded, in words: loaded when that has failed. */

/** What trying again does not mend. */
const lasting = (message, cause) => ({ code: "internal", message, cause });

/**
 * The fields of the error that the package makes of it. `cause` is the failure without secrets, `isRefused` says whether a policy
 * is the reason, and `advice` is what helps on this host.
 */
export function explain(error, { cause, isRefused, advice }) {
  // An error of another realm, as Jest has them, is no instance of this one's, and may have a code.
  if (error?.constructor === Object) {
    const { lacks, kind } = error;
    const oldest = "Chrome 100, Firefox 102, Safari 16, Node.js 20";
    const where = "switched off by a lockdown mode, hidden by Jest's jsdom (jest-fixed-jsdom shows it)";
    if (lacks) return lasting(`WebAssembly or a part of fetch is missing: ${where}, or older than ${oldest}`);
    if (kind !== undefined) return lasting(`${kind} came instead of storefront_session_bg.wasm, as from a server that has a page for every address. ${advice}`);
    return error;
  }
  const { message, code } = cause;
  // The cause is without what stands in quotes.
  if (isRefused) {
    const page = "this page's Content-Security-Policy refuses WebAssembly: add 'wasm-unsafe-eval' to its script-src";
    const host = "this host compiles no bytes: give the option wasm a module, as storefront-session/storefront_session_bg.wasm gives it";
    return lasting(/embedder/.test(message) ? host : page, cause);
  }
  const told = `storefront_session_bg.wasm could not be loaded: ${message}. ${advice}`;
  // Node names what its file system refuses.
  return code ? lasting(told, cause) : { code: "network", message: told, retryable: true, cause };
}
