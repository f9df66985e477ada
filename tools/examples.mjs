// npm run test:examples: a storefront's tests with Vitest and with Playwright, as examples/ shows them. They install what they
// need from their own lock files, and are therefore outside npm test.

import { join } from "node:path";

import { findBrowser, installBrowser } from "./lib/browser.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, run, script } from "./lib/run.mjs";

script(async () => {
  await installBrowser();
  await buildPackage();
  for (const name of ["vitest", "playwright"]) {
    const cwd = join(root, "examples", name);
    await run("npm", ["ci"], { cwd });
    await run("npm", ["test"], { cwd, env: { CHROMIUM: findBrowser() } });
  }
});
