import { existsSync } from "node:fs";
import { join } from "node:path";

import { isNewer } from "./files.mjs";
import { root, run } from "./run.mjs";

/**
 * Writes the reference of the package's API to target/api, made from the types in dist/. Any warning is an error: a link that
 * leads nowhere, a type that is used and not exported.
 */
export async function writeReference() {
  // Packages of its own: TypeDoc wants an older TypeScript than the rest.
  const cwd = join(root, "tools/docs");
  const installed = join(cwd, "node_modules/.package-lock.json");
  if (!existsSync(installed) || !isNewer(installed, [join(cwd, "package-lock.json")])) await run("npm", ["ci", "--loglevel=error"], { cwd });
  await run("node_modules/.bin/typedoc", [], { cwd });
}
