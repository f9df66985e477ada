/** Loads what the bundler may have put into files of their own; and begins with the WebAssembly at the same time as with the core. */

import { addressOf, retried } from "./retried.js";

let loading;
let early;

/** The class `Core`, and what gives the WebAssembly. `locate` gives its address, its answer or its bytes. */
export async function loadCore(locate) {
  if (!loading) early ??= begin(locate);
  loading ??= importCore().catch((error) => {
    loading = early = undefined;
    return explain(error);
  });
  const { Core } = await loading;
  const wasm = () => {
    const begun = early ?? locate();
    early = undefined;
    return begun;
  };
  return { Core, wasm };
}

/** For who knows that it will be needed. */
export function preload(locate) {
  loadCore(locate)
    .then(({ Core, wasm }) => Core.load(wasm))
    .catch(() => {});
}

/** It is waited for later. */
function begin(locate) {
  const begun = (async () => locate())();
  begun.catch(() => {});
  return begun;
}

const first = () => import("./core.js");
const importCore = retried(first, "Core");

/** Rejected with what came instead of the core, which the error of `import()` does not tell. Without queries and quotations, which may be secrets. */
async function explain(error) {
  const asked = addressOf(first) ?? error?.request;
  const answer = asked && (await fetch(asked).catch(() => {}));
  const kind = answer?.ok ? answer.headers.get("Content-Type") : answer?.status;
  const retryable = error?.name !== "SyntaxError" && (!answer?.ok || /script/.test(kind));
  const told = answer ? `: ${answer.url.replace(/[?#].*/, "")} gave ${kind}` : "";
  const message = `the session module could not be loaded${told}`;
  throw { code: retryable ? "network" : "internal", message, retryable, cause: new Error(`import() failed with ${error?.name}`) };
}
