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
    const cwd = join(root, "examples", name);
    await run("npm", ["ci", "--loglevel=error"], { cwd });
    await run("npm", ["run", "--if-present", "build"], { cwd, env: { NEXT_TELEMETRY_DISABLED: "1" } });
  }
  const files = readdirSync(join(root, "tests/examples")).filter((name) => name.endsWith(".test.mjs"));
  await run("node", ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files.map((file) => join("tests/examples", file))]);
});
