import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { useShortNames, watchTraps } from "./glue.mjs";
import { notices } from "./notices.mjs";
import { output, root, run } from "./run.mjs";
import { tableBase, withoutUnusedEntries } from "./table.mjs";
import { checkCompiler, installPackages, installRust, installRustSource, installTools, targetFolder, wasmTarget } from "./toolchain.mjs";

const wasm = "storefront_session_bg.wasm";

/** Writes the npm package's files to dist/. */
export async function buildPackage() {
  await installRust();
  await installPackages();
  const target = await targetFolder();
  const { compiled, manifests } = await compile(target);
  const bound = join(target, "wasm-bindgen");
  const optimised = join(target, "wasm-opt.wasm");
  const names = join(target, "wasm-opt.json");
  const recipe = ["package-lock.json", "tools/Cargo.lock", "tools/lib/package.mjs", "tools/lib/table.mjs", "tools/src/bin/bind.rs"];
  if (!isNewer(names, [compiled, ...recipe.map((file) => join(root, file))])) {
    rmSync(bound, { recursive: true, force: true });
    await run(join(await installTools(), "bind"), [compiled, bound]);
    const module = join(bound, wasm);
    writeFileSync(module, withoutUnusedEntries(readFileSync(module)));
    writeFileSync(names, await optimise(module, optimised));
  }

  const notice = notices(manifests);
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  await bundle(bound, JSON.parse(readFileSync(names, "utf8")), dist);
  cpSync(join(root, "npm/index.d.ts"), join(dist, "index.d.ts"));
  cpSync(optimised, join(dist, wasm));
  writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), notice);
  // Last, where it is seen.
  await checkCompiler();
}

/**
 * The standard library is compiled along, so that it is small too and its panics trap at once, without the words and what
 * formats them: shipped code cannot panic. Stable Rust hides this behind RUSTC_BOOTSTRAP; only what is shipped is built so.
 */
async function compile(target) {
  await installRustSource();
  const std = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const crate = ["--release", "--lib", "--package", "storefront-session", "--target", wasmTarget];
  const flags = ["-Zunstable-options", "-Zlocation-detail=none", "-Cpanic=immediate-abort", "-Clink-arg=-zstack-size=65536", `-Clink-arg=--table-base=${tableBase}`];
  // This variable comes before all others, so that the flags of somebody's environment change no byte.
  const env = { RUSTC_BOOTSTRAP: "1", CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const messages = await output("cargo", ["build", "--locked", "--message-format=json-render-diagnostics", ...std, ...crate], { env });
  const folder = join(target, wasmTarget, "release");
  // What was compiled for the module, and not only for this machine, such as macros.
  const built = messages.split("\n").filter(Boolean).map(JSON.parse).filter(({ filenames }) => filenames?.some((file) => file.startsWith(folder)));
  return { compiled: join(folder, "storefront_session.wasm"), manifests: built.map((it) => it.manifest_path) };
}

/** Three files for browsers and one for Node: npm/ and the glue, which is watched for traps (see npm/trap.js). */
async function bundle(bound, names, dist) {
  // Loaded late: the packages may have been missing when this module was.
  const [{ build }, { minify }] = await Promise.all([import("esbuild"), import("terser")]);
  const written = readFileSync(join(bound, "storefront_session.js"), "utf8");
  const glue = useShortNames(watchTraps(written, names.exports), names);
  const common = {
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    minifySyntax: true,
    format: "esm",
    target: ["chrome100", "firefox102", "safari16"],
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
  };
  await Promise.all([
    // The core is a file of its own for browsers, which load it later than the rest.
    build({ ...common, entryPoints: ["npm/index.js"], external: ["./core.js"] }),
    build({ ...common, entryPoints: ["npm/core.js"], external: ["./former.js", "./adopt.js"] }),
    build({ ...common, entryPoints: ["npm/former.js", "npm/adopt.js"] }),
    build({ ...common, entryPoints: ["npm/node.js"], external: ["node:*"] }),
  ]);
  // Packs tighter than esbuild does.
  for (const name of ["index.js", "core.js", "former.js", "adopt.js", "node.js"]) {
    const file = join(dist, name);
    const sourceMap = { content: readFileSync(`${file}.map`, "utf8"), url: `${name}.map` };
    const { code, map } = await minify(readFileSync(file, "utf8"), {
      module: true,
      compress: { ecma: 2020, passes: 3, unsafe_arrows: true },
      sourceMap: { ...sourceMap, includeSources: true },
    });
    writeFileSync(file, code);
    writeFileSync(`${file}.map`, map);
  }
}

/** Writes the smaller module to `file`; the names that imports and exports now have, as JSON. */
async function optimise(input, file) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  // What is called once is left where it is unless it is small, what is tiny is not, and kin lie side by side: more bytes, but
  // fewer when packed. The sizes were found by trial.
  const inline = ["--one-caller-inline-max-function-size=30", "--always-inline-max-function-size=3"];
  const again = ["--untee", "--local-cse", "-Os", "--reorder-functions-by-name"];
  // The first 1024 bytes are the stack's last: an address and an offset are one sum without wrapping round.
  const passes = ["-Os", "--low-memory-unused", ...inline, ...again, "--minify-imports-and-exports-and-modules", ...strip];
  return output(join(root, "node_modules/.bin/wasm-opt"), [input, ...passes, "--output", file]);
}

// By the inputs' ctime, not their mtime: cargo may link an older file back into place, for example when a profile is
// changed to and fro.
function isNewer(file, inputs) {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).ctimeMs < written);
}
