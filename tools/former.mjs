// npm run test:former: a tab of the last version that kept the record of any address under one key, beside a tab of this one.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { installBrowser } from "./lib/browser.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, run, script } from "./lib/run.mjs";
import { targetFolder } from "./lib/toolchain.mjs";

const ref = "99f887172993";

script(async () => {
  await installBrowser();
  await buildPackage();
  const folder = join(await targetFolder(), "former", ref);
  const dist = join(folder, "dist");
  if (!existsSync(dist)) {
    mkdirSync(folder, { recursive: true });
    await run("sh", ["-c", `git archive ${ref} | tar -x -C "${folder}"`]);
    await run("npm", ["ci"], { cwd: folder });
    await run("node", ["tools/build.mjs"], { cwd: folder });
  }
  await run("node", ["--test", "--test-reporter=spec", "tests/e2e/former.test.mjs"], { cwd: root, env: { FORMER_DIST: dist } });
});
