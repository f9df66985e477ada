// This package as it was, to be measured beside what it is: built from its git ref with its own scripts.

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { root, run } from "../lib/run.mjs";
import { targetFolder } from "../lib/toolchain.mjs";

/** The last commit before a page could do without the WebAssembly. */
export const ref = "f337052";

/** Where the files of that package are, once they are built. */
export const beforeDist = async () => join(await targetFolder(), "before", ref, "dist");

/** Builds it where that was not done yet; of the sources and what they were built with nothing is kept. */
export async function buildBefore() {
  const dist = await beforeDist();
  if (existsSync(dist)) return;
  const source = join(dist, "../source");
  mkdirSync(source, { recursive: true });
  await run("sh", ["-c", 'git archive "$1" | tar -x -C "$2"', "sh", ref, source], { cwd: root });
  await run("npm", ["ci", "--loglevel=error"], { cwd: source });
  // A target folder of somebody's environment would be this checkout's too.
  await run("npm", ["run", "build"], { cwd: source, env: { CARGO_TARGET_DIR: join(source, "target") } });
  // Only a build that came to its end is found there.
  renameSync(join(source, "dist"), dist);
  rmSync(source, { recursive: true, force: true });
}
