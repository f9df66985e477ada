// npm run test:consumers: the packed package in every host of tests/consumers, in development and in production.
// `npm run test:consumers -- vite next` tries those hosts only; `-- --core` what npm test has of the five that most use.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { launchBrowser } from "./lib/browser.mjs";
import { install, packed, tidy } from "./lib/consumers/install.mjs";
import { leftOut } from "./lib/consumers/left-out.mjs";
import { visit } from "./lib/consumers/visit.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";
import { startSandbox } from "./lib/sandbox.mjs";

const folder = join(root, "tests/consumers");

script(async () => {
  const wanted = process.argv.slice(2).filter((it) => it !== "--core");
  const isCore = process.argv.includes("--core");
  const names = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory()).map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no ${unknown.join(", ")}; there are ${names.join(", ")}`);

  if (!isCore) await buildPackage();
  const tarball = await packed();
  const sandbox = await startSandbox();
  const browser = await launchBrowser();
  const summary = [];
  const step = async (host, mode, work) => {
    console.log(`== ${host}, ${mode}`);
    const begin = performance.now();
    const failure = await work().then(() => {}, (error) => error);
    if (failure) console.error(failure.message);
    summary.push({ host, mode, result: failure ? "FAILED" : "ok", seconds: Math.round((performance.now() - begin) / 1000) });
  };
  for (const name of names) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const host = { name, folder: join(folder, name), ...(await import(join(folder, name, "host.mjs"))).default };
    if (isCore && !host.core) continue;
    await step(name, "install", () => install(host, tarball));
    for (const [mode, steps] of Object.entries(host.modes)) {
      if (!isCore || host.core.includes(mode)) await step(name, mode, () => visit(host, steps, { api: sandbox.url, browser }));
    }
    tidy(host, isCore);
  }
  await browser.close();
  await sandbox.stop();
  console.table(summary);
  if (wanted.length === 0 && !isCore) {
    console.log("Not tried:");
    console.table(Object.entries(leftOut).map(([host, why]) => ({ host, why })));
  }
  const seconds = summary.reduce((total, it) => total + it.seconds, 0);
  console.log(`${new Set(summary.map(({ host }) => host)).size} hosts in ${Math.round(seconds / 60)} minutes`);
  if (summary.some(({ result }) => result !== "ok")) throw new Error("the package does not work in every host");
});
