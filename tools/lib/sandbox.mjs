import { join } from "node:path";
import { createInterface } from "node:readline";

import { run, start, stop } from "./run.mjs";
import { targetFolder } from "./toolchain.mjs";

export async function buildSandbox(...args) {
  await run("cargo", ["build", "--package", "sandbox", ...args]);
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
  const url = await Promise.race([address(child.stdout), exited]);
  if (typeof url !== "string" || !url.startsWith("http")) throw new Error(`the sandbox did not start (${url})`);
  return {
    url,
    exited,
    async stop() {
      stop(child);
      await exited;
    },
  };
}

async function address(stdout) {
  for await (const line of createInterface(stdout)) {
    const [, url] = /^sandbox listening on (\S+)$/.exec(line) ?? [];
    if (url) {
      stdout.resume();
      return url;
    }
  }
}
