import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { bundleEntries } from "./entries.mjs";
import { isNewer } from "./files.mjs";
import { forAnyHost, useShortNames, watchTraps, withoutUnused } from "./glue.mjs";
import { notices } from "./notices.mjs";
import { bundleSandbox, compileSandbox } from "./package-sandbox.mjs";
import { output, root, run } from "./run.mjs";
import { tableBase, withoutUnusedEntries } from "./table.mjs";
import { checkCompiler, installPackages, installRust, installRustSource, installTools, targetFolder, wasmTarget } from "./toolchain.mjs";

const wasm = "storefront_session_bg.wasm";
const spare = "storefront_session_bytes.js";

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

  const sandbox = await compileSandbox(target);

  const notice = notices([...manifests, ...sandbox.manifests]);
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  await bundle(bound, JSON.parse(readFileSync(names, "utf8")), inScript(readFileSync(optimised)), dist);
  writeTypes(dist);
  cpSync(optimised, join(dist, wasm));
  await bundleSandbox(sandbox.bound, dist);
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

/** The WebAssembly as JavaScript. Base64 is what every bundler leaves as it is, and `atob` what every host has. */
const inScript = (module) =>
  `export const bytes = () => Uint8Array.from(atob("${module.toString("base64")}"), (it) => it.charCodeAt(0));\n`;

/** What is made of npm/ and the glue, for which host where it is no page, and what stays a file of its own. */
const outputs = [
  // The core is a file of its own for browsers, which load it later than the rest.
  { entries: ["index.js"], external: ["./core.js", "./debug.js", "./expected.js"] },
  { entries: ["inline.js"], external: ["./core.js", "./debug.js", "./expected.js", `./${spare}`] },
  { entries: ["core.js"], external: ["./adopt.js", "./customer.js", "./explain.js", "./former.js", "./validate.js", `./${spare}`] },
  { entries: ["adopt.js"] },
  { entries: ["validate.js"] },
  { entries: ["expected.js"] },
  { entries: ["explain.js"] },
  { entries: ["debug.js"] },
  { entries: ["customer.js"] },
  { entries: ["former.js"] },
  // One class of errors for all that run in Node, and one module.
  { entries: ["node.js", "server.js", "redis.js"], host: "node", external: [`./${spare}`] },
  { entries: ["edge.js"], host: "edge", external: ["*.wasm?module"] },
  // One file: what is loaded by require() has no import() everywhere (Jest).
  { entries: ["node.js"], host: "node", name: "index.cjs", format: "cjs" },
  { entries: ["redact.js"] },
  { entries: ["redact.js"], host: "node", name: "redact.cjs", format: "cjs" },
  { entries: ["inspector.js"] },
  ...["react.js", "react.cjs", "vue.js", "vue.cjs", "svelte.js"].map(binding),
];

/** For a framework, which stays outside as the package itself does. Svelte is there as modules only. */
function binding(name) {
  const [framework, end] = name.split(".");
  const external = [framework, `${framework}/*`, "storefront-session"];
  const more = end === "cjs" ? { format: "cjs", host: "node" } : {};
  // Next.js: what uses hooks is no part of a server's components.
  return { entries: [`bindings/${framework}.js`], name, external, directive: framework === "react" ? `"use client";` : "", ...more };
}

