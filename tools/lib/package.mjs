import { cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";

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
  await bundle(bound, dist);
  cpSync(join(root, "npm/index.d.ts"), join(dist, "index.d.ts"));
  cpSync(optimised, join(dist, wasm));
}

/** One file for browsers and one for Node: npm/ and the glue, which is watched for traps (see npm/trap.js). */
async function bundle(bound, dist) {
  // Loaded late: the packages may have been missing when this module was.
  const { build } = await import("esbuild");
  const glue = watchTraps(readFileSync(join(bound, "storefront_session.js"), "utf8"));
  await build({
    absWorkingDir: root,
    entryPoints: ["npm/index.js", "npm/node.js"],
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "glue",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\/storefront_session\.js$/ }, () => ({ path: "glue.js", namespace: "glue" }));
          // wasm-bindgen's copies of what the crate imports from npm/.
          onResolve({ filter: /^\.\/snippets\// }, ({ path }) => ({ path: join(root, "npm", basename(path)) }));
          onLoad({ filter: /./, namespace: "glue" }, () => ({ contents: glue, resolveDir: join(root, "npm") }));
        },
      },
    ],
  });
}

/**
 * The glue calls the module's exports through `wasm`: a guard between them sees every trap. And closures of an instance
 * that has failed do nothing where they would throw at whoever still calls them.
 */
function watchTraps(glue) {
  const changes = [
    ["wasm = instance.exports;", "wasm = guard(instance.exports);"],
    ["wasm = wasmInstance.exports;", "wasm = guard(wasmInstance.exports);"],
    ["throw new Error('Cannot invoke closure from previous WASM instance');", "return;"],
  ];
  let watched = `import { guard } from "./trap.js";\n${glue}`;
  for (const [from, to] of changes) {
    if (!watched.includes(from)) throw new Error(`wasm-bindgen's glue has changed: no \`${from}\``);
    watched = watched.replaceAll(from, to);
  }
  return watched;
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
