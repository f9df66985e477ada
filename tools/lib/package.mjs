import { cpSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { root, run } from "./run.mjs";
import { installPackages, installRust, installTools, targetFolder, wasmTarget } from "./toolchain.mjs";

const wasm = "storefront_session_bg.wasm";

/** Writes the npm package's files to dist/. */
export async function buildPackage() {
  await installRust();
  await installPackages();
  await run("cargo", ["build", "--release", "--lib", "--package", "storefront-session", "--target", wasmTarget]);

  const target = await targetFolder();
  const compiled = join(target, wasmTarget, "release/storefront_session.wasm");
  const bound = join(target, "wasm-bindgen");
  const optimised = join(target, "wasm-opt.wasm");
  const recipe = ["package-lock.json", "tools/Cargo.lock", "tools/lib/package.mjs", "tools/src/bin/bind.rs"];
  if (!isNewer(optimised, [compiled, ...recipe.map((file) => join(root, file))])) {
    rmSync(bound, { recursive: true, force: true });
    await run(join(await installTools(), "bind"), [compiled, bound]);
    await optimise(join(bound, wasm), optimised);
  }

  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  for (const folder of [bound, join(root, "npm")]) cpSync(folder, dist, { recursive: true });
  cpSync(optimised, join(dist, wasm));
}

async function optimise(input, file) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  await run(join(root, "node_modules/.bin/wasm-opt"), [input, "-Oz", ...strip, "--output", file]);
}

// By the inputs' ctime, not their mtime: cargo may link an older file back into place, for example when a profile is
// changed to and fro.
function isNewer(file, inputs) {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).ctimeMs < written);
}