/** Writes them to `dist`. The glue is watched for traps (see npm/trap.js). */
async function bundle(bound, names, bytes, dist) {
  // Loaded late: the packages may have been missing when this module was.
  const [{ build }, { minify }] = await Promise.all([import("esbuild"), import("terser")]);
  const written = readFileSync(join(bound, "storefront_session.js"), "utf8");
  const glue = useShortNames(forAnyHost(watchTraps(withoutUnused(written), names.exports)), names);
  const generated = { "./storefront_session.js": glue, [`./${spare}`]: bytes };
  const common = {
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    minifySyntax: true,
    loader: { ".css": "text" },
    target: ["chrome100", "firefox102", "safari16"],
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  };
  const sources = ({ host, external }) => ({
    name: "sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/storefront_session(_bytes)?\.js$/ }, ({ path }) => (external.includes(path) ? { path, external: true } : { path, namespace: "generated" }));
      onLoad({ filter: /./, namespace: "generated" }, ({ path }) => ({ contents: generated[path], resolveDir: join(root, "npm") }));
      // wasm-bindgen's copies of what the crate imports from npm/.
      onResolve({ filter: /^\.\/snippets\// }, ({ path }) => ({ path: join(root, "npm", basename(path)) }));
      if (!host) return;
      onResolve({ filter: /^\.\/supply\.js$/ }, () => ({ path: join(root, `npm/supply-${host}.js`) }));
      onResolve({ filter: /^\.\.?\/(chunk|retried)\.js$/ }, ({ path }) => ({ path: join(root, "npm", `${basename(path, ".js")}-none.js`) }));
    },
  });
  // Tighter than esbuild does.
  const packed = (code, { compress, ...more } = {}) =>
    minify(code, { module: true, compress: { ecma: 2020, passes: 3, unsafe_arrows: true, ...compress }, ...more });
  await Promise.all(
    outputs.map(async ({ entries, host, external = [], name, format = "esm", directive = "" }) => {
      const entryPoints = entries.map((entry) => ({ in: join("npm", entry), out: basename(name ?? entry, extname(name ?? entry)) }));
      const own = { entryPoints, format, splitting: entries.length > 1, chunkNames: `${host}-[hash]`, outExtension: { ".js": extname(name ?? entries[0]) } };
      // Deno, and Bun in its exit status, take what is reported for the end of the process.
      const define = host === "node" ? { "globalThis.reportError": "undefined" } : {};
      const { metafile } = await build({ ...common, ...own, define, platform: host === "node" ? "node" : "browser", external, plugins: [sources({ host, external })] });
      for (const path of Object.keys(metafile.outputs).filter((path) => !path.endsWith(".map"))) await pack(join(root, path), directive);
    }),
  );

  async function pack(file, directive) {
    const isCommonJs = extname(file) === ".cjs";
    const written = readFileSync(file, "utf8");
    const { code, map } = await packed(written, {
      // What tells bundlers to leave an address alone.
      format: { comments: /webpackIgnore|@vite-ignore/, preamble: directive + (isCommonJs ? `"use strict";` : "") },
      sourceMap: { content: readFileSync(`${file}.map`, "utf8"), url: `${basename(file)}.map`, includeSources: true },
    });
    writeFileSync(file, isCommonJs ? withNames(code, written) : code);
    writeFileSync(`${file}.map`, withoutBytes(map));
  }
  writeFileSync(join(dist, spare), bytes);
  await bundleEntries(dist, { build, pack: packed, options: { ...common, format: "esm" } });
}

/** The types of each entry, also as CommonJS where it is there as that. */
function writeTypes(dist) {
  for (const file of ["npm", "npm/bindings"].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))) {
    if (!file.endsWith(".d.ts")) continue;
    const types = readFileSync(file, "utf8");
    const name = join(dist, basename(file, ".d.ts"));
    writeFileSync(`${name}.d.ts`, types);
    if (existsSync(`${name}.cjs`)) writeFileSync(`${name}.d.cts`, types.replaceAll('"./index.js"', '"./index.cjs"'));
  }
}

/** With the names of its exports in the form in which Node finds them without running it. */
function withNames(code, written) {
  const [names] = /^0 && \(module\.exports = \{[^}]+\}\);$/m.exec(written);
  return code.replace(/(?=\n\/\/# sourceMappingURL)/, () => `\n${names}`);
}

/** The bytes need not be twice in the package. */
function withoutBytes(map) {
  const { sources, sourcesContent, ...more } = JSON.parse(map);
  return JSON.stringify({ ...more, sources, sourcesContent: sourcesContent?.map((it, index) => (sources[index].endsWith(spare) ? null : it)) });
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
