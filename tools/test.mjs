// npm test: everything that is checked, in order, up to the first failure. `npm test -- native e2e` runs those steps only.

import { readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { installBrowser, webdriverConfig } from "./lib/browser.mjs";
import { buildPackage } from "./lib/package.mjs";
import { freePort } from "./lib/ports.mjs";
import { installRedis } from "./lib/redis.mjs";
import { writeReference } from "./lib/reference.mjs";
import { checkExports } from "./lib/release.mjs";
import { root, run, script } from "./lib/run.mjs";
import { simulate, writeLives } from "./lib/simulator.mjs";
import { startSandbox } from "./lib/sandbox.mjs";
import { bytesInScript, entrySizes, sizes } from "./lib/size.mjs";
import { installPackages, installRust, installTools, wasmTarget } from "./lib/toolchain.mjs";

// What a page loads today, and a little more: it must not grow unseen. The aim is 39,936 bytes, then 32 KiB.
const maxBrotli = 57_613;

// What a visitor who comes back loads before his first call: the aim, which must be kept.
const maxLight = 6_144;

// What each entry over a session may add: issue 15's figure.
const maxEntry = 1_536;

/** The tests of a folder in Node.js. The time is for a whole file: only what hangs is to reach it, and then CI says which. */
function nodeTests(folder, names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.mjs"))) {
  return run("node", ["--test", "--test-reporter=spec", "--test-timeout=900000", ...names.map((name) => join(folder, name))]);
}

const steps = {
  fmt: {
    title: "Rust formatting",
    async run() {
      await run("cargo", ["fmt", "--all", "--check"]);
      await run("cargo", ["fmt", "--manifest-path", "tools/Cargo.toml", "--check"]);
    },
  },
  clippy: {
    title: "clippy, natively and for WebAssembly",
    async run() {
      await run("cargo", ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]);
      await run("cargo", ["clippy", "--locked", "--lib", "--tests", "--target", wasmTarget, "--", "-D", "warnings"]);
      await run("cargo", ["clippy", "--locked", "--package", "sandbox-node", "--target", wasmTarget, "--", "-D", "warnings"]);
    },
  },
  native: {
    title: "native tests",
    run: () => run("cargo", ["test", "--locked", "--workspace"]),
  },
  sim: {
    title: "the laws, in 20,000 simulated lives of a session",
    run: () => simulate(["the_laws_hold", "--nocapture"]),
  },
  docs: {
    title: "documentation, natively and for WebAssembly",
    async run() {
      const env = { RUSTDOCFLAGS: "-D warnings" };
      await run("cargo", ["doc", "--locked", "--no-deps", "--workspace"], { env });
      await run("cargo", ["doc", "--locked", "--no-deps", "--target", wasmTarget], { env });
    },
  },
  openapi: {
    title: "the sandbox's answers against the official OpenAPI files, where OPENAPI_DIR names their folder",
    run: () => run("node", ["tools/check-openapi.mjs", process.env.OPENAPI_DIR ?? ""]),
  },
  build: {
    title: "build of the npm package",
    run: buildPackage,
  },
  tools: {
    title: "tests of the build, and of what it packs",
    needs: "build",
    run: () => nodeTests("tests/tools"),
  },
  light: {
    title: "what is loaded first, against 2,000 simulated lives",
    needs: "build",
    async run() {
      await writeLives();
      await nodeTests("tests/light", ["records.test.mjs", "laws.test.mjs"]);
    },
  },
  server: {
    title: "sessions on servers, in memory and in a real Redis, against the sandbox",
    needs: "build",
    async run() {
      await installRedis();
      await nodeTests("tests/server");
    },
  },
  types: {
    title: "TypeScript types",
    needs: "build",
    async run() {
      for (const project of ["tests/types", "tests/types/server", "tests/types/bindings"]) await run("node_modules/.bin/tsc", ["--project", project]);
    },
  },
  exports: {
    title: "what the package exports, as resolvers and TypeScript see it",
    needs: "build",
    run: checkExports,
  },
  reference: {
    title: "the reference of the API, made from the types without a warning",
    needs: "build",
    run: writeReference,
  },
  sandbox: {
    title: "the sandbox, cargo's and the npm package's",
    needs: "build",
    run: () => nodeTests("tests/sandbox"),
  },
  wasm: {
    title: "wasm-pack tests in Chromium against the sandbox",
    browser: true,
    async run() {
      const tools = await installTools("test");
      // The address is compiled into the tests, so a port that stays the same spares compiling them again.
      const sandbox = await startSandbox({ port: await freePort(8790) });
      await run("wasm-pack", ["test", "--headless", "--chrome", "--mode", "no-install", "--", "--locked"], {
        env: {
          PATH: `${tools}${delimiter}${process.env.PATH}`,
          SANDBOX_URL: sandbox.url,
          WASM_BINDGEN_TEST_WEBDRIVER_JSON: webdriverConfig,
        },
      });
      await sandbox.stop();
    },
  },
  entries: {
    title: "the package's entries in Node against the sandbox",
    needs: "build",
    run: () => nodeTests("tests/entries"),
  },
  e2e: {
    title: "JavaScript tests in Chromium against the sandbox",
    needs: "build",
    browser: true,
    run: () => nodeTests("tests/e2e"),
  },
  hosts: {
    title: "the packed package in Vite, Next.js, webpack, Jest and Node.js",
    needs: "build",
    browser: true,
    run: () => run("node", ["tools/consumers.mjs", "--core"]),
  },
  size: {
    title: "size of what a page loads",
    needs: "build",
    run() {
      const table = sizes();
      console.table(table);
      if (table["index.js"].brotli > maxLight) throw new Error(`index.js has more than ${maxLight} bytes with Brotli`);
      if (table.total.brotli > maxBrotli) throw new Error(`more than ${maxBrotli} bytes with Brotli`);
      const { said, are } = bytesInScript();
      if (`${said}` !== `${are}`) throw new Error(`README says ${said} kB of the bytes in a script; they are ${are}`);
      const entries = entrySizes();
      console.table(entries);
      for (const [name, { brotli }] of Object.entries(entries)) {
        if (brotli > maxEntry) throw new Error(`${name} has more than ${maxEntry} bytes with Brotli`);
      }
      // wasm-bindgen leaves this section in, wasm-opt is told to remove it.
      const module = new WebAssembly.Module(readFileSync(join(root, "dist/storefront_session_bg.wasm")));
      if (WebAssembly.Module.customSections(module, "producers").length > 0) throw new Error("wasm-opt has not run");
    },
  },
};

script(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in steps));
  if (unknown.length > 0) throw new Error(`no step ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`);
  const needed = wanted.flatMap((name) => [name, steps[name].needs]);
  const chosen = Object.keys(steps).filter((name) => wanted.length === 0 || needed.includes(name));

  await installRust();
  await installPackages();
  if (chosen.some((name) => steps[name].browser)) await installBrowser();

  const summary = [];
  let failure;
  for (const name of chosen) {
    console.log(`\n== ${name}: ${steps[name].title}`);
    const begin = performance.now();
    try {
      await steps[name].run();
    } catch (error) {
      failure = error;
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    summary.push(`${(failure ? "FAILED" : "ok").padEnd(8)}${name.padEnd(10)}${seconds.padStart(7)} s`);
    if (failure) break;
  }
  console.log(`\n== summary\n${summary.join("\n")}`);
  if (failure) throw failure;
});
