/**
 * Where this code runs: in a browser's "page", in a browser's "worker", or on a "server". Asked here only, so that shared
 * instances, storage and listeners follow one fact. `it` has the globals.
 *
 * Servers show single globals of a browser: Deno a localStorage that all visitors share and a `Window`, Node a localStorage,
 * others a `self` that calls itself a worker's scope, or a document of templates. A document that is shown, be it by jsdom
 * in a test, tells whether it is visible; a browser's worker has `importScripts`, also where it may not be called.
 */
export function placeOf(it) {
  if (!it.Deno && it.window && it.document?.visibilityState) return "page";
  return !it.Deno && it.WorkerGlobalScope && it.importScripts ? "worker" : "server";
}
