import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { output, root, run } from "./run.mjs";
import { installPackages, installRust, installRustSource, installTools, targetFolder, wasmTarget } from "./toolchain.mjs";

const wasm = "storefront_session_bg.wasm";

/** Writes the npm package's files to dist/. */
export async function buildPackage() {
  await installRust();
  await installPackages();
  const target = await targetFolder();
  const compiled = await compile(target);
  const bound = join(target, "wasm-bindgen");
  const optimised = join(target, "wasm-opt.wasm");
  const names = join(target, "wasm-opt.json");
  const recipe = ["package-lock.json", "tools/Cargo.lock", "tools/lib/package.mjs", "tools/src/bin/bind.rs"];
  if (!isNewer(names, [compiled, ...recipe.map((file) => join(root, file))])) {
    rmSync(bound, { recursive: true, force: true });
    await run(join(await installTools(), "bind"), [compiled, bound]);
    writeFileSync(names, await optimise(join(bound, wasm), optimised));
  }

  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  await bundle(bound, JSON.parse(readFileSync(names, "utf8")), dist);
  cpSync(join(root, "npm/index.d.ts"), join(dist, "index.d.ts"));
  cpSync(optimised, join(dist, wasm));
}

/**
 * The standard library is compiled along, so that it is small too and its panics trap at once, without the words and what
 * formats them: shipped code cannot panic. Stable Rust hides this behind RUSTC_BOOTSTRAP; only what is shipped is built so.
 */
async function compile(target) {
  await installRustSource();
  const std = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const crate = ["--release", "--lib", "--package", "storefront-session", "--target", wasmTarget];
  const env = {
    RUSTC_BOOTSTRAP: "1",
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-Zunstable-options -Zlocation-detail=none -Cpanic=immediate-abort -Clink-arg=-zstack-size=65536",
  };
  await run("cargo", ["build", ...std, ...crate], { env });
  return join(target, wasmTarget, "release/storefront_session.wasm");
}

/** One file for browsers and one for Node: npm/ and the glue, which is watched for traps (see npm/trap.js). */
async function bundle(bound, names, dist) {
  // Loaded late: the packages may have been missing when this module was.
  const { build } = await import("esbuild");
  const written = readFileSync(join(bound, "storefront_session.js"), "utf8");
  const glue = useShortNames(watchTraps(written, names), names);
  await build({
    absWorkingDir: root,
    entryPoints: ["npm/index.js", "npm/node.js"],
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome100", "firefox102", "safari16"],
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
function watchTraps(glue, { exports }) {
  const callbacks = exports.filter(([name]) => /invoke|destroy_closure/.test(name)).map(([, name]) => name);
  const guarded = (exports) => `wasm = guard(${exports}, ${JSON.stringify(callbacks)});`;
  const changes = [
    ["wasm = instance.exports;", guarded("instance.exports")],
    ["wasm = wasmInstance.exports;", guarded("wasmInstance.exports")],
    ["throw new Error('Cannot invoke closure from previous WASM instance');", "return;"],
  ];
  let watched = `import { guard } from "./trap.js";\n${glue}`;
  for (const [from, to] of changes) {
    if (!watched.includes(from)) throw new Error(`wasm-bindgen's glue has changed: no \`${from}\``);
    watched = watched.replaceAll(from, to);
  }
  return watched;
}

/** Imports and exports have the names that wasm-opt gave them. wasm-bindgen's own are long, and no packer can shorten them. */
function useShortNames(glue, { imports, exports }) {
  const short = new Map([...imports.map(([, name, to]) => [name, to]), ...exports]);
  return glue
    .replace(/(?<=^ +)\w+(?=: function\()/gm, (name) => short.get(name) ?? name)
    .replace('"./storefront_session_bg.js": import0', "a: import0")
    .replace(/(?<=\bwasm\.)\w+/g, (name) => short.get(name) ?? name);
}

/** Writes the smaller module to `file`; the names that imports and exports now have, as JSON. */
async function optimise(input, file) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  // What is called once is left where it is, what is tiny is not, and kin lie side by side: more bytes, but fewer when packed.
  const inline = ["--one-caller-inline-max-function-size=0", "--always-inline-max-function-size=6"];
  const again = ["--local-cse", "-Oz", "--reorder-functions-by-name"];
  const passes = ["-Oz", ...inline, ...again, "--minify-imports-and-exports-and-modules", ...strip];
  return output(join(root, "node_modules/.bin/wasm-opt"), [input, ...passes, "--output", file]);
}

// By the inputs' ctime, not their mtime: cargo may link an older file back into place, for example when a profile is
// changed to and fro.
function isNewer(file, inputs) {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).ctimeMs < written);
}
