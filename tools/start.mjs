// npm start: builds the package, starts the sandbox and serves the demo page.

import { buildPackage } from "./lib/package.mjs";
import { freePort } from "./lib/ports.mjs";
import { script } from "./lib/run.mjs";
import { buildSandbox, startSandbox } from "./lib/sandbox.mjs";

script(async () => {
  await buildPackage();
  await buildSandbox();
  // Loaded late: it needs a package that buildPackage may have had to install.
  const { servePage } = await import("./lib/serve.mjs");

  const { PORT = "8080", SANDBOX_PORT = "8787" } = process.env;
  const sandbox = await startSandbox({ port: await freePort(SANDBOX_PORT) });
  const page = await servePage({ apiUrl: sandbox.url, port: PORT });

  console.log(`
  The shop      ${page.url}${instead(page, PORT)}
  The sandbox   ${sandbox.url}${instead(sandbox, SANDBOX_PORT)}

  Ctrl-C ends both.`);

  throw new Error(`the sandbox has ended (${await sandbox.exited})`);
});

function instead({ url }, port) {
  return port === "0" || new URL(url).port === port ? "" : `   (port ${port} is taken)`;
}
