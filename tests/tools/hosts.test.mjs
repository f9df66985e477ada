// The entries for hosts that are no page, as they lie in dist/, which must have been built.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createContext, runInContext, runInNewContext } from "node:vm";

import { build } from "esbuild";

import { output, root } from "../../tools/lib/run.mjs";

const dist = join(root, "dist");
const options = { tenant: "acme", clientId: "storefront", storage: "memory" };
const members = ["SessionError", "SessionManager", "preload"];

const plain = { bundle: true, write: false, logLevel: "error" };

/** Gives a module for `….wasm?module`, as a host at the edge does. */
const host = {
  name: "host",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "host" }));
    onLoad({ filter: /./, namespace: "host" }, () => ({ contents: "export default globalThis.moduleOfTheHost" }));
  },
};

/** What a place may have, throwing where it is touched. */
const poison = `{
  const language = /^(globalThis|undefined|NaN|Infinity|console|Object|Function|Array|.*Array|Number|parse.*|Boolean|String|Symbol|Date|Promise|RegExp|.*Error|JSON|Map|Set|Weak.*|BigInt|Proxy|Reflect|FinalizationRegistry)$/;
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!language.test(name)) Object.defineProperty(globalThis, name, { get() { throw new Error(name + " is touched"); } });
  }
}`;

for (const entry of ["index.js", "inline.js", "core.js", "former.js", "node.js", "edge.js"]) {
  test(`importing ${entry} touches nothing of the place`, async () => {
    const { outputFiles } = await build({ ...plain, entryPoints: [join(dist, entry)], format: "iife", plugins: [host], logOverride: { "empty-import-meta": "silent" } });
    // Of what is not named here a new context has nothing, and what it has is poisoned as well.
    runInNewContext(`${poison}\n${outputFiles[0].text}`, { fetch, Request, Response, URL, AbortController, setTimeout, crypto, atob });
  });
}

test("loading the CommonJS build touches nothing of the place, jsdom's lack of everything included", () => {
  const source = readFileSync(join(dist, "index.cjs"), "utf8");
  const module = { exports: {} };
  runInNewContext(`${poison}\n(function (module, exports) {${source}\n})`, { URL })(module, module.exports);
  assert.deepEqual(Object.keys(module.exports).sort(), members);
});

test("require() gives a build that works, in one file, and its names are found without running it", async () => {
  const { SessionManager, SessionError } = createRequire(import.meta.url)("storefront-session");
  const session = await SessionManager.open(options);
  assert.equal(session.getSnapshot().kind, "anonymous");
  session.close();
  await assert.rejects(SessionManager.open({}), SessionError);
  const source = readFileSync(join(dist, "index.cjs"), "utf8");
  assert.doesNotMatch(source, /\brequire\(|\bimport\((?!\s*\/\*)/);
  assert.match(source, /^"use strict";/);
  assert.deepEqual(Object.keys(await import("../../dist/index.cjs")).filter((name) => name !== "default").sort(), members);
});

for (const format of ["esm", "cjs"]) {
  test(`Node needs no file beside the script, also where a bundler has moved it: ${format}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "moved-"));
    try {
      const contents = `import { SessionManager } from "storefront-session";
        SessionManager.open(${JSON.stringify(options)}).then((session) => console.log(session.getSnapshot().kind));`;
      const outfile = join(folder, format === "esm" ? "app.mjs" : "app.cjs");
      await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, platform: "node", format, logLevel: "error" });
      assert.equal((await output(process.execPath, [outfile])).trim(), "anonymous");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("at the edge a module of another realm is taken as it is, and nothing is compiled", async () => {
  const bytes = readFileSync(join(dist, "storefront_session_bg.wasm"));
  globalThis.moduleOfTheHost = runInNewContext("new WebAssembly.Module(bytes)", { bytes });
  assert.ok(!(moduleOfTheHost instanceof WebAssembly.Module));
  for (const condition of ["workerd", "edge-light"]) {
    const stdin = { contents: `export * from "storefront-session";`, resolveDir: root };
    const { outputFiles } = await build({ ...plain, stdin, format: "esm", conditions: [condition], plugins: [host] });
    const source = outputFiles[0].text;
    const { SessionManager } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
    const { compile } = WebAssembly;
    WebAssembly.compile = () => assert.fail("bytes are compiled");
    try {
      const session = await SessionManager.open(options);
      assert.equal(session.getSnapshot().kind, "anonymous", condition);
      session.close();
    } finally {
      WebAssembly.compile = compile;
    }
  }
});

for (const wasm of ["nothing", "bytes"]) {
  test(`where a host compiles no bytes and ${wasm} is given as the option wasm, the error says what to give, and no script is loaded in vain`, async () => {
    // As of a bundler that does not know the host's condition.
    const contents = `export * from ${JSON.stringify(join(dist, "index.js"))};`;
    const stdin = { contents, resolveDir: root };
    const { outputFiles } = await build({ ...plain, stdin, format: "iife", globalName: "ours", logOverride: { "empty-import-meta": "silent" } });
    const bytes = readFileSync(join(dist, "storefront_session_bg.wasm"));
    const place = { fetch, Request, Response, Headers, URL, AbortController, AbortSignal, setTimeout, clearTimeout, TextDecoder, TextEncoder, atob };
    const context = createContext({ ...place, options: { ...options, wasm: wasm === "bytes" ? bytes : undefined } }, { codeGeneration: { strings: true, wasm: false } });
    const error = await runInContext(`${outputFiles[0].text}\nours.SessionManager.open(options).catch((error) => error);`, context);
    assert.deepEqual([error.code, error.retryable], ["internal", false], error.message);
    assert.match(error.message, /this host compiles no bytes: give the option wasm a module/);
  });
}

test("no call that compiles has an await in its brackets: a bundler for the edge puts a plain function around it", () => {
  for (const file of readdirSync(dist).filter((name) => /\.c?js$/.test(name) && !name.includes("bytes"))) {
    const source = readFileSync(join(dist, file), "utf8");
    for (const { index } of source.matchAll(/WebAssembly\.\w+\(/g)) {
      const call = source.slice(index, source.indexOf(")", index) + 1);
      assert.doesNotMatch(call, /\bawait\b/, `${file}: ${call}`);
    }
  }
});
