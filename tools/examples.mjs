// npm run test:examples: the shops of examples/ in a real browser, with two processes and Redis, and a storefront's tests with
// Vitest and with Playwright. They install what they need from their own lock files, and are therefore outside npm test.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { findBrowser, installBrowser } from "./lib/browser.mjs";
import { buildPackage } from "./lib/package.mjs";
import { installRedis } from "./lib/redis.mjs";
import { root, run, script } from "./lib/run.mjs";

script(async () => {
  await buildPackage();
  await installBrowser();
  await installRedis();
  const examples = join(root, "examples");
  for (const name of readdirSync(examples)) {
    const cwd = join(examples, name);
    await run("npm", ["ci", "--loglevel=error"], { cwd });
    await run("npm", ["run", "--if-present", "build"], { cwd, env: { NEXT_TELEMETRY_DISABLED: "1" } });
    await run("npm", ["run", "--if-present", "test"], { cwd, env: { CHROMIUM: findBrowser() } });
  }
  const files = readdirSync(join(root, "tests/examples")).filter((name) => name.endsWith(".test.mjs"));
  await run("node", ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files.map((file) => join("tests/examples", file))]);
});
