import { createInterface } from "node:readline";

import { aptInstall, find } from "./browser.mjs";
import { freePort } from "./ports.mjs";
import { start, stop } from "./run.mjs";

const programs = ["redis-server"];

/** Redis, from the system's package manager where that needs no password. */
export async function installRedis() {
  if (find(programs)) return;
  await aptInstall(programs);
  if (find(programs)) return;
  throw new Error(
    "The tests of sessions on servers need Redis (redis-server 6 or later) on the PATH. Please install it, for example:\n" +
      "  Debian:  sudo apt-get install redis-server\n" +
      "  Fedora:  sudo dnf install redis\n" +
      "  Arch:    sudo pacman -S redis\n" +
      "  macOS:   brew install redis",
  );
}

/**
 * Starts a Redis of its own, which keeps nothing but what `folder` is given for. `url` is its address, `stop()` ends it, and
 * `start()` starts it once more, at the same address.
 */
export async function startRedis({ folder, args = [] } = {}) {
  await installRedis();
  const port = await freePort(6390);
  const kept = folder ? ["--dir", folder, "--appendonly", "yes", "--appendfsync", "always"] : ["--save", "", "--appendonly", "no"];
  const begin = async () => {
    const all = ["--port", String(port), "--bind", "127.0.0.1", ...kept, ...args];
    const { child, exited } = start(find(programs), all, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => createInterface(child.stdout).on("line", (line) => /Ready to accept/.test(line) && resolve()).on("close", resolve));
    return { child, exited };
  };
  let running = await begin();
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      stop(running.child);
      await running.exited;
    },
    async start() {
      running = await begin();
    },
  };
}
