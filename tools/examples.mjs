// npm run test:examples: the shops of examples/ in a real browser, those of servers with two processes and Redis, and a storefront's
// tests with Vitest and with Playwright. They install what they need from their own lock files, and are therefore outside npm
// test. `npm run test:examples -- react vue` takes those alone.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { findBrowser, installBrowser } from "./lib/browser.mjs";
import { install, packed } from "./lib/consumers/install.mjs";
import { buildPackage } from "./lib/package.mjs";
import { installRedis } from "./lib/redis.mjs";
import { root, run, script } from "./lib/run.mjs";

script(async () => {
  await buildPackage();
  await installBrowser();
  await installRedis();
  const tarball = await packed();
  const wanted = process.argv.slice(2);
  const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
  const examples = join(root, "examples");
  for (const name of readdirSync(examples).filter(isWanted)) {
    const cwd = join(examples, name);
    // Their own copy of the package: from a link it would find this project's frameworks.
    await install({ folder: cwd }, tarball);
    await run("npm", ["run", "--if-present", "build"], { cwd, env: { NEXT_TELEMETRY_DISABLED: "1" } });
    await run("npm", ["run", "--if-present", "test"], { cwd, env: { CHROMIUM: findBrowser() } });
  }
  const files = readdirSync(join(root, "tests/examples")).filter((name) => name.endsWith(".test.mjs") && isWanted(name.split(".")[0]));
  if (files.length === 0) return;
  await run("node", ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files.map((file) => join("tests/examples", file))]);
});
