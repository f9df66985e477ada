import { readFileSync } from "node:fs";
import { join } from "node:path";

import { output, root, run } from "./run.mjs";

/** What the package exports, as resolvers and TypeScript see it. */
export async function checkExports() {
  await run("node_modules/.bin/publint", ["--strict"]);
  // The .wasm has no types, some entries are no CommonJS, and no resolver older than `exports` serves.
  await run("node_modules/.bin/attw", ["--pack", ".", "--profile", "node16", "--exclude-entrypoints", "storefront_session_bg.wasm", "--ignore-rules", "cjs-resolves-to-esm", "--no-emoji"]);
}

/** What a release is made of: the texts, and what git has that is in no commit. */
export async function releaseState() {
  const read = (file) => readFileSync(join(root, file), "utf8");
  return {
    status: await output("git", ["status", "--porcelain"]),
    commit: (await output("git", ["rev-parse", "HEAD"])).trim(),
    manifest: JSON.parse(read("package.json")),
    cargo: read("Cargo.toml"),
    changelog: read("CHANGELOG.md"),
  };
}

/** What stands against a release, in words; nothing where all agrees. */
export function obstacles({ status, manifest, cargo, changelog }) {
  const found = [];
  const { version, license } = manifest;
  if (status.trim() !== "") found.push(`the tree has what is in no commit:\n${status.trimEnd()}`);
  // Of the workspace, which every crate takes both from.
  const workspace = /^\[workspace\.package\]$([^]*?)^(?=\[)/m.exec(cargo)?.[1] ?? "";
  const inCargo = (name) => new RegExp(`^${name} = "(.*)"$`, "m").exec(workspace)?.[1];
  for (const [name, value] of Object.entries({ version, license })) {
    if (inCargo(name) !== value) found.push(`${name}: package.json has ${value}, Cargo.toml ${inCargo(name)}`);
  }
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) found.push(`${version} is no version`);
  const newest = newestOf(changelog);
  if (newest !== version && newest !== "Unreleased") found.push(`version: package.json has ${version}, CHANGELOG.md begins with ${newest}`);
  if (manifest.private !== true) found.push("package.json is not private, though publishing is not enabled yet");
  return found;
}

/** The version that the changelog begins with. */
export const newestOf = (changelog) => /^## \[?([^\s\]]+)/m.exec(changelog)?.[1];

/** What `npm pack` made, as a table for people: name, version, files, sizes and integrity. */
export function contentsOf({ id, filename, size, unpackedSize, integrity, shasum, files }) {
  const rows = files.map(({ path, size }) => `${String(size).padStart(9)}  ${path}`);
  const sum = [`${id}: ${filename}`, `${files.length} files, ${unpackedSize} bytes, packed ${size}`, `integrity ${integrity}`, `shasum ${shasum}`];
  return [...rows, "", ...sum].join("\n");
}
