import { join } from "node:path";
import { createInterface } from "node:readline";

import { run, start, stop } from "./run.mjs";
import { targetFolder } from "./toolchain.mjs";

const greeting = "sandbox listening on ";

export async function buildSandbox(...args) {
  await run("cargo", ["build", "--locked", "--package", "sandbox", ...args]);
}

/**
 * Starts the local stand-in for the platform; port 0 is any free one. `url` is its address, `stop()` ends it, `exited`
 * settles when it has ended.
 */
export async function startSandbox({ port = 0 } = {}) {
  await buildSandbox("--quiet");
  // The program itself and not `cargo run`, which would stay in between.
  const program = join(await targetFolder(), "debug/sandbox");
  const { child, exited } = start(program, ["--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve) => {
    createInterface(child.stdout)
      .on("line", (line) => line.startsWith(greeting) && resolve(line.slice(greeting.length)))
      .on("close", resolve);
  });
  if (!url) throw new Error(`the sandbox did not start (${await exited})`);
  return {
    url,
    exited,
    async stop() {
      stop(child);
      await exited;
    },
  };
}
