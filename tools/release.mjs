// npm run release -- --dry-run: builds the package, packs and checks it, and prints what would be published.
// With --test it runs `npm test` first; otherwise it says that this is left to whoever releases.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildPackage } from "./lib/package.mjs";
import { writeReference } from "./lib/reference.mjs";
import { checkExports, contentsOf, newestOf, obstacles, releaseState } from "./lib/release.mjs";
import { output, run, script } from "./lib/run.mjs";
import { sizes } from "./lib/size.mjs";

script(async () => {
  if (!process.argv.includes("--dry-run")) {
    throw new Error("publishing is not enabled yet: `npm run release -- --dry-run` shows what would be published");
  }
  const state = await releaseState();
  const found = obstacles(state);
  if (found.length > 0) throw new Error(`no release: ${found.join("\n")}`);

  if (process.argv.includes("--test")) await run("npm", ["test"]);
  else await buildPackage();
  await run("node", ["--test", "--test-reporter=spec", "tests/tools/contents.test.mjs"]);
  await checkExports();
  await writeReference();

  const folder = mkdtempSync(join(tmpdir(), "release-"));
  try {
    const [packed] = JSON.parse(await output("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", folder]));
    console.log(`\n${contentsOf(packed)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  // The build writes into folders that git ignores: whatever else has changed was not what the commit says.
  const { status } = await releaseState();
  if (status.trim() !== "") throw new Error(`the build has changed the tree:\n${status}`);
  console.table(sizes());
  console.log(`commit ${state.commit}, licence ${state.manifest.license}, CHANGELOG.md begins with ${newestOf(state.changelog)}`);
  console.log(process.argv.includes("--test") ? "tests: `npm test` has passed" : "tests: not run here; `npm test` runs them, or this command with --test");
  console.log("reproducible: `npm run test:reproducible` builds once more and compares");
  console.log("provenance: none; `npm publish --provenance` attests it where the release is built by a workflow with an identity token");
  console.log("Nothing was published: this is a dry run.");
});
