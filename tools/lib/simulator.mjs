import { run, start } from "./run.mjs";

const command = (args) => ["cargo", ["test", "--locked", "--profile", "sim", "--test", "simulator", "--", ...args]];

/** Runs the simulator in its optimised profile, with these arguments for its test harness. */
export function simulate(args, env = {}) {
  return run(...command(args), { env });
}

/** Starts it, and leaves its output to the caller. */
export function startSimulator(args, options) {
  return start(...command(args), options);
}
