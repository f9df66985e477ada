// What the npm package holds, as npm would pack it now: dist/ must have been built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { output, root } from "../../tools/lib/run.mjs";
import { wasmTarget } from "../../tools/lib/toolchain.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");

test("the package has what it exports, both licences and the notice, and nothing else", async () => {
  const [{ files }] = JSON.parse(await output("npm", ["pack", "--dry-run", "--json", "--loglevel=error"]));
  // What the entries for Node have in common is named by its content.
  const paths = files.map(({ path }) => path).filter((path) => !/^dist\/node-[A-Z0-9]{8}\.js(\.map)?$/.test(path));
  assert.ok(paths.length < files.length);
  const scripts = [
    ..."adopt.js core.js customer.js debug.js edge.js expected.js explain.js former.js index.cjs index.js inline.js inspector.js node.js redact.cjs redact.js redis.js server.js validate.js".split(" "),
    ..."react.js react.cjs vue.js vue.cjs svelte.js sandbox/cli.js sandbox/index.js".split(" "),
  ];
  const expected = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "dist/THIRD-PARTY-NOTICES.txt",
    ...scripts.flatMap((it) => [`dist/${it}`, `dist/${it}.map`]),
    ...["account", "company", "context", "service", "sso"].flatMap((it) => ["js", "cjs", "d.ts", "d.cts"].map((kind) => `dist/${it}.${kind}`)),
    "dist/service-refused.js",
    ...["index", "react", "redact", "vue"].map((it) => `dist/${it}.d.cts`),
    ...["index", "inspector", "react", "redact", "redis", "server", "svelte", "vue"].map((it) => `dist/${it}.d.ts`),
    "dist/sandbox/index.d.ts",
    "dist/sandbox/sandbox.wasm",
    "dist/storefront_session_bg.wasm",
    "dist/storefront_session_bytes.js",
    "package.json",
  ];
  assert.deepEqual(paths.sort(), expected.sort());
  assert.match(read("LICENSE-MIT"), /^Copyright \(c\) \d{4} .+\n\nPermission is hereby granted/);
  assert.match(read("LICENSE-APACHE"), /Apache License\s+Version 2\.0/);
});

test("a bundler puts the core into a file of its own, whose address the entry finds, and leaves the second import alone", async () => {
  const { build } = await import("esbuild");
  const options = { bundle: true, splitting: true, minify: true, format: "esm", write: false, outdir: "out", logLevel: "silent" };
  const { outputFiles, warnings } = await build({ absWorkingDir: root, entryPoints: ["dist/index.js"], ...options });
  assert.deepEqual(warnings, []);
  const entry = outputFiles.find(({ path }) => path.endsWith("index.js")).text;
  // As npm/chunk.js looks for it in its own text.
  const [, core] = /import\(["'`](.+?)["'`]\)/.exec(entry);
  assert.ok(outputFiles.some(({ path, text }) => path.endsWith(core.slice(1)) && text.includes("as Core}")), core);
  for (const comment of ["webpackIgnore: true", "@vite-ignore"]) assert.ok(read("dist/index.js").includes(`/* ${comment} */`), comment);
});

test("the notice names every crate that is compiled in, with the text of its licence", async () => {
  const notice = read("dist/THIRD-PARTY-NOTICES.txt");
  const [list, ...parts] = notice.split(/^-{80}$/m);
  // Who they are stands above each text.
  const titles = parts.filter((_, index) => index % 2 === 0).map((title) => title.trim().split(", "));
  const texts = parts.filter((_, index) => index % 2 === 1);
  const has = (crate) => {
    assert.ok(list.includes(`  ${crate}: `), `${crate} is not in the list`);
    const own = texts.filter((_, index) => titles[index].includes(crate));
    assert.ok(own.some((text) => /Permission is hereby granted/.test(text)), `${crate} is without the MIT licence`);
    return own;
  };

  const packages = ["--package", "storefront-session", "--package", "sandbox-node"];
  const args = ["tree", "--locked", ...packages, "--target", wasmTarget];
  const tree = await output("cargo", [...args, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
  const crates = new Set(tree.split("\n").map((line) => /^(\S+) v(\S+)/.exec(line)).filter(Boolean).map(([, name, version]) => `${name} ${version}`));
  for (const own of ["storefront-session", "sandbox", "sandbox-node"]) crates.delete(`${own} 0.1.0`);
  assert.ok(crates.size > 20);
  for (const crate of crates) has(crate);
  for (const crate of ["alloc", "core", "std"]) has(crate);
  // These two may be had under the MIT licence only, so that their authors must be named.
  for (const [name, author] of [["talc", "Shaun Beautement"], ["serde-wasm-bindgen", "Cloudflare"]]) {
    const crate = [...crates].find((crate) => crate.startsWith(`${name} `));
    assert.ok(has(crate).some((text) => text.includes(author)), `${crate}: ${author}`);
  }
  const unicode = [...crates].find((crate) => crate.startsWith("unicode-ident "));
  assert.ok(!unicode || has(unicode).some((text) => text.includes("Unicode, Inc.")));
  assert.ok(!notice.includes(root), "no path of this machine");
});
