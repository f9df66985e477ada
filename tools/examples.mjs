// npm run test:examples: the shops of examples/ in a real browser, with two processes and Redis.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { installBrowser } from "./lib/browser.mjs";
import { buildPackage } from "./lib/package.mjs";
import { installRedis } from "./lib/redis.mjs";
import { root, run, script } from "./lib/run.mjs";

script(async () => {
  await buildPackage();
  await installBrowser();
  await installRedis();
  for (const name of readdirSync(join(root, "examples"))) {
    await run("npm", ["ci", "--loglevel=error", "--no-audit", "--no-fund"], { cwd: join(root, "examples", name) });
  }
  await run("node", ["--test", "--test-reporter=spec", ...readdirSync(join(root, "tests/examples")).map((file) => join("tests/examples", file))]);
});
