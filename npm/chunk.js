/** Loads `core.js`, which the bundler may have put into a file of its own; and begins with the WebAssembly at the same time. */

let loading;
let early;
let again = 0;
/** Where the last attempt has failed: browsers do not ask for that address again. */
let failed;

/** The class `Core`, and what gives the WebAssembly. `locate` gives its address, its answer or its bytes. */
export async function loadCore(locate) {
  if (!loading) early ??= begin(locate);
  loading ??= importCore().catch((error) => {
    loading = undefined;
    failed = /https?:\S+/.exec(error?.message)?.[0];
    const message = "a part of the session module could not be loaded";
    throw { code: "network", message, retryable: true, cause: error };
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

function importCore() {
  if (!failed) return import("./core.js");
  const { href } = Object.assign(new URL(failed), { search: `again=${(again += 1)}` });
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ href);
}
