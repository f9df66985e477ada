// node tools/bench/sandbox.mjs: what storefront-session/sandbox costs, beside the program that cargo builds: a test's way to the
// first answer, and an answer without a connection beside a bare `new Request` and `new Response`. dist/ must have been built.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { root, script } from "../lib/run.mjs";
import { buildSandbox } from "../lib/sandbox.mjs";
import { targetFolder } from "../lib/toolchain.mjs";

const LOGIN = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
const MUG = "/product/acme/products/harbour-mug";
const ENTRY = pathToFileURL(join(root, "dist/sandbox/index.js")).href;

const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];

script(async () => {
  await buildSandbox("--quiet");
  const program = join(await targetFolder(), "debug/sandbox");
  const starts = await measureStarts(
    {
      npm: [process.execPath, "--input-type=module", "--eval", `(${startNpm})(${JSON.stringify([ENTRY, LOGIN])})`],
      cargo: [process.execPath, "--input-type=module", "--eval", `(${startCargo})(${JSON.stringify([program, LOGIN])})`],
      // For comparison: the commands alone, up to the line that says where they listen.
      "npm's command": [process.execPath, join(root, "dist/sandbox/cli.js"), "--port", "0"],
      "cargo's command": [program, "--port", "0"],
      "Node.js alone": [process.execPath, "--eval", "console.log()"],
    },
    9,
  );
  const { fetch, bare, stop } = await measureFetch(9, 2000);
  await stop();
  console.table(Object.fromEntries(Object.entries({ ...starts, "sandbox.fetch": fetch, "Request + Response": bare }).map(([name, ms]) => [name, { ms: Number(ms.toFixed(4)) }])));
  console.log(`start of a test's process to the first answer: ${(starts.npm / starts.cargo).toFixed(2)} times cargo's (at most 1.5)`);
  console.log(`sandbox.fetch: ${(fetch / bare).toFixed(2)} times a bare Request and Response (at most 4)`);
});

/** What a test does that has the npm package's sandbox. */
async function startNpm([entry, path]) {
  const { startSandbox } = await import(entry);
  const sandbox = await startSandbox();
  await (await sandbox.fetch(path)).text();
  console.log();
}

/** What a test does that starts the program. */
async function startCargo([program, path]) {
  const { spawn } = await import("node:child_process");
  const child = spawn(program, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((resolve) => child.stdout.once("data", resolve));
  await (await fetch(String(line).trim().split(" ").at(-1) + path)).text();
  child.kill();
  console.log();
}

/** Medians of the time from a process' start to its first line, in ms, side by side. */
async function measureStarts(commands, rounds) {
  const times = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, [command, ...args]] of Object.entries(commands)) {
      const begin = performance.now();
      const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      (times[name] ??= []).push(performance.now() - begin);
      child.kill();
      await once(child, "close");
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

/** Medians of one call, in ms; each round measures both. */
async function measureFetch(rounds, calls) {
  const { startSandbox } = await import(ENTRY);
  const { url, fetch, stop } = await startSandbox();
  const { access_token: token } = await (await fetch(LOGIN)).json();
  const address = url + MUG;
  const init = { headers: { authorization: `Bearer ${token}` } };
  const text = await (await fetch(address, init)).text();
  const kinds = {
    fetch: () => fetch(address, init),
    bare: async () => [new Request(address, init), new Response(text)],
  };
  const times = { fetch: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, call] of Object.entries(kinds)) {
      const begin = performance.now();
      for (let times = 0; times < calls; times += 1) await call();
      times[name].push((performance.now() - begin) / calls);
    }
  }
  return { fetch: median(times.fetch), bare: median(times.bare), stop };
}
