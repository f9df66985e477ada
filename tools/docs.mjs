// npm run docs:api: the reference of the package's API, made from its types. Any warning is an error: a link that leads nowhere, a
// type that is used and not exported. Writes target/api/index.html.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { isNewer } from "./lib/files.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, run, script } from "./lib/run.mjs";

script(async () => {
  await buildPackage();
  // Packages of its own: TypeDoc wants an older TypeScript than the rest.
  const cwd = join(root, "tools/docs");
  const installed = join(cwd, "node_modules/.package-lock.json");
  if (!existsSync(installed) || !isNewer(installed, [join(cwd, "package-lock.json")])) await run("npm", ["ci", "--loglevel=error"], { cwd });
  await run("node_modules/.bin/typedoc", [], { cwd });
  console.log("target/api/index.html");
});
