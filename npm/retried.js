/** Parts of the package that are loaded late, and asked for again when that has failed. */

/**
 * What loads the part: `load` is `() => import("…")`, and `name` something that the part has. Most browsers do not ask again for an
 * address that has failed, so the next call asks under another one. Bundlers that load in ways of their own ask again.
 */
export function retried(load, name) {
  let failures = 0;
  return async () => {
    const next = failures && addressOf(load);
    if (next) next.searchParams.set("again", failures);
    try {
      const part = await (next ? import(/* webpackIgnore: true */ /* @vite-ignore */ next) : load());
      return part[name] ? part : fail();
    } catch (error) {
      failures += 1;
      throw error;
    }
  };
}

const fail = () => {
  throw new SyntaxError();
};

/** Where the bundler has put the part: no error of `import()` tells it in every engine. */
export function addressOf(load) {
  const path = /import\(.(.+?).\)/.exec(load)?.[1];
  // Bundlers warn of `new URL(path, import.meta.url)`.
  return path && new URL(path, `${import.meta.url}`);
}
