import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { root, run, start } from "./run.mjs";

const command = (args) => ["cargo", ["test", "--locked", "--profile", "sim", "--test", "simulator", "--", ...args]];

/** Runs the simulator in its optimised profile, with these arguments for its test harness. */
export function simulate(args, env = {}) {
  return run(...command(args), { env });
}

/** Starts it, and leaves its output to the caller. */
export function startSimulator(args, options) {
  return start(...command(args), options);
}

/** Where the lives are written that the light part of the npm package is held to. */
export const livesFolder = "target/light";

/** Writes them: the files `records`, `spoiled` and `lives`, one value a line. */
export function writeLives() {
  const folder = join(root, livesFolder);
  mkdirSync(folder, { recursive: true });
  return simulate(["--ignored", "--exact", "light::write_lives"], { LIGHT_LIVES: folder });
}
