import { join } from "node:path";

import { root, run } from "./run.mjs";
import { installFolder } from "./toolchain.mjs";

/**
 * Writes the reference of the package's API to target/api, made from the types in dist/. Any warning is an error: a link that
 * leads nowhere, a type that is used and not exported.
 */
export async function writeReference() {
  // Packages of its own: TypeDoc wants an older TypeScript than the rest.
  await installFolder("tools/docs");
  await run("node_modules/.bin/typedoc", [], { cwd: join(root, "tools/docs") });
}
