// A host as its users have it: its own packages, and ours as the registry would give it.

import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { output, root, run } from "../run.mjs";

/** What npm would publish, as a file. */
export async function packed() {
  const folder = join(root, "target/consumers");
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(await output("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", folder]));
  return join(folder, filename);
}

export async function install({ folder, caches = [] }, tarball) {
  const written = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const hasPackages = existsSync(join(folder, "package-lock.json"));
  if (hasPackages && written("node_modules/.package-lock.json") < written("package-lock.json")) {
    await run("npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: folder });
  }
  // What was built of another package of ours, under the same version.
  for (const cache of ["node_modules/.vite", "node_modules/.cache", ...caches]) rmSync(join(folder, cache), { recursive: true, force: true });
  const ours = join(folder, "node_modules/storefront-session");
  rmSync(ours, { recursive: true, force: true });
  mkdirSync(ours, { recursive: true });
  await run("tar", ["--extract", "--gzip", "--file", tarball, "--directory", ours, "--strip-components=1"]);
}

/** All hosts together are gigabytes. Those that npm test comes back to may keep their packages. */
export function tidy({ folder, caches = [] }, isKept) {
  for (const path of [...caches, ...(isKept ? [] : ["node_modules"])]) rmSync(join(folder, path), { recursive: true, force: true });
}

/** The programs of the host's packages come first, and a Node of its own where it names one. */
export function pathOf({ folder, node }) {
  const bins = [join(folder, "node_modules/.bin")];
  if (node) bins.unshift(join(folder, `node_modules/${node}/bin`));
  return [...bins, process.env.PATH].join(":");
}
